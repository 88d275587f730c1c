"""What a case expects of an HTTP API's access log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import Result
from tests.facts.compare import Check, differs, subset
from tests.facts.shortfall import Shortfall


def log_checks(result: Result) -> dict[str, Check]:
    """The checks of the line that a stage with `http_probe.access_log_settings` writes."""
    written = result.access_log
    values: dict[str, Any] = {} if written is None else json.loads(_escaped(written))

    def log(wanted: Mapping[str, Any] | None) -> Iterator[Shortfall]:
        if wanted is None:
            yield from differs("accessLog", None, written)
        else:
            yield from subset("accessLog", wanted, values)

    def equal(names: list[str]) -> Iterator[Shortfall]:
        if len({values.get(name) for name in names}) > 1:
            yield Shortfall("equal", names, values)

    return {
        "accessLog": log,
        "accessLogEvents": lambda wanted: differs("events", wanted, int(written is not None)),
        "equal": equal,
    }


def _escaped(line: str) -> str:
    """Our own format quotes every value; `error.messageString` has quotes of its own."""
    return re.sub(r':""([^"]*)""', r':"\1"', line)

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
    """The checks of the line that a stage with `http_probe.access_log_settings`, or a case's own
    format, writes.
    """
    written = result.access_log

    def log(wanted: Mapping[str, Any] | str | None) -> Iterator[Shortfall]:
        if isinstance(wanted, Mapping):
            yield from subset("accessLog", wanted, _values(written))
        else:
            yield from differs("accessLog", wanted, written)

    def equal(names: list[str]) -> Iterator[Shortfall]:
        values = _values(written)
        if len({values.get(name) for name in names}) > 1:
            yield Shortfall("equal", names, values)

    return {
        "accessLog": log,
        "accessLogEvents": lambda wanted: differs("events", wanted, int(written is not None)),
        "equal": equal,
    }


def _values(written: str | None) -> dict[str, Any]:
    return {} if written is None else json.loads(_escaped(written))


def _escaped(line: str) -> str:
    """Our own format quotes every value; `error.messageString` has quotes of its own."""
    return re.sub(r':""([^"]*)""', r':"\1"', line)

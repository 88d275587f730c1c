"""Runs cases of recorded truth. A case that cannot be run is a failed case, with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.facts import (
    authorizers,
    deployed,
    events,
    exports,
    http_apis,
    http_authorizers,
    imports,
    invocations,
    metrics,
    payloads,
    policies,
    signatures,
    sockets,
    tables,
    templates,
)
from tests.facts.shortfall import Shortfall

Case = Mapping[str, Any]

_KINDS: Mapping[str | None, Callable[[Case], Iterator[Shortfall]]] = {
    None: deployed.run,
    "authorizer": authorizers.run,
    "event": events.run,
    "http-api": http_apis.run,
    "jwt": http_authorizers.run,
    "lambda_v2_event": payloads.run,
    "lambda_v2_response": payloads.run,
    "metrics": metrics.run,
    "policy": policies.run,
    "sigv4": signatures.run,
    "websocket": sockets.run,
    "test_invoke": invocations.run,
    "template": templates.run,
    "gateway_response_table": tables.run,
    "import": imports.run,
    "export": exports.run,
}


def read(paths: Iterable[Path]) -> list[Case]:
    """The cases of several files, one JSON object a line."""
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def run(case: Case) -> list[Shortfall]:
    """What the case expects and the gateway does not do; empty for a case that passes."""
    kind = _KINDS.get(case.get("kind"))
    if kind is None:
        return [Shortfall("kind", "one that this runner knows", case.get("kind"))]
    try:
        return list(kind(case))
    except Exception as error:  # noqa: BLE001  a crash is a failed case, the others go on
        return [Shortfall("run", "an answer", f"{type(error).__name__}: {error}")]

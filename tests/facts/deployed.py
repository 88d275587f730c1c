"""Cases that call a deployed API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import Canary, Gateway
from tests.facts import plans
from tests.facts.backend import HttpBackend, bytes_of, fields_of
from tests.facts.compare import body_checks, checks, differs, header_checks
from tests.facts.function import Function
from tests.facts.shortfall import Shortfall, unknown

KNOWN = {
    "id", "theme", "kind", "source", "recorded", "evidence", "validated", "note",
    "api", "stage", "stageVariables", "request", "backend", "expect", "apiKeys", "canary",
}  # fmt: skip

OF_REQUEST = {"method", "path", "raw_target", "headers", "body", "body_b64"}
OF_CANARY = {"percentTraffic", "stageVariableOverrides", "api"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the case's request and judge answer and backend."""
    yield from (unknown(key) for key in case if key not in KNOWN)
    canary = case.get("canary") or {}
    yield from (unknown(f"canary.{key}") for key in canary if key not in OF_CANARY)
    backend = backend_of(case)
    yield from backend.unknown_keys()
    gateway = Gateway(
        case["api"],
        stage=case.get("stage"),
        variables=case.get("stageVariables"),
        backend=backend if isinstance(backend, HttpBackend) else None,
        function=backend if isinstance(backend, Function) else None,
        canary=_canary(case.get("canary")),
        api_type="rest",
        **plans.options(case),
    )
    asked = case["request"]
    yield from (unknown(f"request.{key}") for key in asked if key not in OF_REQUEST)
    result = gateway.request(
        asked["method"],
        asked.get("path", "/"),
        headers=fields_of(asked.get("headers")),
        body=bytes_of(asked),
        raw_target=asked.get("raw_target"),
    )

    def called(wanted: bool) -> Iterator[Shortfall]:
        return differs("backend called", wanted, bool(backend.calls))

    yield from checks(
        case["expect"],
        {
            "status": lambda wanted: differs("status", wanted, result.status),
            "backend_called": called,
            "backend_saw": lambda wanted: backend.judge(wanted, gateway.api.host),
            **header_checks(result.headers),
            **body_checks(result.body),
        },
    )


def _canary(given: Mapping[str, Any] | None) -> Canary | None:
    if given is None:
        return None
    variables = given.get("stageVariableOverrides", {})
    return Canary(given.get("percentTraffic", 0), given.get("api"), variables)


def backend_of(case: Mapping[str, Any]) -> HttpBackend | Function:
    """What the integration of a case meets."""
    given = case.get("backend") or {}
    if given.get("kind") == "lambda":
        return Function(given, proxied='"aws_proxy"' in json.dumps(case["api"]).lower())
    return HttpBackend(given)

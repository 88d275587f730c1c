"""What the stages of a request are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inspector.gateway.trace import Step

#: What a phase strip calls each stage.
SHORT_NAMES: Mapping[str, str] = {
    "gateway": "gateway",
    "mutual-tls": "tls",
    "resolve": "stage",
    "cors": "cors",
    "draw": "canary",
    "route": "route",
    "admit": "policy",
    "authorize": "auth",
    "meter": "limits",
    "validate": "valid",
    "cache": "cache",
    "map-request": "map",
    "integrate": "backend",
    "map-response": "map back",
    "stream": "stream",
    "send": "answer",
}

#: Amazon's own word for what a stage does.
TITLES: Mapping[str, str] = {
    "gateway": "Gateway",
    "mutual-tls": "Client certificate",
    "resolve": "API and stage",
    "cors": "CORS",
    "draw": "Canary",
    "route": "Method",
    "admit": "Resource policy",
    "authorize": "Authorizer",
    "meter": "API key and limits",
    "validate": "Method request",
    "cache": "Response cache",
    "map-request": "Integration request",
    "integrate": "Integration",
    "map-response": "Integration response",
    "stream": "Response stream",
    "send": "Method response",
}

#: What HTTP APIs call them: they have routes instead of methods, and no keys.
HTTP_TITLES: Mapping[str, str] = {
    **TITLES,
    "route": "Route",
    "meter": "Throttle",
    "send": "Response",
}

#: Steps that only HTTP APIs leave; each of their requests that found its stage leaves one.
_OF_HTTP = frozenset(
    {"route.found", "route.no-route", "route.not-deployed", "resolve.no-default-stage",
     "cors.preflight", "cors.preflight-not-allowed"}
)  # fmt: skip


def titles_of(trace: Iterable[Step]) -> Mapping[str, str]:
    """Amazon's own word for what each stage does, in the kind of API that left this trace."""
    return HTTP_TITLES if any(step.code in _OF_HTTP for step in trace) else TITLES

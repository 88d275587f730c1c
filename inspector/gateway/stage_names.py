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
    "manage": "connection",
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

#: What WebSocket APIs call them.
SOCKET_TITLES: Mapping[str, str] = {
    **TITLES,
    "route": "Route",
    "validate": "Message model",
    "manage": "Connection",
    "send": "To the client",
}

#: Steps that only HTTP APIs leave; each of their requests that found its stage leaves one.
_OF_HTTP = frozenset(
    {"route.found", "route.no-route", "route.not-deployed", "resolve.no-default-stage",
     "cors.preflight", "cors.preflight-not-allowed"}
)  # fmt: skip


#: What steps begin with that only WebSocket APIs leave; each of their events leaves one.
_OF_SOCKETS = (
    "route.socket-", "resolve.management", "resolve.no-management", "resolve.no-stage",
    "resolve.socket-", "send.socket-", "send.error-frame",
)  # fmt: skip


def titles_of(trace: Iterable[Step]) -> Mapping[str, str]:
    """Amazon's own word for what each stage does, in the kind of API that left this trace."""
    for step in trace:
        if step.code in _OF_HTTP:
            return HTTP_TITLES
        if step.code.startswith(_OF_SOCKETS):
            return SOCKET_TITLES
    return TITLES

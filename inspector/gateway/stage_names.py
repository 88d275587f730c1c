"""What the stages of a request are called."""

from __future__ import annotations

from collections.abc import Mapping

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
    "meter": "quota",
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

#: What HTTP APIs, which have no methods, do at that stage.
_ROUTE = frozenset({"route.found", "route.no-route", "route.not-deployed"})


def title(step: Step) -> str:
    """Amazon's own word for what the stage of a step does."""
    return "Route" if step.code in _ROUTE else TITLES.get(step.stage, step.stage)

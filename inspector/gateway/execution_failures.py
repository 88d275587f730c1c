"""How an execution log calls what is broken in a definition or in what an integration answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from inspector.gateway.trace import Fact, Step

CONFIGURATION: Final = "Execution failed due to configuration error: "

#: Configuration errors by the step that found them (facts 259 and 265; the last six are pasted by
#: users in many places, of a template that breaks or is given bytes and of a body to be decoded;
#: permissions: logs-and-metrics.md, section 1).
_FAILURES: Mapping[str, Callable[[Mapping[str, Fact]], str]] = {
    "map-request.invalid-endpoint": lambda _: "Invalid endpoint address",
    "map-request.forbidden-header": lambda facts: f"{facts['header']} header already present",
    "map-request.mock-status": lambda _: (
        "Unable to parse statusCode. It should be an integer that is defined in the request "
        "template."
    ),
    "map-response.malformed": lambda _: "Malformed Lambda proxy response",
    "map-response.no-match": lambda facts: (
        "No match for output mapping and no default output mapping configured. "
        f"Endpoint Response Status Code: {facts['status']}"
    ),
    "map-request.template-failed": lambda _: "Unable to transform request",
    "map-request.template-on-bytes": lambda _: "Unable to transform request",
    "map-request.not-base64": lambda _: "Unable to base64 decode the body.",
    "map-response.template-failed": lambda _: "Unable to transform response",
    "map-response.template-on-bytes": lambda _: "Unable to transform response",
    "map-response.not-base64": lambda _: "Unable to base64 decode the body.",
    **dict.fromkeys(
        (
            "integrate.no-permission",
            "integrate.permission-elsewhere",
            "integrate.role-lacks",
            "integrate.role-denied",
            "integrate.caller-denied",
        ),
        lambda _: "Invalid permissions on Lambda function",
    ),
    "integrate.role-not-trusting": lambda facts: (
        f"API Gateway does not have permission to assume the provided role {facts['role']}"
    ),
}


def failure_of(step: Step) -> str | None:
    """The error that a step found, in Amazon's words; None for what has other words."""
    word = _FAILURES.get(step.code)
    return None if word is None else CONFIGURATION + word(step.facts)

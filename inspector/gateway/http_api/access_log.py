"""The line that a stage of an HTTP API writes of a request into its access log.

Sources: logs-and-metrics.md, sections 3 and 4 (formats and variables); captures-2026.md, section 4
(recorded values: what is unavailable is `-`, `requestTimeEpoch` is in seconds, a function's own
status beside Lambda's; a request that no route matches writes nothing); for braces, and the quotes
about what is absent in `error.messageString`, radkawar/stackd, whose tests replay a capture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from inspector.gateway.effects import BackendAnswer, FunctionAnswer, Reply, StreamEnded
from inspector.gateway.http_api import context
from inspector.gateway.http_api.results import Prepared, inner, matched_of
from inspector.gateway.log_format import ABSENT, render
from inspector.gateway.told import Told
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import access_log as of_sockets

_IN_FORMAT = re.compile(r"\$context\.([\w.:|-]*)|\$\{context\.([^}]*)\}")
_ERRORS = "The following errors are found in Access Log Format: "
_EITHER = "$context.requestId or $context.extendedRequestId"
#: Every variable that may stand in a format; a star stands for any ending.
VARIABLES = (
    "accountId", "apiId", "authorizer.*", "awsEndpointRequestId", "awsEndpointRequestId2",
    "customDomain.basePathMatched", "dataProcessed", "domainName", "domainPrefix", "error.message",
    "error.messageString", "error.responseType", "extendedRequestId", "httpMethod",
    "identity.accountId", "identity.caller", "identity.cognitoAuthenticationProvider",
    "identity.cognitoAuthenticationType", "identity.cognitoIdentityId",
    "identity.cognitoIdentityPoolId", "identity.principalOrgId", "identity.clientCert.*",
    "identity.sourceIp", "identity.user", "identity.userAgent", "identity.userArn",
    "integration.error", "integration.integrationStatus", "integration.latency",
    "integration.requestId", "integration.status", "integrationErrorMessage", "integrationLatency",
    "integrationStatus", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch",
    "resourcePath", "responseLatency", "responseLength", "routeKey", "stage", "status",
)  # fmt: skip


def line(told: Told, duration_ms: int) -> str | None:
    """The line for one exchange, None where the stage keeps no log or no route was matched.

    Of a WebSocket's event, the line of its API's stage.
    """
    if told.is_of_socket:
        return of_sockets.line(told)
    matched = matched_of(told.http_result)
    if matched is None:
        return None
    declared = matched.staged.deployment.stage.access_log
    if declared is None or declared.format is None:
        return None
    return render(declared.format, values(told, duration_ms))


def complaint(template: str) -> str | None:
    """Amazon's refusal of a format (captures-2026.md, section 4), None for a good one."""
    if "\n" in template or "\r" in template:
        return f"{_ERRORS}Access Log format must be single line: '{template}'"
    wrong = unknown(template)
    if wrong:
        return f"The following context variables are not supported: [{', '.join(wrong)}]"
    if not {"requestId", "extendedRequestId"} & set(_variables(template).values()):
        return f"{_ERRORS}Access Log format must include either {_EITHER} : '{template}'"
    return None


def unknown(template: str) -> list[str]:
    """The variables of a format that HTTP APIs do not have, as written."""
    return [
        text
        for text, name in _variables(template).items()
        if not any(_fits(known, name) for known in VARIABLES)
    ]


def _variables(template: str) -> dict[str, str]:
    return {each[0]: each[1] or each[2] for each in _IN_FORMAT.finditer(template)}


def _fits(known: str, name: str) -> bool:
    return name.startswith(known[:-1]) if known.endswith("*") else name == known


def values(told: Told, duration_ms: int) -> dict[str, object]:
    """All variables of one exchange, by their path."""
    matched = matched_of(told.http_result)
    known = {} if matched is None else context.of_matched(matched)
    known["requestTimeEpoch"] = told.environment.time_ms // 1000
    response = told.answer.response
    known |= {
        "status": response.status,
        "responseLength": _length(told),
        "responseLatency": duration_ms,
        "error": _error(told),
        **_integration(told),
    }
    refused = _fact(told, "access_log_error")
    if refused is not None:
        authorizer = known.get("authorizer")
        members = authorizer if isinstance(authorizer, dict) else {}
        known["authorizer"] = {**members, "error": refused}
    return known


def _length(told: Told) -> int:
    """Bytes of the answer's body, also of one that went by."""
    for _, reply, _ in told.performed[-1:]:
        if isinstance(reply, StreamEnded):
            return reply.size
    return len(told.answer.response.body)


def _error(told: Told) -> dict[str, object]:
    """What the gateway itself said, nothing where the integration answered."""
    step = told.answer.trace[-1]
    message = step.facts.get("message")
    if told.answer.response_type is None or message is None:
        return {"messageString": json.dumps(ABSENT)}
    return {
        "message": message,
        "messageString": json.dumps(message),
        "responseType": told.answer.response_type,
    }


def _integration(told: Told) -> dict[str, object]:
    prepared = inner(told.http_result)
    error = _fact(told, "integration_error")
    found: dict[str, object] = {"integration": {"error": error}, "integrationErrorMessage": error}
    if not isinstance(prepared, Prepared):
        return found
    asked = [each for each in told.performed if each[0].key == prepared.effect.key]
    if not asked:
        return found
    _, reply, taken_ms = asked[-1]
    request_id = _request_id(reply)
    status, own = _status_of_service(reply), _status(told, reply)
    return {
        "integration": {
            "error": error,
            "integrationStatus": status,
            "latency": taken_ms,
            "requestId": request_id,
            "status": own,
        },
        "integrationErrorMessage": error,
        "integrationLatency": taken_ms,
        "integrationStatus": status,
        "awsEndpointRequestId": request_id,
        "awsEndpointRequestId2": _header(reply, "x-amz-id-2"),
        "dataProcessed": _size(reply, told),
    }


def _status_of_service(reply: Reply) -> int | None:
    """The status of Lambda itself, or of whoever was asked."""
    if isinstance(reply, FunctionAnswer):
        return 200
    return reply.status if isinstance(reply, BackendAnswer) else None


def _status(told: Told, reply: Reply) -> object:
    """The status that a function's code returned (500 where it failed), or a backend's."""
    if isinstance(reply, FunctionAnswer):
        step = _step(told, "map-response")
        return 500 if step is None or step.outcome == "failed" else step.facts.get("status")
    return reply.status if isinstance(reply, BackendAnswer) else None


def _request_id(reply: Reply) -> str | None:
    if isinstance(reply, FunctionAnswer):
        return reply.request_id or None
    return _header(reply, "x-amzn-requestid") or _header(reply, "x-amz-request-id")


def _header(reply: Reply, name: str) -> str | None:
    return reply.headers.get(name) if isinstance(reply, BackendAnswer) else None


def _size(reply: Reply, told: Told) -> int:
    """Bytes of a function's whole answer (recorded), of any other one its body's."""
    return len(reply.payload) if isinstance(reply, FunctionAnswer) else _length(told)


def _step(told: Told, stage: str) -> Step | None:
    return next((step for step in told.answer.trace if step.stage == stage), None)


def _fact(told: Told, name: str) -> Fact:
    facts: list[Mapping[str, Fact]] = [step.facts for step in told.answer.trace]
    return next((each[name] for each in facts if name in each), None)

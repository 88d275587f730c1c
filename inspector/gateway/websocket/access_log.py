"""The line that a stage of a WebSocket API writes of an event into its access log.

Source: radkawar/stackd testdata/aws/apigateway/rest_websocket_logs.json (recorded in 2026): which
variables have values, at CONNECT, MESSAGE and DISCONNECT and for calls of `@connections` (whose
`eventType` is CONNECTION_API); an accepted handshake is 200, not 101; of the integration there is
`integrationLatency` alone; at 410 there is no error. Not recorded: a message that no route takes,
which writes a line here as other refusals do.
"""

from __future__ import annotations

import json

from inspector.gateway.context import request_time
from inspector.gateway.log_format import ABSENT, render
from inspector.gateway.told import Told
from inspector.gateway.websocket import context
from inspector.gateway.websocket.results import (
    Answered,
    Joined,
    Managed,
    Mapped,
    Prepared,
    chosen_of,
    deployment_of,
)


def line(told: Told) -> str | None:
    """The line for one exchange, None where the stage keeps no log or no stage was found."""
    deployment = deployment_of(told.socket_result)
    declared = None if deployment is None else deployment.stage.access_log
    if declared is None or declared.format is None:
        return None
    return render(declared.format, values(told))


def values(told: Told) -> dict[str, object]:
    """All variables of one exchange, by their path."""
    result, status = told.socket_result, told.answer.response.status
    if isinstance(result, Managed):
        known = _of_call(told, result)
    else:
        chosen = chosen_of(result)
        joined = result if isinstance(result, Joined) else chosen.joined if chosen else None
        known = {} if joined is None else context.of_joined(joined)
        if chosen is not None:
            known = context.of_chosen(chosen)
    latency = integration_ms(told)
    if latency is not None:
        known["integrationLatency"] = latency
    return known | {"status": 200 if status == 101 else status, "error": _error(told)}


def integration_ms(told: Told) -> int | None:
    """How long the integration took, None where it was not asked."""
    result = told.socket_result
    if isinstance(result, Managed):
        return 0
    if isinstance(result, Mapped):
        result = result.answered
    if isinstance(result, Answered):
        result = result.prepared
    if not isinstance(result, Prepared) or result.effect is None:
        return None
    asked = [each[2] for each in told.performed if each[0].key == result.effect.key]
    return asked[-1] if asked else None


def _of_call(told: Told, managed: Managed) -> dict[str, object]:
    environment = told.environment
    identity: dict[str, object] = {"sourceIp": environment.caller.source_ip}
    agent = told.request.headers.get("user-agent")
    if agent is not None:
        identity["userAgent"] = agent
    for step in told.answer.trace:
        caller = step.facts.get("caller")
        if step.stage == "authorize" and isinstance(caller, str):
            identity["userArn"] = caller
            identity["accountId"] = caller.split(":")[4] if caller.count(":") > 4 else None
    return {
        "routeKey": f"{managed.request.method} /@connections/{{connectionId}}",
        "eventType": "CONNECTION_API",
        "requestId": environment.request_id,
        "extendedRequestId": environment.extended_request_id,
        "requestTime": request_time(environment.time_ms),
        "requestTimeEpoch": environment.time_ms,
        "stage": managed.deployment.stage.name,
        "apiId": managed.deployment.api.id,
        "domainName": managed.request.host or managed.deployment.api.host,
        "connectionId": managed.connection_id,
        "identity": identity,
    }


def _error(told: Told) -> dict[str, object]:
    """What the gateway itself said, nothing where the integration answered."""
    message = told.answer.trace[-1].facts.get("message") if told.answer.trace else None
    kind = told.answer.response_type
    if kind is None or message is None:
        return {"messageString": json.dumps(ABSENT)}
    validation = next(
        (each.facts["validation_error"] for each in told.answer.trace
         if "validation_error" in each.facts), None,
    )  # fmt: skip
    return {
        "message": message,
        "messageString": json.dumps(message),
        "responseType": kind,
        "validationErrorString": validation,
    }

"""Amazon's execution log of a WebSocket API's events.

Source: radkawar/stackd testdata/aws/apigateway/rest_websocket_logs.json (recorded in 2026): all lines
of CONNECT, MESSAGE and DISCONNECT with and without data trace, a crashed message's among them; for
calls of `@connections`, and a `$disconnect` without integration, its emulator's
(internal/services/apigatewaywebsocket/logs.go). `Gateway response type: …` is pasted by users
(logs-and-metrics.md, section 1). Ours: what an event says that found no route or was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inspector.gateway import authorizer_log, narration
from inspector.gateway.effects import InvokeFunction
from inspector.gateway.execution_failures import failure_of
from inspector.gateway.told import Told
from inspector.gateway.websocket import event
from inspector.gateway.websocket.arns import called_by_authorizer, route_arn
from inspector.gateway.websocket.results import Chosen, Managed, chosen_of
from inspector.message import Field

#: What is left without data trace, beside what REST APIs log.
_WITHOUT_TRACE = (
    "WebSocket Request Route", "Client [", "Message from client", "Connection API",
    "Gateway response type", "WebSocket API [",
)  # fmt: skip
#: The lines on what went to the integration and what came back; on an authorizer's call.
Endpoint = Callable[[Told], Iterator[str]]
Invoked = Callable[[InvokeFunction, list[Field]], Iterator[str]]


def is_untraced(told: Told, line: str) -> bool:
    """Whether a line of an event is written without data trace: not where it holds the message."""
    return told.is_of_socket and line.startswith(_WITHOUT_TRACE) and "]. Message: [" not in line


def events(told: Told, endpoint: Endpoint, invoked: Invoked, request_id: Endpoint) -> Iterator[str]:
    """The events of one exchange; the callables write what all kinds of APIs log."""
    yield f"Extended Request Id: {told.environment.extended_request_id}"
    result = told.socket_result
    if isinstance(result, Managed):
        yield from _managed(told, result)
        return
    chosen = chosen_of(result)
    if chosen is None:
        yield from _failed(told)
        return
    yield from authorizer_log.events(told, lambda effect: invoked(effect, _as_authorizer(chosen)))
    if told.answer.stopped_at == "authorize":
        yield from _gateway_response(told)
        return
    yield from _usage_plan(told, chosen)
    if told.answer.stopped_at == "meter":
        yield from _gateway_response(told)
        return
    yield from _request(told, chosen)
    yield from endpoint(told)
    yield from _failed(told)
    yield from request_id(told)
    yield from _end(told, chosen)


def source_arn(told: Told) -> str | None:
    """Under which ARN the integration's function is called."""
    chosen = chosen_of(told.socket_result)
    return None if chosen is None else route_arn(chosen)


def _as_authorizer(chosen: Chosen) -> list[Field]:
    plan, api = chosen.plan, chosen.joined.deployment.api
    name = "" if plan is None else plan.route.authorizer or ""
    return [("X-Amz-Source-Arn", called_by_authorizer(api, name))]


def _usage_plan(told: Told, chosen: Chosen) -> Iterator[str]:
    place = f"{told.answer.api_id}/{told.answer.stage}"
    key = chosen.access.api_key
    shown = "" if key is None else authorizer_log.masked(key)
    request_id = told.environment.extended_request_id
    yield f"Verifying Usage Plan for request: {request_id}. API Key: {shown} API Stage: {place}"
    required = chosen.plan is not None and chosen.plan.route.api_key_required
    if told.answer.stopped_at == "meter":
        step = next(each for each in told.answer.trace if each.stage == "meter")
        yield f"API Key {shown} not authorized because {narration.describe(step)}"
        return
    if not required:
        yield (
            f"API Key {shown} authorized because route '{chosen.key}' does not require API Key. "
            "Request will not contribute to throttle or quota limits"
        )
    yield f"Usage Plan check succeeded for API Key {shown} and API Stage {place}"


def _request(told: Told, chosen: Chosen) -> Iterator[str]:
    api, socket = told.answer.api_id, chosen.joined.socket
    yield f"Starting execution for request: {told.environment.extended_request_id}"
    yield f"WebSocket Request Route: [{chosen.key}]"
    if socket.event == "CONNECT":
        agent = told.request.headers.get("user-agent") or ""
        ip = told.environment.caller.source_ip
        yield (
            f"Client [UserAgent: {agent}, SourceIp: {ip}] is connecting to WebSocket API [{api}]."
        )
    elif socket.event == "MESSAGE":
        yield f"WebSocket API [{api}] received message from client [Connection Id: {socket.id}]."
        text = event.payload(chosen).decode("utf-8", "replace")
        yield f"WebSocket API [{api}] received message from client [{socket.id}]. Message: [{text}]."


def _failed(told: Told) -> Iterator[str]:
    """What the log says of a breakdown; that of a function is said where its answer is."""
    for step in told.answer.trace:
        if step.outcome not in ("refused", "failed") or step.code in _SAID_BEFORE:
            continue
        if step.stage == "integrate" and not step.code.startswith(_UNGRANTED):
            return
        yield failure_of(step) or f"Execution failed: {narration.describe(step)}"


_SAID_BEFORE = frozenset({"map-response.function-error", "send.not-connected"})
_UNGRANTED = (
    "integrate.no-permission", "integrate.permission-elsewhere", "integrate.role-",
    "integrate.caller-",
)  # fmt: skip


def _gateway_response(told: Told) -> Iterator[str]:
    kind, status = told.answer.response_type, told.answer.response.status
    yield f"Gateway response type: {kind} with status code: {status}"


def _end(told: Told, chosen: Chosen) -> Iterator[str]:
    socket, api, status = chosen.joined.socket, told.answer.api_id, told.answer.response.status
    asked = chosen.plan is not None and chosen.plan.integration is not None
    if socket.event == "CONNECT":
        if status == 101:
            yield f"Client [Connection Id: {socket.id}] connected to API [{api}] successfully."
        elif told.answer.response_type is not None:
            yield from _gateway_response(told)
    elif socket.event == "MESSAGE":
        if asked:
            yield (
                f"Message from client [Connection Id: {socket.id}] sent to API [{api}] with "
                f"response status code [{status}]."
            )
    else:
        with_status = f" with integration response status code [{status}]" if asked else ""
        yield (
            f"Client [Connection Id: {socket.id}] disconnected from API [{api}]{with_status}. "
            f"Close reason: [{socket.close_code}: {socket.close_reason}]"
        )


def _managed(told: Told, managed: Managed) -> Iterator[str]:
    status = told.answer.response.status
    yield f"Starting execution for request: {told.environment.request_id}"
    yield f"WebSocket Request Route: [{managed.request.method} /@connections/{{connectionId}}]"
    if status >= 400:
        error = told.answer.response.headers.get("x-amzn-errortype") or ""
        yield f"Connection API request failed: {error}"
    yield f"Connection API request completed with status: {status}"

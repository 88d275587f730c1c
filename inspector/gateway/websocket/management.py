"""The answers of `@connections`, headers and bodies.

Sources: websocket.md, section 6 (recorded: websocket_management, 2026: 200, 204, 400, 403, 410).
`posted` and `too_large` follow the API reference and the others' form.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from inspector.gateway.connection_effects import ConnectionState
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.stages.send import date
from inspector.message import Field, Headers, Response


def described(state: ConnectionState, environment: Environment) -> Response:
    """What is known of an open connection, with blanks where Amazon has them."""
    identity: dict[str, str] = {"sourceIp": state.source_ip}
    if state.user_agent is not None:
        identity["userAgent"] = state.user_agent
    members = {
        "identity": identity,
        "connectedAt": _moment(state.connected_ms),
        "lastActiveAt": _moment(state.last_active_ms),
    }
    text = json.dumps(members, indent=2, separators=(",", " : "), ensure_ascii=False)
    return _answer(200, text.encode("utf-8", "surrogatepass"), environment)


def posted(environment: Environment) -> Response:
    """A message went out."""
    return _answer(200, b"", environment)


def deleted(environment: Environment) -> Response:
    """A connection is closed; there is no body, and no length of one."""
    answer = _answer(204, b"", environment)
    return Response(204, answer.headers.without("content-length"))


def gone(environment: Environment) -> Response:
    """The connection was there, and is no more."""
    return _answer(410, b"", environment, "GoneException")


def invalid(connection_id: str, environment: Environment) -> Response:
    """No such id was ever given."""
    said = _said("message", f"Invalid connectionId: {connection_id}")
    return _answer(400, said, environment, "BadRequestException")


def denied(sentence: str, environment: Environment) -> Response:
    """The caller's policies do not allow it."""
    return _answer(403, _said("Message", sentence), environment, "AccessDeniedException")


def not_signed(error_type: str, message: str, environment: Environment) -> Response:
    """The signature is missing, or not good."""
    return _answer(403, _said("message", message), environment, error_type)


def no_route(path: str, method: str, environment: Environment) -> Response:
    """The stage has no such path, or not by this method."""
    route = path.removeprefix("/")
    said = _said("message", f"No method found matching route {route} for http method {method}.")
    return _answer(404, said, environment, "NotFoundException")


def forbidden(environment: Environment) -> Response:
    """No stage is called so, or nothing but it."""
    return _answer(403, _said("message", "Forbidden"), environment, "ForbiddenException")


def too_large(environment: Environment) -> Response:
    """A message of more than 128 KB."""
    said = _said("message", "Payload too large")
    return _answer(413, said, environment, "PayloadTooLargeException")


def broken_down(environment: Environment) -> Response:
    """The gateway itself broke, said as REST APIs say it."""
    said = b'{"message": "Internal server error"}'
    return _answer(500, said, environment, "InternalServerErrorException")


def _answer(
    status: int, body: bytes, environment: Environment, error_type: str | None = None
) -> Response:
    fields: list[Field] = [
        ("Date", date(environment.time_ms // 1000)),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", environment.request_id),
    ]
    if error_type is not None:
        fields.append(("x-amzn-ErrorType", error_type))
    fields.append(("x-amz-apigw-id", environment.extended_request_id))
    fields.append(("X-Amzn-Trace-Id", f"Root={environment.trace_id}"))
    return Response(status, Headers(tuple(fields)), body)


def _said(key: str, message: str) -> bytes:
    text = json.dumps({key: message}, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _moment(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"

"""An exchange as JSON values, for `--json`."""

from __future__ import annotations

import base64
import json
from typing import Any

from inspector.gateway import narration, trace
from inspector.gateway.effects import (
    BackendAnswer,
    BackendStream,
    CallBackend,
    CallService,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
    StreamEnded,
)
from inspector.gateway.environment import Socket
from inspector.message import Headers
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.rows import connection_of
from inspector.replay.invocations import end_of


def as_data(exchange: Exchange) -> dict[str, Any]:
    """Everything a script may want of it; bodies are text, or base64 where they are not UTF-8."""
    request, response = exchange.request, exchange.response
    return {
        "started_us": exchange.started_us,
        "duration_us": exchange.duration_us,
        "outcome": exchange.outcome,
        "origin": exchange.origin,
        "host": exchange.host,
        "api_id": exchange.api_id,
        "stage": exchange.stage,
        "resource": exchange.resource,
        "stopped_at": exchange.stopped_at,
        "response_type": exchange.response_type,
        "error": exchange.error,
        "connection": connection_of(exchange),
        "socket": _socket(exchange.environment.socket),
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": _fields(request.headers),
            **_body(request.body, exchange.request_size),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": _fields(response.headers),
            **_body(response.body, exchange.response_size),
        },
        "backend": [_leg(each) for each in exchange.performed if _is_call(each)],
        "functions": [
            _invocation(each, exchange)
            for each in exchange.performed
            if isinstance(each.effect, InvokeFunction)
        ],
        "steps": [_step(step) for step in exchange.trace],
    }


def _socket(socket: Socket | None) -> dict[str, Any] | None:
    """The WebSocket that it is an event of, as it stood then."""
    if socket is None:
        return None
    return {
        "event": socket.event,
        "stage": socket.stage,
        "connected_ms": socket.connected_ms,
        "message_id": socket.message_id,
        "close_code": socket.close_code,
        "close_reason": socket.close_reason,
        "authorizer": dict(socket.authorizer),
    }


def _is_call(performed: Performed) -> bool:
    return isinstance(performed.effect, CallBackend | CallService)


def _leg(performed: Performed) -> dict[str, Any]:
    effect, reply = performed.effect, performed.reply
    assert isinstance(effect, CallBackend | CallService)
    leg: dict[str, Any] = {
        **_service(effect),
        "method": effect.request.method,
        "url": effect.request.url,
        "headers": _fields(effect.request.headers),
        **_body(effect.request.body, len(effect.request.body)),
        "started_us": performed.started_us,
        "ended_us": performed.ended_us,
    }
    if isinstance(reply, BackendAnswer | BackendStream):
        leg["answer"] = {"status": reply.status, "headers": _fields(reply.headers)}
        if isinstance(reply, BackendAnswer):
            leg["answer"] |= _body(reply.body, len(reply.body))
    else:
        leg["failure"] = _failure(reply)
    return leg


def _invocation(performed: Performed, exchange: Exchange) -> dict[str, Any]:
    """One invocation; `event` and `answer` are JSON values where they are JSON."""
    effect, reply = performed.effect, performed.reply
    assert isinstance(effect, InvokeFunction)
    found: dict[str, Any] = {
        "name": effect.name,
        "function": effect.function,
        "event": _value(effect.payload),
        "started_us": performed.started_us,
        "ended_us": performed.ended_us,
    }
    if isinstance(reply, FunctionAnswer):
        found |= {"answer": _value(reply.payload), "error": reply.error}
        found |= {"request_id": reply.request_id, "log": reply.log, "init_ms": reply.init_ms}
    elif isinstance(reply, FunctionStream):
        ended = end_of(performed, exchange) or StreamEnded(0, b"")
        found |= {"head": _value(reply.prelude), "error": ended.error}
        found |= {"request_id": reply.request_id, "log": ended.log}
    else:
        found |= {"failure": _failure(reply), "log": getattr(reply, "log", "")}
    return found


def _value(payload: bytes) -> Any:
    try:
        return json.loads(payload) if payload else None
    except ValueError:
        return payload.decode("utf-8", "replace")


def _failure(reply: Reply) -> dict[str, str]:
    return {"kind": getattr(reply, "kind", "other"), "detail": getattr(reply, "detail", "")}


def _service(effect: CallBackend | CallService) -> dict[str, Any]:
    if isinstance(effect, CallBackend):
        return {}
    return {"service": effect.service, "region": effect.region, "action": effect.action}


def _step(step: trace.Step) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "outcome": step.outcome,
        "code": step.code,
        "text": narration.describe(step),
        "remedy": narration.remedy(step),
        "facts": dict(step.facts),
        "source": None if step.source is None else str(step.source),
        "pointer": None if step.source is None else step.source.pointer,
    }


def _fields(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _body(body: bytes, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"size": size}
    try:
        found["body"] = body.decode("utf-8")
    except UnicodeDecodeError:
        found["body_base64"] = base64.b64encode(body).decode("ascii")
    return found

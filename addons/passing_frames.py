"""The WebSockets of hosts that we hold no definition for: their messages as they pass, both ways.

Each message is an exchange: what the client sent is its request's body, what the server sent its
response's, under the 101 of the handshake. All of a connection share the flow's id.
"""

from __future__ import annotations

import time
from dataclasses import replace

from mitmproxy import http, websocket

from addons.flows import host_of
from inspector import __version__
from inspector.gateway.environment import Environment, Socket
from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Exchange

_SWITCHED = 101


def joined(flow: http.HTTPFlow, environment: Environment) -> Environment:
    """The circumstances of a handshake that was accepted."""
    return replace(environment, socket=_socket(flow))


def message_exchange(
    flow: http.HTTPFlow,
    message: websocket.WebSocketMessage,
    environment: Environment,
    kept: int,
) -> Exchange:
    """One message, of which so many bytes are kept."""
    content, whole = message.content[:kept], len(message.content)
    response = None if message.from_client else Response(_SWITCHED, Headers(), content)
    return replace(
        _event(flow, environment, "MESSAGE", content if message.from_client else b""),
        response=response,
        request_size=whole if message.from_client else 0,
        response_size=0 if message.from_client else whole,
        body_cap=kept if whole > kept else None,
    )


def end_exchange(flow: http.HTTPFlow, environment: Environment) -> Exchange:
    """The end of the connection, with what the close frame said."""
    return _event(flow, environment, "DISCONNECT", b"")


def _event(flow: http.HTTPFlow, environment: Environment, method: str, body: bytes) -> Exchange:
    host = host_of(flow.request)
    socket = _socket(flow)
    if method == "MESSAGE":
        socket = replace(socket, event="MESSAGE")
    else:
        told = flow.websocket
        code = None if told is None else told.close_code
        reason = "" if told is None else told.close_reason or ""
        socket = replace(socket, event="DISCONNECT", close_code=code, close_reason=reason)
    return Exchange(
        started_us=time.time_ns() // 1000,
        duration_us=0,
        request=Request(method, flow.request.path, Headers((("Host", host),)), body),
        response=None,
        environment=replace(environment, socket=socket),
        host=host,
        outcome="passed",
        engine=__version__,
    )


def _socket(flow: http.HTTPFlow) -> Socket:
    began_ms = int(flow.request.timestamp_start * 1000)
    agent = flow.request.headers.get("user-agent")
    return Socket("CONNECT", flow.id, began_ms, host=host_of(flow.request), user_agent=agent)

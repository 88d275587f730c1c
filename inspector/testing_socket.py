"""A WebSocket of `inspector.testing.Gateway`: its handshake, its messages, its end.

socket = Gateway("chat.yaml", function=chat).connect("?token=ann")
assert socket.send({"action": "ping"}).frame == '{"pong":true}'
assert socket.close().status == 200
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.environment import Environment, Socket
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.websocket.closing import DELETED, Closing, closing_for
from inspector.gateway.websocket.results import chosen_of
from inspector.message import Headers, Request
from inspector.testing_result import Result

Connected = GetConnection | PostToConnection | DeleteConnection
Send = Callable[[Request, Environment], Result]


class ClosedError(RuntimeError):
    """The connection is not open: refused, or closed."""


@dataclass(eq=False)
class TestSocket:
    """One connection. `frames`: all that the client was sent, in order; `closed` why it ended."""

    handshake: Result
    send_event: Send = field(repr=False)
    limits: Limits = field(default=AMAZONS, repr=False)
    frames: list[str] = field(default_factory=list)
    closed: Closing | None = None
    _sent: int = 0

    __test__ = False  # no test class, whatever pytest thinks of its name

    def __post_init__(self) -> None:
        socket = self.handshake.environment.socket
        assert socket is not None
        chosen = chosen_of(self.handshake.answer.result)
        kept = {} if chosen is None else dict(chosen.access.authorizer)
        kept.pop("integrationLatency", None)
        self._socket = replace(
            socket,
            stage=self.handshake.answer.stage or "",
            host=self.handshake.request.host,
            user_agent=self.handshake.request.headers.get("user-agent"),
            authorizer=kept,
        )

    @property
    def id(self) -> str:
        """The connection id."""
        return self._socket.id

    @property
    def open(self) -> bool:
        """Whether the handshake was accepted and nobody has closed it."""
        return self.handshake.status == 101 and self.closed is None

    def send(
        self, message: str | bytes | Mapping[str, Any], *, frames: Sequence[int] | None = None
    ) -> Result:
        """Send one message; a mapping is sent as JSON. `result.frame` is what came back.

        `frames`: the bytes of each of the message's frames; None: none is too large. Bytes are a
        binary message, which closes the connection, as one that is too large does: then the result
        is that of `$disconnect`. Raises `ClosedError`.
        """
        if not self.open:
            raise ClosedError(f"{self.id} is not open")
        if isinstance(message, Mapping):
            message = json.dumps(message)
        binary = isinstance(message, bytes)
        body = message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass")
        sizes = _frames(len(body), self.limits) if frames is None else frames
        closing = closing_for(binary=binary, frames=sizes, limits=self.limits)
        if closing is not None:
            return self._end(closing)
        self._sent += 1
        tail = self.id[-11:]
        socket = replace(self._socket, event="MESSAGE", message_id=f"msg{self._sent:06d}{tail}")
        result = self._event("MESSAGE", socket, body)
        if result.frame is not None:
            self.frames.append(result.frame)
        return result

    def close(self, code: int = 1000, reason: str = "") -> Result:
        """Close it from the client's side. Raises `ClosedError`."""
        if not self.open:
            raise ClosedError(f"{self.id} is not open")
        return self._end(Closing(code, reason))

    def perform(self, effect: Connected) -> ConnectionState:
        """What a call of `@connections` finds, and does."""
        if self.handshake.status != 101:
            return ConnectionState("unknown")
        socket, now = self._socket, self.handshake.environment.time_ms
        state = ConnectionState(
            "open" if self.open else "gone", socket.connected_ms, now,
            self.handshake.environment.caller.source_ip, socket.user_agent,
        )  # fmt: skip
        if self.open and isinstance(effect, PostToConnection):
            self.frames.append(effect.data.decode("utf-8", "replace"))
        if self.open and isinstance(effect, DeleteConnection):
            self._end(DELETED)
        return state

    def _end(self, closing: Closing) -> Result:
        self.closed = closing
        socket = replace(
            self._socket, event="DISCONNECT", close_code=closing.code, close_reason=closing.reason
        )
        return self._event("DISCONNECT", socket, b"")

    def _event(self, kind: str, socket: Socket, body: bytes) -> Result:
        target = f"/{socket.stage}"
        request = Request(kind, target, Headers.of([("Host", socket.host)]), body)
        return self.send_event(request, replace(self.handshake.environment, socket=socket))


def _frames(size: int, limits: Limits) -> list[int]:
    """A message in frames that are as large as they may be."""
    most = limits.frame or size or 1
    whole, rest = divmod(size, most)
    return [most] * whole + ([rest] if rest else [])


def handshake(
    host: str, target: str, headers: list[tuple[str, str]], environment: Environment, number: int
) -> tuple[Request, Environment]:
    """The upgrade request of the `number`th connection."""
    own = [
        ("Host", host),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
    ]
    given = {name.lower() for name, _ in headers}
    fields = [pair for pair in own if pair[0].lower() not in given]
    socket = Socket("CONNECT", f"conn{number:05d}QAYKEjhnA==", environment.time_ms)
    request = Request("GET", target, Headers.of([*fields, *headers]))
    return request, replace(environment, socket=socket)

"""A small server on loopback, in this process, that ends the WebSockets of our own APIs.

mitmproxy takes an upgraded connection only where it has an upstream. So it is sent here, to a path
that nobody else knows and that serves once: the broker completes the handshake, and turns frames
into calls of a `Peer` and back. What a message means is not known here.

The framing is wsproto's, which mitmproxy itself uses on both sides of us. Head of the 101:
captures-2026.md, section 3 (recorded: nothing but `date`, `connection`, `upgrade` and
`sec-websocket-accept`).
"""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha1
from typing import Protocol, cast

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import (
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    TextMessage,
)

from addons.flows import raw_fields
from inspector.gateway.limits import Limits
from inspector.gateway.websocket.closing import BINARY, LOST, TOO_LARGE, Closing
from inspector.message import Headers, Response

#: Bytes that wait for a client who does not read; beyond, the connection is given up.
UNREAD = 16 * 1024 * 1024
#: Seconds for mitmproxy to come for a connection that was accepted, and to take the last frame.
PATIENCE = 10.0
_LAST_FRAME = 1.0
_HEAD_LIMIT = 256 * 1024
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer(Protocol):
    """Who is told what happens to one connection. `closed` is the last call, and comes always."""

    def opened(self, line: Line) -> None: ...

    def message(self, data: bytes) -> None: ...

    def active(self) -> None: ...

    def closed(self, closing: Closing, *, by_us: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """A handshake that is to be completed. `key` as the client sent it."""

    key: str
    subprotocol: str | None
    limits: Limits
    peer: Peer


class Broker:
    """Serves each announced path once."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._waiting: dict[str, tuple[Accepted, asyncio.TimerHandle]] = {}
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1, if it does not yet."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: Line(self.take), "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Take no more connections; those that are open are their peers' to close."""
        if self._server is not None:
            self._server.close()
        for path in list(self._waiting):
            self.forget(path)

    def announce(self, accepted: Accepted) -> str:
        """A path under which the handshake is completed."""
        path = "/" + secrets.token_urlsafe(24)
        timer = asyncio.get_running_loop().call_later(PATIENCE, self.forget, path)
        self._waiting[path] = accepted, timer
        return path

    def forget(self, path: str) -> None:
        """Nobody comes for this one any more: its client has vanished."""
        accepted = self.take(path)
        if accepted is not None:
            accepted.peer.closed(LOST, by_us=False)

    def take(self, path: str) -> Accepted | None:
        """What is announced under this path, for the first who comes."""
        accepted, timer = self._waiting.pop(path, (None, None))
        if timer is not None:
            timer.cancel()
        return accepted


class Line(asyncio.Protocol):
    """One connection: a head, then frames."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._head = b""
        self._accepted: Accepted | None = None
        self._frames: Connection | None = None
        self._transport = cast("asyncio.Transport", None)
        self._parts: list[bytes] = []
        self._size = self._frame_size = 0
        self._ended: Closing | None = None
        self._by_us = False

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._frames is None:
            self._handshake(data)
        elif self._ended is None:
            self._frames.receive_data(data)
            self._read(self._frames)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._accepted is not None:
            self._accepted.peer.closed(self._ended or LOST, by_us=self._by_us)

    # What the peer calls.

    def send(self, data: bytes) -> None:
        """One frame of text; of what is no UTF-8, the rest."""
        if self._frames is None or self._ended is not None:
            return
        text = data.decode("utf-8", "replace")
        self._write(TextMessage(text))
        if self._transport.get_write_buffer_size() > UNREAD:
            self._ended = LOST
            self._transport.abort()

    def close(self, closing: Closing) -> None:
        """The last frame. The peer is told once the connection is gone."""
        if self._ended is None:
            self._ended, self._by_us = closing, True
            self._write(CloseConnection(closing.code, closing.reason))
            self._transport.close()
            asyncio.get_running_loop().call_later(_LAST_FRAME, self._transport.abort)

    def pause(self) -> None:
        """Read no more for now: the client is slowed down."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        self._transport.resume_reading()

    # What follows from it.

    def _handshake(self, data: bytes) -> None:
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            if len(self._head) > _HEAD_LIMIT:
                self._transport.abort()
            return
        path = head.partition(b" ")[2].partition(b" ")[0].decode("latin-1")
        self._accepted = self._take(path)
        if self._accepted is None:
            self._transport.abort()
            return
        self._head = b""
        self._transport.write(_switching(self._accepted))
        self._frames = Connection(ConnectionType.SERVER, trailing_data=rest)
        self._accepted.peer.opened(self)
        self._read(self._frames)

    def _read(self, frames: Connection) -> None:
        assert self._accepted is not None
        for event in frames.events():
            if self._ended is not None:
                return
            if isinstance(event, CloseConnection):
                self._ended = Closing(int(event.code), event.reason or "")
                if frames.state is ConnectionState.REMOTE_CLOSING:
                    self._write(event.response())
                self._transport.close()
            elif isinstance(event, Ping):
                self._write(event.response())
                self._accepted.peer.active()
            elif isinstance(event, BytesMessage):
                self.close(BINARY)
            elif isinstance(event, TextMessage):
                self._part(event, event.data.encode(), self._accepted)

    def _part(self, event: TextMessage, data: bytes, accepted: Accepted) -> None:
        """A frame may come in parts, and a message in frames."""
        limits = accepted.limits
        self._size += len(data)
        self._frame_size += len(data)
        if data:
            self._parts.append(data)
        if _over(self._size, limits.message) or _over(self._frame_size, limits.frame):
            self.close(TOO_LARGE)
            return
        if event.frame_finished:
            self._frame_size = 0
        if event.message_finished:
            message = b"".join(self._parts)
            self._parts, self._size = [], 0
            accepted.peer.message(message)

    def _write(self, event: Event) -> None:
        assert self._frames is not None
        if not self._transport.is_closing():
            self._transport.write(self._frames.send(event))


class Take(Protocol):
    """Gives what is announced under a path."""

    def __call__(self, path: str) -> Accepted | None: ...


def _over(size: int, limit: int | None) -> bool:
    return limit is not None and size > limit


def _switching(accepted: Accepted) -> bytes:
    digest = sha1(accepted.key.encode("utf-8", "surrogateescape") + _GUID).digest()  # noqa: S324  RFC 6455's own
    fields = [
        ("date", formatdate(usegmt=True)),
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-accept", b64encode(digest).decode("ascii")),
    ]
    if accepted.subprotocol is not None:
        fields.append(("sec-websocket-protocol", accepted.subprotocol))
    lines = [b"HTTP/1.1 101 Switching Protocols"]
    lines += [b"%b: %b" % pair for pair in raw_fields(Response(101, Headers.of(fields)))]
    return b"\r\n".join([*lines, b"", b""])

"""A small server on loopback, in this process, for what a flow's own answer cannot do.

A response that an addon sets goes out whole. So where the backend streams, mitmproxy is sent to
this relay as its upstream: the relay writes the head that the core decided and the chunks as they
come. And a request whose body is over the limit is sent here instead of being buffered: it is
answered at once, and what still arrives is dropped.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from addons.flows import raw_fields, reason
from addons.recorder import KEPT
from inspector.gateway.effects import ResponseStarted, StreamEnded
from inspector.message import Response
from inspector.runtime.failures import BackendError
from inspector.runtime.stream import BodyStream

#: Bytes of a refused upload that are read and dropped before the relay hangs up.
DROPPED = 64 * 1024 * 1024
_CHUNK = 256 * 1024
HEAD_LIMIT = 256 * 1024


@dataclass(slots=True)
class _Stream:
    head: ResponseStarted
    body: BodyStream
    ended: asyncio.Future[StreamEnded]
    kept: bytearray = field(default_factory=bytearray)


class Relay:
    """Serves each announced path once."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._server: asyncio.Server | None = None
        self._streams: dict[str, _Stream] = {}
        self._running: set[BodyStream] = set()
        self._refusals: dict[str, tuple[Response, Callable[[], None]]] = {}
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_LIMIT)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self, why: str) -> None:
        """Hang up. Streams end where they are, because of `why`."""
        if self._server is not None:
            self._server.close()
        for body in self._running:
            body.break_off(why)

    def announce(
        self, head: ResponseStarted, body: BodyStream
    ) -> tuple[str, asyncio.Future[StreamEnded]]:
        """A path under which the stream can be fetched, and the end of it."""
        path = "/" + secrets.token_urlsafe(24)
        ended: asyncio.Future[StreamEnded] = asyncio.get_running_loop().create_future()
        self._streams[path] = _Stream(head, body, ended)
        return path, ended

    def refuse(self, response: Response, asked: Callable[[], None]) -> str:
        """A path whose requests are answered at once, whatever their body; `asked` hears of it."""
        path = "/" + secrets.token_urlsafe(24)
        self._refusals[path] = (response, asked)
        return path

    def forget(self, path: str) -> None:
        """A refusal that turned out not to be needed."""
        self._refusals.pop(path, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("latin-1")
            if path in self._streams:
                await self._stream(self._streams.pop(path), writer)
            elif path in self._refusals:
                response, asked = self._refusals.pop(path)
                asked()
                await _send_refusal(response, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _stream(self, stream: _Stream, writer: asyncio.StreamWriter) -> None:
        self._running.add(stream.body)
        try:
            await _send_stream(stream, writer, self._kept)
        finally:
            self._running.discard(stream.body)


async def _send_stream(stream: _Stream, writer: asyncio.StreamWriter, kept: int) -> None:
    size, error = 0, None
    writer.write(_head_of(Response(stream.head.status, stream.head.headers), chunked=True))
    try:
        async for chunk in stream.body:
            size += len(chunk)
            stream.kept += chunk[: max(0, kept - len(stream.kept))]
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    except BackendError as broken:
        error = broken.detail
    except ConnectionError:
        error = "the client went away"
        stream.body.close()
    finally:
        if not stream.ended.done():
            stream.ended.set_result(StreamEnded(size, bytes(stream.kept), error, stream.body.log))


async def _send_refusal(
    response: Response, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(_head_of(response, chunked=False))
    writer.write(response.body)
    await writer.drain()
    dropped = 0
    while dropped < DROPPED and (chunk := await reader.read(_CHUNK)):
        dropped += len(chunk)


def _head_of(response: Response, *, chunked: bool) -> bytes:
    gone = {b"connection", b"transfer-encoding"} | ({b"content-length"} if chunked else set())
    lines = [b"HTTP/1.1 %d %b" % (response.status, reason(response.status))]
    lines.extend(b"%b: %b" % pair for pair in raw_fields(response) if pair[0].lower() not in gone)
    lines.append(b"Transfer-Encoding: chunked" if chunked else b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"

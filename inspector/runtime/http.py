"""Performs `CallBackend`: HTTP backends, called over pooled connections.

The request goes out byte for byte as the core made it, and the answer comes back the same way.
Proxy variables of the environment are not read (with them the gateway would call itself), no
redirect is followed, nothing is decompressed. The well-known clients were measured first on this
path (CPU of one call over loopback, 60 bytes, 8 at a time: httptools 50 µs, aiohttp 160, httpcore
1,300, httpx 1,370); aiohttp, the only one near, writes header bytes above ASCII as UTF-8 and moves
Host to the front.

A connection that the backend closed while it was idle must not become the client's error: it is
looked at before a request that may not be repeated is written to it, and a request that may be
(RFC 9110 section 9.2.2) is repeated once, on a new connection, if nothing was answered.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
import weakref
from collections import defaultdict
from collections.abc import Mapping

import certifi
from aiohappyeyeballs import start_connection

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallBackend
from inspector.gateway.java.utf16 import printable
from inspector.message import Headers
from inspector.runtime import failures
from inspector.runtime.answer import Received, Wanted, Whole
from inspector.runtime.connection import Connection
from inspector.runtime.failures import STOPPED, BackendError
from inspector.runtime.stream import BodyStream
from inspector.runtime.urls import Origin, Places

#: Bytes of an answer kept in memory; Amazon's limit for REST APIs (quota page: 10 MB).
ANSWER_LIMIT = 10 * 1024 * 1024
_FOLD = re.compile(r"[ \t]*\r\n[ \t]+")
#: Seconds that an unused connection is kept.
IDLE_LIMIT = 60.0
#: Seconds after which a second address of a host is tried beside the first (RFC 8305).
SECOND_ADDRESS = 0.25
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})

PoolKey = tuple[Origin, bool]


class HttpBackends:
    """The HTTP backends of a gateway. Belongs to one event loop.

    `names` as in `Places`; `limit` bytes of an answer that are buffered.
    """

    def __init__(self, names: Mapping[str, str] | None = None, limit: int = ANSWER_LIMIT) -> None:
        self._places = Places(names or {})
        self._limit = limit
        self._idle: defaultdict[PoolKey, list[Connection]] = defaultdict(list)
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._open: weakref.WeakSet[Connection] = weakref.WeakSet()

    async def call(self, effect: CallBackend) -> BackendAnswer | BackendFailure | BodyStream:
        """The answer; where the effect allows a stream perhaps a `BodyStream`, to be iterated."""
        try:
            received = await self._call(effect)
        except BackendError as error:
            return error.as_reply()
        if isinstance(received, Whole):
            return BackendAnswer(received.status, Headers(tuple(received.fields)), received.body)
        return received

    async def close(self) -> None:
        """Hang up. Who still waits for an answer is told that there will be none."""
        stopped = BackendError("other", STOPPED)
        for connection in list(self._open):
            connection.fail(stopped)
        self._idle.clear()

    async def _call(self, effect: CallBackend) -> Received:
        request = effect.request
        origin, target = self._places.find(request.url)
        message = _message(request, target)
        wanted = Wanted(
            self._limit, effect.may_stream, effect.stream, bodyless=request.method == "HEAD",
            bounded=effect.bounded,
        )  # fmt: skip
        key = (origin, effect.insecure)
        deadline = asyncio.get_running_loop().time() + effect.timeout_ms / 1000
        repeatable = request.method in IDEMPOTENT
        connection = self._take(key, look=not repeatable)
        if connection is not None:
            try:
                return await _exchange(connection, message, wanted, deadline, effect)
            except BackendError as error:
                if not (repeatable and error.nothing_received and error.kind == "reset"):
                    raise
        connection = await self._connect(key, deadline, effect)
        return await _exchange(connection, message, wanted, deadline, effect)

    def _take(self, key: PoolKey, *, look: bool) -> Connection | None:
        idle = self._idle[key]
        oldest = time.monotonic() - IDLE_LIMIT
        while idle:
            connection = idle.pop()
            if connection.closed:
                continue
            if connection.idle_since < oldest or (look and connection.stale()):
                connection.abort()
                continue
            return connection
        return None

    async def _connect(self, key: PoolKey, deadline: float, effect: CallBackend) -> Connection:
        origin, insecure = key

        def free(connection: Connection) -> None:
            connection.idle_since = time.monotonic()
            self._idle[key].append(connection)

        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline):
                _, connection = await loop.create_connection(
                    lambda: Connection(free),
                    sock=await _reached(origin),
                    ssl=self._context(insecure=insecure) if origin.tls else None,
                    server_hostname=origin.host if origin.tls else None,
                )
        except TimeoutError as error:
            if loop.time() >= deadline:
                raise _too_late(effect) from error
            raise failures.of(error) from error
        except (OSError, ssl.SSLError, UnicodeError) as error:
            raise failures.of(error) from error
        self._open.add(connection)
        return connection

    def _context(self, *, insecure: bool) -> ssl.SSLContext:
        if insecure not in self._contexts:
            context = ssl.create_default_context()
            # SSL_CERT_FILE may name mitmproxy's own authority only (`inspector env`).
            context.load_verify_locations(certifi.where())
            context.set_alpn_protocols(["http/1.1"])
            if insecure:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._contexts[insecure] = context
        return self._contexts[insecure]


async def _reached(origin: Origin) -> socket.socket:
    """A socket to whichever address of the host answers first.

    asyncio's own racing breaks with the eager tasks that mitmproxy 12 asks for (CPython issue
    124309: until 3.12.8 and 3.13.1).
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    return await start_connection(found, happy_eyeballs_delay=SECOND_ADDRESS)


async def _exchange(
    connection: Connection, message: bytes, wanted: Wanted, deadline: float, effect: CallBackend
) -> Received:
    # A bare timer: `asyncio.timeout` costs three times as much, on every proxied request.
    timer = asyncio.get_running_loop().call_at(deadline, _expire, connection, effect)
    try:
        return await connection.send(message, wanted)
    except asyncio.CancelledError:
        connection.abort()
        raise
    finally:
        timer.cancel()


def _expire(connection: Connection, effect: CallBackend) -> None:
    connection.fail(_too_late(effect))


def _too_late(effect: CallBackend) -> BackendError:
    return BackendError("timeout", f"no answer within {effect.timeout_ms} ms")


def _holds(head: str, lines: list[str]) -> bool:
    """Whether the head has as many lines as it was made of."""
    breaks = len(lines) - 1
    return head.count("\n") == breaks and head.count("\r") == breaks and "\0" not in head


def _message(request: BackendRequest, target: str) -> bytes:
    """The request on the wire. A line break inside of a header would be another request's start."""
    lines = [f"{request.method} {target} HTTP/1.1"]
    lines.extend([f"{name}: {value}" for name, value in request.headers.fields])
    if request.body and "content-length" not in request.headers:
        lines.append(f"Content-Length: {len(request.body)}")
    head = "\r\n".join(lines)
    if not _holds(head, lines):
        # A client may have folded a value over lines; RFC 9112 section 5.2 lets us unfold it.
        lines[1:] = [_FOLD.sub(" ", line) for line in lines[1:]]
        head = "\r\n".join(lines)
    if not _holds(head, lines):
        raise BackendError("protocol", "the request has a line break in a header or in its URL")
    try:
        raw = head.encode("latin-1")
    except UnicodeEncodeError:
        raw = printable(head).encode()
    return b"%b\r\n\r\n%b" % (raw, request.body)

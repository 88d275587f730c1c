"""The Lambda Runtime API of one process (`/2018-06-01/runtime/…`), served on loopback.

Source: the Lambda developer guide, "Using the Lambda runtime API for custom runtimes". httptools
parses; `Runtime` is told what the process asks for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, Protocol, cast

import httptools

from inspector.runtime.functions.invocation import PAYLOAD_LIMIT
from inspector.runtime.stream import Wire

_PREFIX = "/2018-06-01/runtime/"
_ACCEPTED = b'{"status":"OK"}'
# As Amazon's emulator words them (aws/aws-lambda-runtime-interface-emulator).
_UNKNOWN = b'{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}'
_STARTED = (
    b'{"errorMessage":"State transition from Ready to InitError failed for runtime. '
    b'Error: State transition is not allowed","errorType":"InvalidStateTransition"}'
)
_TOO_LARGE = (
    b'{"errorMessage":"Exceeded maximum allowed payload size (%d bytes).",'
    b'"errorType":"RequestEntityTooLarge"}' % PAYLOAD_LIMIT
)
#: Bytes of a message that are read at all; what Lambda allows is less.
_BODY_LIMIT = 24 * 1024 * 1024
_MODE = "lambda-runtime-function-response-mode"


class Sink(Protocol):
    """Takes an answer as it comes."""

    def push(self, data: bytes) -> None: ...
    def end(self, trailers: dict[str, str]) -> None: ...
    def cut(self) -> None: ...


#: Hands an event over to a client that waits for one; whether it still does.
HandOver = Callable[[list[tuple[str, str]], bytes], bool]
#: What becomes of a result: `unknown` where its invocation is none or settled.
Verdict = Literal["accepted", "unknown", "too-large"]


class Runtime(Protocol):
    """What the requests of a runtime client lead to. `could_not_start`: whether it may say so."""

    def polled(self, hand_over: HandOver) -> None: ...
    def answered(self, request_id: str, body: bytes, headers: dict[str, str]) -> Verdict: ...
    def erred(self, request_id: str, body: bytes, headers: dict[str, str]) -> Verdict: ...
    def streaming(self, request_id: str, wire: Wire) -> Sink | None: ...
    def could_not_start(self, body: bytes, headers: dict[str, str]) -> bool: ...


class RuntimeConnection(asyncio.Protocol):
    """One connection of a runtime client."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._begin()

    def _begin(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._chunks: list[bytes] = []
        self._size = 0
        self._sink: Sink | None = None

    # What a reader of a streamed answer may do.

    def pause(self, *, wait: bool) -> None:
        """Let the function wait for whoever reads its answer, or go on."""
        if self._transport is None or self._transport.is_closing():
            return
        if wait:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def abort(self) -> None:
        """Nobody reads any more: the function goes on, what it sends is dropped."""
        if self._sink is not None:
            self._sink = _Drain(self._sink)
        self.pause(wait=False)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.cut()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if self._transport is not None:
                self._transport.abort()

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._begin()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._headers.get("expect", "").lower() == "100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._headers.get(_MODE, "").lower() == "streaming":
            what, request_id = self._asked()
            if what == "response":
                self._sink = self._runtime.streaming(request_id, self)

    def on_body(self, data: bytes) -> None:
        if self._sink is not None:
            self._sink.push(data)
            return
        self._size += len(data)
        if self._size <= _BODY_LIMIT:
            self._chunks.append(data)

    def on_message_complete(self) -> None:
        what, request_id = self._asked()
        body, headers = b"".join(self._chunks), self._headers
        if self._sink is not None:
            sink, self._sink = self._sink, None
            sink.end(headers)
            self._settle("accepted")
        elif what == "next":
            self._runtime.polled(self._hand_over)
        elif what == "response":
            self._settle(self._runtime.answered(request_id, body, headers))
        elif what == "error":
            self._settle(self._runtime.erred(request_id, body, headers))
        elif what == "init/error":
            if self._runtime.could_not_start(body, headers):
                self._write("202 Accepted", _ACCEPTED)
            else:
                self._write("403 Forbidden", _STARTED)
        else:
            self._write("404 Not Found", b'{"errorType":"NotFound"}')

    def _asked(self) -> tuple[str, str]:
        """What a path asks for: `next`, `response`, `error` (with the request id), `init/error`."""
        path = self._url.decode("latin-1").partition("?")[0]
        if not path.startswith(_PREFIX):
            return "", ""
        rest = path.removeprefix(_PREFIX)
        if rest == "init/error":
            return rest, ""
        parts = rest.split("/")
        if rest == "invocation/next":
            return "next", ""
        if len(parts) == 3 and parts[0] == "invocation":
            return parts[2], parts[1]
        return "", ""

    def _settle(self, verdict: Verdict) -> None:
        if verdict == "accepted":
            # After the client has been answered: to wake the function first would let it wait.
            asyncio.get_running_loop().call_soon(self._write, "202 Accepted", _ACCEPTED)
        elif verdict == "unknown":
            self._write("400 Bad Request", _UNKNOWN)
        else:
            self._write("413 Request Entity Too Large", _TOO_LARGE)

    def _hand_over(self, fields: list[tuple[str, str]], payload: bytes) -> bool:
        if self._transport is None or self._transport.is_closing():
            return False
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        self._write("200 OK", payload, head)
        return True

    def _write(self, status: str, body: bytes, head: str = "") -> None:
        if self._transport is None:
            return
        start = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(start.encode("latin-1", "replace") + body)


class _Drain:
    """Where an answer goes that nobody reads."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def push(self, data: bytes) -> None:
        pass

    def end(self, trailers: dict[str, str]) -> None:
        self._sink.end(trailers)

    def cut(self) -> None:
        self._sink.cut()

"""Reads one answer of a backend from bytes: whole, or as a stream from where that is decided.

httptools (llhttp) does the parsing. Names, values, order and body stay as they came: nothing is
decoded, decompressed or dropped, because what a backend says is what this product is about.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httptools

from inspector.message import Field
from inspector.runtime.failures import BackendError
from inspector.runtime.stream import BodyStream, Wire

#: Bytes of status line and headers beyond which an answer counts as nonsense.
HEAD_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to take an answer. `limit`: bytes of body kept in memory.

    `may_stream`: a larger body, or one that is a stream by its type, becomes a `BodyStream`;
    with `stream` every body does, with `bounded` a larger one does not. `bodyless`: the request
    was a HEAD.
    """

    limit: int
    may_stream: bool = False
    stream: bool = False
    bodyless: bool = False
    bounded: bool = False

    def refuses(self, size: int) -> bool:
        """Whether a body of this size is too large, if it is no stream."""
        return size > self.limit and (self.bounded or not self.may_stream)


@dataclass(slots=True)
class Whole:
    """An answer that came whole."""

    status: int
    fields: list[Field]
    body: bytes


Received = Whole | BodyStream


class AnswerReader:
    """The state of one answer. `future` gives it, or raises `BackendError`.

    `ended` when nothing more is to come, and then `reusable` says whether the connection can
    carry another request.
    """

    def __init__(self, wanted: Wanted, wire: Wire, future: asyncio.Future[Received]) -> None:
        self.future = future
        self.ended = False
        self.reusable = False
        self._wanted = wanted
        self._wire = wire
        self._fields: list[Field] = []
        self._chunks: list[bytes] = []
        self._size = 0
        self._seen = 0
        self._status = 0
        self._stream: BodyStream | None = None
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """The next bytes of the connection."""
        if not self._status:
            self._seen += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.fail(BackendError("protocol", "the backend switched protocols unasked"))
        except httptools.HttpParserError as error:
            start = data[:60].decode("latin-1")
            self.fail(BackendError("protocol", f"{error}, near {start!r}"))
        if not self._status and self._seen > HEAD_LIMIT:
            self.fail(BackendError("protocol", f"no end of headers in {HEAD_LIMIT} bytes"))

    def hang_up(self, why: BackendError) -> None:
        """The connection is gone: the end of a body that ends so (RFC 9112, 6.3), else `why`."""
        if self._status and _ends_with_connection(self._fields):
            self._complete(keep=False)
        else:
            why.nothing_received = self._seen == 0
            self.fail(why)

    def fail(self, error: BackendError) -> None:
        """Nothing more can come of this. A second answer in the same bytes ends up here, too."""
        self.reusable = False
        if self.ended:
            return
        self.ended = True
        if self._stream is not None:
            self._stream.end(error)
        elif not self.future.done():
            self.future.set_exception(error)

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self.ended:
            raise ValueError("more than one answer to one request")

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._status:
            self._fields.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200:
            return
        self._status = status
        if self._wanted.bodyless:
            self._complete(keep=self._parser.should_keep_alive())
        elif self._wanted.may_stream and self._is_stream():
            self._start_stream()

    def on_body(self, data: bytes) -> None:
        if self.ended:
            return
        if self._stream is not None:
            self._stream.push(data)
            return
        self._chunks.append(data)
        self._size += len(data)
        if self._size <= self._wanted.limit:
            return
        if self._wanted.refuses(self._size):
            self._fail_too_large()
        else:
            self._start_stream()

    def on_message_complete(self) -> None:
        if self._status and not self.ended:
            self._complete(keep=self._parser.should_keep_alive())
        elif not self._status:
            self._fields = []

    # What follows from it.

    def _fail_too_large(self) -> None:
        """Users quote Amazon's log: `Integration response of reported length N is larger than …`."""
        declared = (value for name, value in self._fields if name.lower() == "content-length")
        length = next(declared, self._size)
        detail = (
            f"Integration response of reported length {length} is larger than allowed maximum of "
            f"{self._wanted.limit} bytes"
        )
        self.fail(BackendError("too-large", detail))

    def _is_stream(self) -> bool:
        if self._status in (204, 304):
            return False
        large = False
        for name, value in self._fields:
            lower = name.lower()
            if lower == "content-length" and value.isdecimal():
                if int(value) == 0:
                    return False
                large = int(value) > self._wanted.limit and not self._wanted.bounded
            elif lower == "content-type" and value.lower().startswith("text/event-stream"):
                large = True
        return large or self._wanted.stream

    def _start_stream(self) -> None:
        self._stream = BodyStream(self._status, self._fields, self._wire)
        for chunk in self._chunks:
            self._stream.push(chunk)
        self._chunks = []
        if not self.future.done():
            self.future.set_result(self._stream)

    def _complete(self, *, keep: bool) -> None:
        self.ended = True
        self.reusable = keep
        if self._stream is not None:
            self._stream.end()
        elif not self.future.done():
            body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
            self.future.set_result(Whole(self._status, self._fields, body))


def _ends_with_connection(fields: list[Field]) -> bool:
    for name, value in fields:
        lower = name.lower()
        if lower == "content-length":
            return False
        if lower == "transfer-encoding":
            return "chunked" not in value.lower()
    return True

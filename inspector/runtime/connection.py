"""One HTTP/1.1 connection to a backend: requests go out as they are, one after another."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from typing import cast

from inspector.runtime import failures
from inspector.runtime.answer import AnswerReader, Received, Wanted
from inspector.runtime.failures import BackendError


class Connection(asyncio.Protocol):
    """A connection; `free` is called with it whenever it can carry the next request."""

    def __init__(self, free: Callable[[Connection], None]) -> None:
        self.idle_since = 0.0
        self._free = free
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None

    def send(self, message: bytes, wanted: Wanted) -> asyncio.Future[Received]:
        """Write one request; the future gives its answer or raises `BackendError`."""
        assert self._transport is not None
        future: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._reader = AnswerReader(wanted, self, future)
        self._transport.write(message)
        return future

    @property
    def closed(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def stale(self) -> bool:
        """Whether the backend has hung up or spoken unasked, seen at the socket itself."""
        if self._transport is None or self._transport.is_closing():
            return True
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def fail(self, error: BackendError) -> None:
        """Hang up; whoever waits is told `error`."""
        if self._reader is not None:
            self._reader.fail(error)
        self.abort()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def pause(self, *, wait: bool) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if wait:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:
            self.abort()
            return
        reader.feed(data)
        if not reader.ended:
            return
        self._reader = None
        if reader.reusable:
            self._free(self)
        elif self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        reader, self._reader, self._transport = self._reader, None, None
        if reader is None:
            return
        closed = BackendError("reset", "closed the connection before its answer was whole")
        reader.hang_up(closed if exc is None else failures.of(exc))

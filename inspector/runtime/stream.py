"""The body of an answer that is passed on as it comes, a chunk at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol

from inspector.gateway.effects import BackendStream, FunctionStream
from inspector.message import Field, Headers
from inspector.runtime.failures import BackendError

#: Bytes that may wait for a slow reader before the backend is made to wait.
HIGH_WATER = 256 * 1024
#: Seconds without a byte after which a stream counts as dead (regional APIs: five minutes).
IDLE_LIMIT = 300.0


class Wire(Protocol):
    """What a reader may do to the connection that it reads from."""

    def pause(self, *, wait: bool) -> None: ...
    def abort(self) -> None: ...


class BodyStream:
    """A head that has come, and a body that is coming. Iterate to get the chunks.

    Iterating raises `BackendError` where the backend breaks off. `close` ends the connection.
    """

    def __init__(self, status: int, fields: list[Field], wire: Wire) -> None:
        self.status = status
        self.fields = fields
        self._wire = wire
        self._chunks: deque[bytes] = deque()
        self._waiting = 0
        self._paused = False
        self._ended: BackendError | bool = False
        self._arrived = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.log = ""

    @property
    def head(self) -> BackendStream | FunctionStream:
        """What the core is told of it."""
        return BackendStream(self.status, Headers(tuple(self.fields)))

    def push(self, chunk: bytes) -> None:
        """The next bytes from the backend."""
        self._chunks.append(chunk)
        self._waiting += len(chunk)
        if self._waiting > HIGH_WATER and not self._paused:
            self._paused = True
            self._wire.pause(wait=True)
        self._arrived.set()

    def end(self, error: BackendError | None = None) -> None:
        """No more bytes; `error` where that was not the agreed end. The first end counts."""
        if not self._ended:
            self._ended = error or True
            self._arrived.set()
            if self._timer is not None:
                self._timer.cancel()

    def until(self, timer: asyncio.TimerHandle) -> None:
        """The timer that would end it; cancelled with its end."""
        self._timer = timer
        if self._ended:
            timer.cancel()

    def expire(self, detail: str) -> None:
        """It took too long: whoever iterates is told so, and nothing more is taken."""
        if not self._ended:
            self._wire.abort()
            self.end(BackendError("timeout", detail))

    def close(self) -> None:
        """End it from this side; a connection in the middle of a body carries nothing else."""
        if not self._ended:
            self._wire.abort()

    def break_off(self, why: str) -> None:
        """The same for who iterates: a `BackendError` that says why."""
        self.end(BackendError("other", why))
        self._wire.abort()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self._chunks:
                yield self._take()
            if self._ended:
                break
            self._arrived.clear()
            try:
                async with asyncio.timeout(IDLE_LIMIT):
                    await self._arrived.wait()
            except TimeoutError:
                self._wire.abort()
                raise BackendError("timeout", f"no byte for {IDLE_LIMIT:.0f} s") from None
        if isinstance(self._ended, BackendError):
            raise self._ended

    def _take(self) -> bytes:
        chunk = self._chunks.popleft()
        self._waiting -= len(chunk)
        if self._paused and self._waiting < HIGH_WATER // 2:
            self._paused = False
            self._wire.pause(wait=False)
        return chunk

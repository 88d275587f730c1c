"""Performs the effects of one live request, and notes what was asked and answered, and when."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from inspector.gateway.effects import (
    Effect,
    Reply,
    ResponseStarted,
    StreamEnded,
)
from inspector.recording.exchange import Performed
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream

#: Sends a decided head and the stream behind it to the client; answers when the body has gone by.
SendStream = Callable[[ResponseStarted, BodyStream], Awaitable[StreamEnded]]


class Performer:
    """One request's effects. `performed` fills up as they are answered."""

    def __init__(self, means: Means, send_stream: SendStream, began_ns: int | None = None) -> None:
        self._means = means
        self._send_stream = send_stream
        self._stream: BodyStream | None = None
        self._began = time.perf_counter_ns() if began_ns is None else began_ns
        self.performed: list[Performed] = []

    async def __call__(self, effect: Effect) -> Reply:
        started = self._now()
        reply = await self._reply(effect)
        self.performed.append(Performed(effect, reply, started, self._now()))
        return reply

    async def _reply(self, effect: Effect) -> Reply:
        if isinstance(effect, ResponseStarted):
            assert self._stream is not None
            stream, self._stream = self._stream, None
            return await self._send_stream(effect, stream)
        answer = await self._means.perform(effect)
        if isinstance(answer, BodyStream):
            self._stream = answer
            return answer.head
        return answer

    def discard(self) -> None:
        """A stream whose head the core did not like goes to nobody."""
        if self._stream is not None:
            self._stream.close()

    def _now(self) -> int:
        return (time.perf_counter_ns() - self._began) // 1000

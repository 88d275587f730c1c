"""Performs the effects of one live request, and notes what was asked and answered, and when."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from inspector.gateway.effects import (
    BackendStream,
    CallBackend,
    CallService,
    Effect,
    Reply,
    ResponseStarted,
    StreamEnded,
)
from inspector.message import Headers
from inspector.recording.exchange import Performed
from inspector.runtime.functions.functions import Functions
from inspector.runtime.http import HttpBackends
from inspector.runtime.services.services import Services
from inspector.runtime.stream import BodyStream

#: Sends a decided head and the stream behind it to the client; answers when the body has gone by.
SendStream = Callable[[ResponseStarted, BodyStream], Awaitable[StreamEnded]]


class Performer:
    """One request's effects. `performed` fills up as they are answered."""

    def __init__(
        self,
        backends: HttpBackends,
        functions: Functions,
        services: Services,
        send_stream: SendStream,
    ) -> None:
        self._backends = backends
        self._functions = functions
        self._services = services
        self._send_stream = send_stream
        self._stream: BodyStream | None = None
        self._began = time.perf_counter_ns()
        self.performed: list[Performed] = []

    async def __call__(self, effect: Effect) -> Reply:
        started = self._now()
        reply = await self._reply(effect)
        self.performed.append(Performed(effect, reply, started, self._now()))
        return reply

    async def _reply(self, effect: Effect) -> Reply:
        if isinstance(effect, CallBackend):
            answer = await self._backends.call(effect)
            if isinstance(answer, BodyStream):
                self._stream = answer
                return BackendStream(answer.status, Headers(tuple(answer.fields)))
            return answer
        if isinstance(effect, ResponseStarted):
            assert self._stream is not None
            return await self._send_stream(effect, self._stream)
        if isinstance(effect, CallService):
            return await self._services.call(effect)
        return await self._functions.invoke(effect)

    def _now(self) -> int:
        return (time.perf_counter_ns() - self._began) // 1000

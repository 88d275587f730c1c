"""The warm processes of one function: one for each invocation at a time, up to a limit."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from inspector.gateway.effects import BackendFailure
from inspector.runtime.failures import STOPPED
from inspector.runtime.functions.code import fingerprint
from inspector.runtime.functions.invocation import Invocation
from inspector.runtime.functions.launch import CannotRunError
from inspector.runtime.functions.process import FunctionProcess
from inspector.runtime.functions.reaper import Reaper
from inspector.runtime.functions.spec import FunctionSpec

#: Processes of one function at a time; further invocations wait for one of them.
CONCURRENCY = 8
#: Seconds between two looks at the code under load, and at the memory of who is at work.
_LOOK = 0.1
#: Seconds that a process is kept warm without an event (Lambda's own time is not published).
IDLE = 900.0


class Pool:
    """Belongs to one event loop."""

    def __init__(
        self, spec: FunctionSpec, reaper: Reaper, limit: int = CONCURRENCY, idle: float = IDLE
    ) -> None:
        self.spec = spec
        self._idle_s = idle
        self._tidy: asyncio.TimerHandle | None = None
        self._reaper = reaper
        self._limit = 1 if spec.debug_port is not None else limit
        if spec.reserved is not None:
            self._limit = min(self._limit, max(1, spec.reserved))
        self._idle: list[FunctionProcess] = []
        self._all: set[FunctionProcess] = set()
        self._waiting: deque[Invocation] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._code = fingerprint(spec.root, *spec.layers)
        self._next_look = time.monotonic() + _LOOK
        self._retired = self._closed = False
        self._empty = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    def submit(self, invocation: Invocation, *, patient: bool = False) -> None:
        """Have it run; its future says what came of it.

        One that is `patient` waits where no more may run at a time.
        """
        if self._closed:
            self._stop([invocation])
            return
        reserved = self.spec.reserved
        if reserved is not None and self._is_full(reserved) and not (patient and reserved):
            invocation.done.set_result(BackendFailure("throttled", _full(reserved)))
            return
        self._look_at_code()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.ensure_future(self._watch_memory())
        self._serve(invocation)

    def _is_full(self, reserved: int) -> bool:
        at_work = sum(process.current is not None for process in self._all)
        return at_work + len(self._waiting) >= reserved

    def _serve(self, invocation: Invocation) -> None:
        while self._idle:
            process = self._idle.pop()
            if not process.stale and process in self._all:
                process.give(invocation)
                return
        if len(self._all) < self._limit:
            self._start(invocation)
        else:
            self._waiting.append(invocation)

    async def retire(self) -> None:
        """Let those finish that are at work; end each as it becomes free."""
        self._retired = True
        for process in self._idle:
            process.close()
        self._idle.clear()
        if self._all:
            await self._empty.wait()
        await self.close()

    async def close(self) -> None:
        """End all processes, and wait for their end. Who waits for an answer is told so."""
        self._closed = True
        if self._watch is not None:
            self._watch.cancel()
        if self._tidy is not None:
            self._tidy.cancel()
        self._stop(self._waiting)
        self._waiting.clear()
        if self._tasks:
            await asyncio.wait(self._tasks)
        processes = list(self._all)
        self._stop(each.current for each in processes if each.current is not None)
        for process in processes:
            process.close()
        for process in processes:
            await process.closed()

    def _stop(self, invocations: Iterable[Invocation]) -> None:
        for invocation in invocations:
            if not invocation.done.done():
                invocation.done.set_result(BackendFailure("other", STOPPED))

    def _start(self, invocation: Invocation) -> None:
        process = FunctionProcess(self.spec, self._reaper, self._freed, self._ended)
        process.give(invocation)
        self._all.add(process)
        self._empty.clear()
        task = asyncio.ensure_future(self._begin(process))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self, process: FunctionProcess) -> None:
        try:
            await process.start()
        except (CannotRunError, OSError) as error:
            invocation, process.current = process.current, None
            if invocation is not None and not invocation.done.done():
                invocation.done.set_result(BackendFailure("other", str(error)))
            self._ended(process, None)

    def _freed(self, process: FunctionProcess) -> None:
        if process.stale or (self._retired and not self._waiting):
            process.close()
        elif self._waiting:
            process.give(self._waiting.popleft())
        else:
            process.idle_since = time.monotonic()
            self._idle.append(process)
            # Not under the eyes of a debugger.
            if self._tidy is None and self.spec.debug_port is None:
                self._tidy = asyncio.get_running_loop().call_later(self._idle_s, self._end_idle)

    def _end_idle(self) -> None:
        """End who has waited too long; the longest waiting stand first."""
        self._tidy = None
        now = time.monotonic()
        while self._idle and now - self._idle[0].idle_since >= self._idle_s:
            self._idle.pop(0).close()
        if self._idle:
            left = self._idle[0].idle_since + self._idle_s - now
            self._tidy = asyncio.get_running_loop().call_later(left, self._end_idle)

    def _ended(self, process: FunctionProcess, again: Invocation | None) -> None:
        self._all.discard(process)
        with suppress(ValueError):
            self._idle.remove(process)
        if again is not None and self._closed:
            self._stop([again])
        elif again is not None:
            self._serve(again)
        if self._waiting and len(self._all) < self._limit:
            self._start(self._waiting.popleft())
        if not self._all:
            self._empty.set()

    def _look_at_code(self) -> None:
        """An edit takes effect on the next invocation; who is at work finishes with the old code."""
        now = time.monotonic()
        if now < self._next_look:
            return
        code = fingerprint(self.spec.root, *self.spec.layers)
        looked = time.monotonic()
        # In a large folder less often: looking takes no more than a twentieth of the time.
        self._next_look = looked + max(_LOOK, 20 * (looked - now))
        if code == self._code:
            return
        self._code = code
        for process in self._all:
            process.stale = True
        for process in self._idle:
            process.close()
        self._idle.clear()

    async def _watch_memory(self) -> None:
        """While anybody is at work: a hundred functions at rest cost nothing."""
        busy = True
        while busy:
            await asyncio.sleep(_LOOK)
            for process in list(self._all):
                process.check_memory()
            busy = bool(self._waiting) or any(each.current is not None for each in self._all)


def _full(reserved: int) -> str:
    if reserved == 0:
        return "its ReservedConcurrentExecutions is 0, which switches it off"
    times = "once" if reserved == 1 else f"{reserved} times"
    return f"it runs {times} already, and its ReservedConcurrentExecutions is {reserved}"

"""One process of a function: started, polled for, given one invocation at a time, and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from inspector.runtime.functions import invocation as outcomes
from inspector.runtime.functions.invocation import PAYLOAD_LIMIT, Invocation
from inspector.runtime.functions.launch import command, path_of
from inspector.runtime.functions.output import Output
from inspector.runtime.functions.reaper import Reaper
from inspector.runtime.functions.runtime_api import RuntimeConnection, Sink
from inspector.runtime.functions.spec import FunctionSpec, environment_of
from inspector.runtime.functions.streaming import StreamedAnswer
from inspector.runtime.stream import Wire

#: Milliseconds that a runtime may take before it asks for its first event (Lambda: 10 s), on top
#: of the function's own time.
INIT_MS = 10_000

HandOver = Callable[[list[tuple[str, str]], bytes], None]


class FunctionProcess:
    """A process. `freed` is called when it can take another event, `ended` when it is gone.

    `current` of one that is gone is an invocation that it never saw, for another to run.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        reaper: Reaper,
        freed: Callable[[FunctionProcess], None],
        ended: Callable[[FunctionProcess], None],
    ) -> None:
        self.spec = spec
        self.stale = False
        self.idle_since = 0.0
        self.current: Invocation | None = None
        self._reaper = reaper
        self._freed = freed
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._hand_over: HandOver | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._polled_once = self._delivered = False
        self._init_error: tuple[bytes, str] | None = None
        self._too_late = self._too_big = False
        self._process: asyncio.subprocess.Process | None = None
        self._stream: StreamedAnswer | None = None

    async def start(self) -> None:
        """Start it. Raises `CannotRunError` and `OSError`."""
        line = command(self.spec)
        self._output = Output()
        self._server = await self._loop.create_server(
            lambda: RuntimeConnection(self), "127.0.0.1", 0
        )
        port = self._server.sockets[0].getsockname()[1]
        moment = datetime.now(UTC).strftime("%Y/%m/%d")
        environment = environment_of(self.spec, f"127.0.0.1:{port}", moment)
        path = path_of(self.spec)
        if path:
            environment["PYTHONPATH"] = os.pathsep.join(path)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *line,
                cwd=self.spec.root,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self._output.write_end,
                stderr=self._output.write_end,
                start_new_session=True,
            )
        except OSError:
            self._server.close()
            self._output.close()
            raise
        finally:
            self._output.started()
        self._reaper.watch(self._process.pid)
        self._waiting = asyncio.ensure_future(self._wait())
        self._limit(INIT_MS + self.spec.timeout_ms)

    def give(self, invocation: Invocation) -> None:
        """The next event. Only for a process without one."""
        self.current = invocation
        self._delivered = False
        if self._hand_over is not None:
            self._deliver()

    def close(self) -> None:
        """End it and all that it has started, at once."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    async def closed(self) -> None:
        """Wait until it is gone."""
        if self._process is not None:
            await asyncio.shield(self._waiting)

    def check_memory(self) -> None:
        """End it if it has grown over its function's memory size."""
        process = self._process
        if process is None or self.current is None or self.spec.debug_port is not None:
            return
        with suppress(psutil.Error):
            size = psutil.Process(process.pid).memory_info().rss
            if size > self.spec.memory_mb * 1024 * 1024:
                self._too_big = True
                self.close()

    # What the runtime client asks for.

    def polled(self, hand_over: HandOver) -> None:
        """It is ready for an event."""
        if not self._polled_once:
            self._polled_once = True
            if self.current is not None:
                self.current.init_ms = max(1, round((self._loop.time() - self._began) * 1000))
            self._limit(None)
        self._hand_over = hand_over
        if self.current is not None:
            self._deliver()

    def answered(self, request_id: str, body: bytes, headers: dict[str, str]) -> bool:
        """The function's result."""
        done = self._finish(request_id)
        if done is None:
            return False
        log = self._output.take()
        if len(body) > PAYLOAD_LIMIT:
            outcomes.too_large(done, log)
        else:
            done.answer(body, log)
        self._freed(self)
        return True

    def streaming(self, request_id: str, wire: Wire) -> Sink | None:
        """The function's result as it comes; None where it is wanted whole."""
        invocation = self.current
        if invocation is None or invocation.request_id != request_id or not invocation.stream:
            return None
        self._stream = StreamedAnswer(invocation, wire)
        return _Streaming(self, self._stream)

    def streamed(self, answer: StreamedAnswer, trailers: dict[str, str]) -> None:
        """The function's result has come to its end."""
        if self._stream is not answer or self.current is None:
            return
        self._stream = None
        self._finish(self.current.request_id)
        answer.end(trailers, self._output.take())
        self._freed(self)

    def erred(self, request_id: str, body: bytes, headers: dict[str, str]) -> bool:
        """The function raised."""
        done = self._finish(request_id)
        if done is None:
            return False
        done.answer(body, self._output.take(), "Unhandled")
        self._freed(self)
        return True

    def could_not_start(self, body: bytes, headers: dict[str, str]) -> None:
        """Loading the function raised; the process will end."""
        self._init_error = (body, self._output.take())

    # Inside.

    def _deliver(self) -> None:
        invocation, hand_over = self.current, self._hand_over
        assert invocation is not None
        assert hand_over is not None
        self._hand_over = None
        self._delivered = True
        self._limit(self.spec.timeout_ms)
        deadline = time.time_ns() // 1_000_000 + self.spec.timeout_ms
        fields = [
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(deadline)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.arn),
        ]
        if invocation.trace_id:
            fields.append(("Lambda-Runtime-Trace-Id", invocation.trace_id))
        hand_over(fields, invocation.payload)

    def _finish(self, request_id: str) -> Invocation | None:
        invocation = self.current
        if invocation is None or invocation.request_id != request_id:
            return None
        self._limit(None)
        self.current = None
        return invocation

    def _limit(self, milliseconds: int | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds is not None and self.spec.debug_port is None:
            self._timer = self._loop.call_later(milliseconds / 1000, self._expire)

    def _expire(self) -> None:
        self._too_late = True
        self.close()

    async def _wait(self) -> None:
        assert self._process is not None
        code = await self._process.wait()
        self._limit(None)
        # What it started may have outlived it, and holds the pipe open.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._reaper.forget(self._process.pid)
        self._server.close()
        log = self._output.take()
        self._output.close()
        if self.current is not None and (self._delivered or not self._polled_once):
            left, self.current = self.current, None
            self._account_for(left, code, log)
        self._ended(self)

    def _account_for(self, left: Invocation, code: int, log: str) -> None:
        if self._stream is not None:
            late = f"timed out after {self.spec.timeout_ms / 1000:.2f} seconds"
            why = late if self._too_late else f"ended with {code}"
            if self._stream.break_off(f"the function {why} before its answer was whole", log):
                return
        if self._init_error is not None:
            body, before = self._init_error
            left.answer(body, before + log, "Unhandled")
        elif self._too_late:
            outcomes.timed_out(left, self.spec.timeout_ms, log)
        elif self._too_big:
            outcomes.out_of_memory(left, log)
        else:
            outcomes.exited(left, code, log)


class _Streaming:
    """Where a connection puts the bytes of a streamed answer."""

    def __init__(self, process: FunctionProcess, answer: StreamedAnswer) -> None:
        self._process = process
        self._answer = answer

    def push(self, data: bytes) -> None:
        self._answer.push(data)

    def end(self, trailers: dict[str, str]) -> None:
        self._process.streamed(self._answer, trailers)

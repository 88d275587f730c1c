"""One process of a function: started, polled for, given one invocation at a time, and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from inspector.runtime.functions import invocation as outcomes
from inspector.runtime.functions import memory
from inspector.runtime.functions.invocation import PAYLOAD_LIMIT, Invocation
from inspector.runtime.functions.launch import command, path_of
from inspector.runtime.functions.output import Output
from inspector.runtime.functions.reaper import Reaper
from inspector.runtime.functions.runtime_api import HandOver, RuntimeConnection, Sink, Verdict
from inspector.runtime.functions.spec import LOG_STREAM, FunctionSpec, environment_of
from inspector.runtime.functions.streaming import CUT, StreamedAnswer, error_in
from inspector.runtime.functions.watcher import end_marked
from inspector.runtime.stream import Wire

#: Milliseconds that a runtime may take before it asks for its first event. Where it takes longer,
#: Lambda starts it anew, within the function's own time (guide, "Lambda execution environment").
INIT_MS = 10_000
#: Milliseconds that a process may go on after it has said that it could not start.
_PARTING_MS = 200


class FunctionProcess:
    """A process. `freed` is called when it can take another event, `ended` when it is gone.

    `ended` is also given the invocation that another process should be tried with, if any.
    """

    def __init__(
        self,
        spec: FunctionSpec,
        reaper: Reaper,
        freed: Callable[[FunctionProcess], None],
        ended: Callable[[FunctionProcess, Invocation | None], None],
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
        self._deadline_ms = 0
        self._oversized: Invocation | None = None
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
            own = environment.get("PYTHONPATH")
            environment["PYTHONPATH"] = os.pathsep.join([*path, own] if own else path)
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
        # No other process has this name for its log, but what is started by this one.
        self._mark = f"{LOG_STREAM}={environment[LOG_STREAM]}"
        self._reaper.watch(self._process.pid, self._mark)
        self._waiting = asyncio.ensure_future(self._wait())
        if self._late:
            self._limit_invocation()
        else:
            self._limit(INIT_MS)

    @property
    def _late(self) -> bool:
        """Whether its start is counted as part of its first invocation."""
        return not self._polled_once and self.current is not None and self.current.late

    def give(self, invocation: Invocation) -> None:
        """The next event. Only for a process without one."""
        self.current = invocation
        invocation.printing = self._printed
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
        if memory.is_over(process.pid, self.spec.memory_mb * 1024 * 1024):
            self._too_big = True
            self.close()

    # What the runtime client asks for.

    def polled(self, hand_over: HandOver) -> None:
        """It is ready for an event; for the one that it has, if it did not answer it."""
        if self._init_error is not None:
            return  # it has said that it cannot, and is about to be ended
        if self._oversized is not None:
            self._settle_oversized(self._output.take())
            self._freed(self)
        self._hand_over = hand_over
        if self.current is not None:
            self._deliver()
            return
        self._polled_once = True
        self._limit(None)

    def answered(self, request_id: str, body: bytes, headers: dict[str, str]) -> Verdict:
        """The function's result. Its time goes on until it asks for the next event, as at Lambda."""
        done = self._finish(request_id)
        if done is None:
            return "unknown"
        error = error_in(headers)
        if error is None and len(body) > PAYLOAD_LIMIT:
            self._oversized = done  # the client prints something of it
            return "too-large"
        log = self._output.take()
        if error is not None:
            done.answer(error, log, "Unhandled")
        else:
            done.answer(body, log)
        self._freed(self)
        return "accepted"

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

    def erred(self, request_id: str, body: bytes, headers: dict[str, str]) -> Verdict:
        """The function raised."""
        done = self._finish(request_id)
        if done is None:
            return "unknown"
        done.answer(body, self._output.take(), "Unhandled")
        self._freed(self)
        return "accepted"

    def could_not_start(self, body: bytes, headers: dict[str, str]) -> bool:
        """Loading the function raised; the process has to end. Not for one that has started."""
        if self._polled_once:
            return False
        self._init_error = (body, self._output.take())
        self._limit(_PARTING_MS)
        return True

    # Inside.

    def _settle_oversized(self, log: str) -> None:
        done, self._oversized = self._oversized, None
        if done is not None:
            outcomes.too_large(done, log)

    def _printed(self) -> str:
        """Up to now."""
        return "" if self._process is None else self._output.take()

    def _deliver(self) -> None:
        invocation, hand_over = self.current, self._hand_over
        assert invocation is not None
        assert hand_over is not None
        self._hand_over = None
        if not self._delivered and not self._late:
            self._limit_invocation()
        if not self._polled_once:
            self._polled_once = True
            invocation.init_ms = max(1, round((self._loop.time() - self._began) * 1000))
        fields = [
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(self._deadline_ms)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.arn),
        ]
        if invocation.trace_id:
            fields.append(("Lambda-Runtime-Trace-Id", invocation.trace_id))
        self._delivered = hand_over(fields, invocation.payload)

    def _finish(self, request_id: str) -> Invocation | None:
        invocation = self.current
        if invocation is None or invocation.request_id != request_id:
            return None
        self.current = None
        return invocation

    def _limit_invocation(self) -> None:
        self._limit(self.spec.timeout_ms)
        self._deadline_ms = time.time_ns() // 1_000_000 + self.spec.timeout_ms

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
        ending = False
        try:
            code = await self._process.wait()
        except asyncio.CancelledError:  # the program ends: not before the process has
            ending = True
            self.close()
            code = await self._process.wait()
        self._limit(None)
        # What it started may have outlived it, and holds the pipe open.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._server.close()
        log = self._output.take()
        self._output.close()
        if not ending:  # else another would be started in its place
            self._hand_on(code, log)
        await asyncio.to_thread(end_marked, {self._mark.encode()})
        self._reaper.forget(self._process.pid)

    def _hand_on(self, code: int, log: str) -> None:
        """Settle its invocation, or leave it to another process."""
        self._settle_oversized(log)
        left, self.current = self.current, None
        again = None
        if left is not None and self._try_again(left):
            if left.late:
                left.printed += log
            again = left
        elif left is not None:
            self._account_for(left, code, log)
        self._ended(self, again)

    def _try_again(self, left: Invocation) -> bool:
        """Whether an invocation is another process's: this one never had it, or never began."""
        if self._polled_once:
            return not self._delivered
        if not self._too_late or left.late or self._init_error is not None:
            return False
        left.late = True
        return True

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

    def cut(self) -> None:
        # Most often the process has ended, and says better why.
        later = asyncio.get_running_loop().call_later
        later(_PARTING_MS / 1000, self._process.streamed, self._answer, CUT)

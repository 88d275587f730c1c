"""The gateway as a child process: started, waited for, stopped, and never left behind.

The child's standard input is its lifeline: the settings go in as the first line, and when it
ends, however we ended, the child writes what it holds and goes. Its standard output is a line
of JSON for each thing that happened to it; what it narrates goes to a log, shown when it fails.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

from inspector.cli.child_events import Event, Events
from inspector.cli.exit import CommandError, Exit
from inspector.cli.settings import Settings
from inspector.runtime.python_process import module_command

#: Seconds: the child loads definitions and starts a proxy; on a busy machine that takes a while.
START_LIMIT = 30.0
#: Seconds to write the last batch and hang up, more than the child itself allows for it
#: (`gateway_process.END_LIMIT`); then it is told less politely.
STOP_LIMIT = 10.0
#: Seconds that a signal may take.
SIGNAL_LIMIT = 2.0
LOG_LINES = 20


class GatewayChild:
    """The gateway process. A context manager: left, the process is gone."""

    def __init__(self, settings: Settings) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile(prefix="inspector-gateway-")  # noqa: SIM115
        self._process = subprocess.Popen(
            module_command("inspector.cli.gateway_process"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is ours to answer; the child ends by its lifeline
        )
        assert self._process.stdout is not None
        self._events = Events(self._process.stdout)
        #: What it told before it was ready: nobody could be told of it then.
        self._early: deque[Event] = deque()
        self._write((settings.to_json() + "\n").encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def wait_ready(self) -> str:
        """The address served, `HOST:PORT`. Raises `CommandError` with what went wrong."""
        deadline = time.monotonic() + START_LIMIT
        while (left := deadline - time.monotonic()) > 0:
            event = self._events.next(left)
            if event is None:
                break
            if event.kind == "ready":
                return str(event.data["address"])
            if event.kind == "failed":
                code = Exit(event.data["exit"])
                raise CommandError(code, event.data["message"], event.data["hint"])
            self._early.append(event)
        raise self.failure("The gateway did not start.")

    def event(self, seconds: float) -> Event | None:
        """The next thing it told, None where it told nothing within this time or is gone."""
        return self._early.popleft() if self._early else self._events.next(seconds)

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def failure(self, message: str) -> CommandError:
        """The message, with the end of the process's log as its hint."""
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").splitlines()[-LOG_LINES:]
        return CommandError(Exit.FAILED, message, "\n  ".join(lines))

    def stop(self) -> None:
        """End it: by its lifeline, then by signals. Returns within `STOP_LIMIT` and a little."""
        assert self._process.stdin is not None
        if not self._process.stdin.closed:
            self._write(b"", close=True)
        for seconds, insist in (
            (STOP_LIMIT, self._process.terminate),
            (SIGNAL_LIMIT, self._process.kill),
        ):
            if self._wait(seconds):
                break
            insist()
        self._wait(SIGNAL_LIMIT)
        self._events.join(SIGNAL_LIMIT)
        self._log.close()

    def last_words(self) -> Iterator[str]:
        """What it told and nobody heard, after its end."""
        while (event := self.event(0)) is not None:
            if event.kind == "notice":
                yield str(event.data["text"])

    def kill(self) -> None:
        """End it at once; what it has not written is lost. May be called by a signal's handler."""
        self._process.kill()

    def _wait(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _write(self, data: bytes, *, close: bool = False) -> None:
        """Into the lifeline; a child that is gone already is found out by `ended`."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
            if close:
                self._process.stdin.close()
        except BrokenPipeError:
            pass

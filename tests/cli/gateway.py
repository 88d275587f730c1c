"""`inspector up --headless` as a process of its own, and what it tells."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

from inspector.runtime.python_process import module_command

PATIENCE = 30.0


class Up:
    """The running command. Lines of both streams are kept as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[str] = []
        self.printed: list[str] = []
        self._told: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._printed: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert process.stdout is not None
        assert process.stderr is not None
        self._readers = [
            _reader(process.stderr, self._told),
            _reader(process.stdout, self._printed),
        ]
        self.url = self.wait_told(r"Serving at (http://\S+),")[1]
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)

    def wait_told(self, pattern: str) -> re.Match[str]:
        """The next line of narration with this pattern."""
        return _next(self._told, self.told, pattern)

    def wait_printed(self, pattern: str) -> re.Match[str]:
        """The next line of data with this pattern."""
        return _next(self._printed, self.printed, pattern)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send this signal; the exit code."""
        self.client.close()
        self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        self.join()
        for lines, kept in ((self._told, self.told), (self._printed, self.printed)):
            while (line := lines.get()) is not None:
                kept.append(line)
        return code

    def join(self) -> None:
        """Wait until all was read."""
        for reader in self._readers:
            reader.join(PATIENCE)


def _reader(stream: IO[str], lines: queue.SimpleQueue[str | None]) -> threading.Thread:
    def read() -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _next(lines: queue.SimpleQueue[str | None], kept: list[str], pattern: str) -> re.Match[str]:
    while (line := lines.get(timeout=PATIENCE)) is not None:
        kept.append(line)
        if match := re.search(pattern, line):
            return match
    raise AssertionError(f"ended without {pattern!r}: " + "\n".join(kept))


def appears(file: Path) -> None:
    """Wait until the file is there."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} does not appear"
        time.sleep(0.01)


@contextmanager
def running(folder: Path, *arguments: object, **environment: Any) -> Iterator[Up]:
    """`inspector up --headless ARGUMENTS…` on a free port, in this folder."""
    command = module_command(
        "inspector", "up", "--headless", "--listen", "127.0.0.1:0", *map(str, arguments)
    )
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    up = Up(process)
    try:
        yield up
    finally:
        up.client.close()
        process.terminate()
        process.wait(PATIENCE)
        up.join()

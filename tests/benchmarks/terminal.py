"""A program on a pseudo-terminal: keys in, what it draws out, each piece with its moment."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-9;:?<>=!]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_][^\x1b]*\x1b\\|.)"
)


class Terminal:
    """A context manager: left, the program is gone. `drawn` is all it wrote, undecoded."""

    def __init__(self, command: Sequence[str], columns: int = 200, rows: int = 50) -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LINES": str(rows),
            "COLUMNS": str(columns),
        }
        environment.pop("NO_COLOR", None)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._ours = ours
        self.drawn = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def press(self, keys: str) -> float:
        """Type; the moment it was done."""
        os.write(self._ours, keys.encode())
        return time.perf_counter()

    def read(self, seconds: float) -> bytes:
        """What it draws next, at most so long waited for."""
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if not ready:
            return b""
        try:
            piece = os.read(self._ours, 1 << 20)
        except OSError:  # it has gone
            return b""
        self.drawn += piece
        return piece

    def until(self, seen: Callable[[str], bool], seconds: float, since: int = 0) -> float:
        """The moment from which `seen` is true of the text drawn from the byte `since` on."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if self.read(0.05) and seen(text_of(self.drawn[since:])):
                return time.perf_counter()
        tail = text_of(self.drawn[-3000:])
        raise TimeoutError(f"not seen within {seconds:g} s; the last drawn was: {tail[-1500:]}")

    def drain(self, seconds: float) -> None:
        """Read whatever comes within this time."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)


def text_of(drawn: bytes | bytearray) -> str:
    """The text without its escape sequences."""
    return _ESCAPES.sub("", drawn.decode("utf-8", "replace"))

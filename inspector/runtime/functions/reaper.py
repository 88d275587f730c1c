"""No process is left over, even when this one is killed: a small watcher ends them in its place.

The watcher reads process groups from its standard input; when that ends without a word, because
whoever wrote to it is gone, it kills the groups that were not taken back.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

#: Seconds to wait for the watcher's end; it ends by itself all the same.
_END = 1.0
_WATCHER = Path(__file__).with_name("watcher.py")


class Reaper:
    """The watcher, started with the first process that it watches."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int, mark: str) -> None:
        """End this process group should we be gone, and all whose environment has this entry."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_WATCHER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._say(f"+{group} {mark}\n")

    def forget(self, group: int) -> None:
        """This one has ended by itself."""
        self._say(f"-{group}\n")

    def close(self) -> None:
        """End the watcher; what it still watches ends with it. Not waited for longer than that."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                process.communicate(timeout=_END)

    def _say(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()

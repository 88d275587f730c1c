"""A program in a real terminal: tmux draws it, takes keys, and tells what is on the screen."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pytest

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

PATIENCE = 40.0
_LOOK = 0.05


class Tmux:
    """A tmux server of its own. A context manager: left, everything in it is gone."""

    def __init__(
        self, command: Sequence[str], columns: int, rows: int, environment: Mapping[str, str]
    ) -> None:
        self._name = f"inspector-{os.getpid()}-{time.monotonic_ns()}"
        told = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        # The shell stays, so that what was said at the end is still on the screen.
        script = f"env -u COLUMNS -u LINES {told} {shlex.join(command)}; echo ended with $?; cat"
        self.run(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), script
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run("kill-server", check=False)

    def run(self, *arguments: str, check: bool = True) -> str:
        """A command of this server; what it printed."""
        done = subprocess.run(
            ["tmux", "-L", self._name, *arguments],
            check=check,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Keys by tmux's names, one after the other: `Enter`, `Escape`, `r`."""
        self.run("send-keys", *keys)

    def write(self, text: str) -> None:
        """Text as it is."""
        self.run("send-keys", "-l", text)

    def screen(self) -> str:
        """What is on the screen."""
        return self.run("capture-pane", "-p")

    def wait(self, wanted: str | Callable[[str], bool]) -> str:
        """The screen, once it has this pattern (or is as wanted)."""
        deadline, shown = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            shown = self.screen()
            if re.search(wanted, shown) if isinstance(wanted, str) else wanted(shown):
                return shown
            time.sleep(_LOOK)
        raise AssertionError(f"{wanted!r} did not come to the screen:\n{shown}")

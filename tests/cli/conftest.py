"""The command line as a user runs it: a process of its own, in a directory of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.runtime.python_process import module_command

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def inspector(tmp_path: Path) -> Run:
    """Runs `inspector ARGUMENTS…` in a directory of its own, to its end."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            module_command("inspector", *map(str, arguments)),
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run

"""A command that is told to end takes along what it started and laid down."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from inspector.runtime.python_process import module_command

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_demo_that_is_ended_leaves_nothing_behind(tmp_path: Path, how: signal.Signals) -> None:
    process = subprocess.Popen(
        module_command("inspector", "demo", "--text"),
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert b"requests to" in process.stderr.readline()
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    assert list(tmp_path.iterdir())
    process.send_signal(how)
    assert process.wait(10) == 128 + how
    deadline = time.monotonic() + 10
    while any(each.is_running() for each in started) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(each.is_running() for each in started)
    assert list(tmp_path.iterdir()) == []

from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

import pytest

from inspector.cli import screen


@pytest.mark.parametrize(
    ("terminal", "possible"), [("xterm-256color", True), ("dumb", False), (None, True)]
)
def test_a_dumb_terminal_is_only_printed_on(monkeypatch, terminal, possible):
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "r") as stream:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, stream)
        monkeypatch.delenv("TERM", raising=False)
        if terminal is not None:
            monkeypatch.setenv("TERM", terminal)
        assert screen.possible() is possible


def test_without_a_terminal_there_is_no_screen(monkeypatch):
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert not screen.possible()

"""Signals that end a program: it goes in order, and takes along what it started and laid down."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Final

#: Who closes the terminal, or wants an end. Where there is no terminal to close (Windows): one.
SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def in_order() -> None:
    """From now on they end the program as `sys.exit` does; one that is ignored (nohup) stays so."""
    if threading.current_thread() is not threading.main_thread():
        return
    for each in SIGNALS:
        if signal.getsignal(each) is signal.SIG_DFL:
            signal.signal(each, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)

"""Waiting for what the gateway tells must not swallow a signal."""

from __future__ import annotations

import os
import subprocess
import sys
from io import FileIO

from inspector.cli.child_events import Event, Events

#: A signal comes while it is waited, and its handler takes longer than was to be waited. A busy
#: machine makes a short handler take as long.
_INTERRUPTED = """
import os, signal, threading
from io import FileIO
from inspector.cli.child_events import Events
signal.signal(signal.SIGALRM, lambda *_: threading.Event().wait(0.2))
signal.setitimer(signal.ITIMER_REAL, 0.02)
print(Events(FileIO(os.pipe()[0])).next(0.1))
"""


def test_a_signal_at_the_end_of_a_wait_does_not_make_it_endless() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED],
        timeout=10, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "None\n"


def test_what_is_told_comes_in_order_and_then_nothing() -> None:
    read, write = os.pipe()
    events = Events(FileIO(read))
    os.write(write, b'{"event": "ready", "address": "a"}\n{"event": "notice", "text": "b"}\n')
    os.close(write)
    told = [events.next(5), events.next(5), events.next(5)]
    assert told == [Event("ready", {"address": "a"}), Event("notice", {"text": "b"}), None]

"""The recording as the screen sees it: every read in a thread, answers come back as calls.

Two lanes, each with a thread and a `Reader` of its own, so that a long count never delays a page.
In a lane a newer question of the same name replaces one that has not been answered.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from inspector.recording.reader import Reader
from inspector.recording.schema import RecordingError

#: Seconds between two looks at the recording while it is quiet, and while traffic arrives.
QUIET_POLL = 0.25
BUSY_POLL = 0.1

Work = Callable[[Reader], Any]
Then = Callable[[Any], None]


class Post(Protocol):
    """Runs a call on the screen's own thread; may be called from any."""

    def __call__(self, callback: Callable[[], None], /) -> object: ...


@dataclass(frozen=True, slots=True)
class Failed:
    """What comes back instead of an answer: one sentence."""

    message: str


#: A stale question was interrupted a moment too late, and its successor was hit: it is tried again.
_INTERRUPTED = Failed("The reading was interrupted.")
_TRIES = 3


class Lane:
    """A thread that answers questions with its own reader, the newest of each name only."""

    def __init__(self, path: Path, post: Post, changed: Callable[[], None] | None = None) -> None:
        self._path, self._post, self._changed = path, post, changed
        self._questions: dict[str, tuple[Work, Then]] = {}
        self._wake = threading.Condition()
        self._stopping = False
        self._reader: Reader | None = None
        self._running = ""
        self._thread = threading.Thread(target=self._run, name="recording reader", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer nothing more; ends the thread at once, whatever it is reading."""
        with self._wake:
            self._stopping = True
            self._questions.clear()
            self._wake.notify()
            reader = self._reader
        if reader is not None:
            reader.interrupt()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def ask(self, name: str, work: Work, then: Then) -> None:
        """Do `work` in the thread and call `then` with what it gave, or with `Failed`."""
        with self._wake:
            stale = self._running == name
            self._questions[name] = (work, then)
            self._wake.notify()
            reader = self._reader
        if stale and reader is not None:
            reader.interrupt()

    def drop(self, name: str) -> None:
        """Forget a question; nobody waits for it any more."""
        with self._wake:
            self._questions.pop(name, None)
            reader = self._reader if self._running == name else None
            self._running = "" if reader else self._running
        if reader is not None:
            reader.interrupt()

    def _run(self) -> None:
        version, last_change = None, 0.0
        while True:
            pause = BUSY_POLL if time.monotonic() - last_change < 1.0 else QUIET_POLL
            with self._wake:
                if not self._questions and not self._stopping:
                    self._wake.wait(pause if self._changed else None)
                if self._stopping:
                    break
                name = next(iter(self._questions), "")
                question = self._questions.pop(name, None)
                self._running = name
            if question is not None:
                self._answer(name, *question)
            if self._changed and (now := self._version()) != version:
                version, last_change = now, time.monotonic()
                self._post(self._changed)
        if self._reader is not None:
            self._reader.close()

    def _answer(self, name: str, work: Work, then: Then) -> None:
        found: Any = None
        for _ in range(_TRIES):
            found = self._try(work)
            with self._wake:
                forgotten = name in self._questions or self._running != name or self._stopping
            if forgotten or found is not _INTERRUPTED:
                break
        with self._wake:
            self._running = ""
        if not forgotten:
            self._post(partial(then, found))

    def _try(self, work: Work) -> Any:
        try:
            if self._reader is None:
                self._reader = Reader(self._path)
            return work(self._reader)
        except RecordingError as error:
            return Failed(str(error))
        except sqlite3.OperationalError as error:
            return _INTERRUPTED if "interrupted" in str(error) else Failed(f"SQLite: {error}")
        except Exception as error:  # noqa: BLE001 (a thread must answer; the screen says it)
            return Failed(f"{type(error).__name__}: {error}")

    def _version(self) -> int | None:
        """Changes when another process has written."""
        try:
            return self._reader.data_version() if self._reader else None
        except Exception:  # noqa: BLE001 (a locked file now is asked again in a moment)
            return None


class Store:
    """The two lanes: `quick` for what the next repaint needs, `slow` for counts and searches."""

    def __init__(self, path: Path, post: Post, changed: Callable[[], None]) -> None:
        self.path = path
        self.quick = Lane(path, post, changed)
        self.slow = Lane(path, post)

    def start(self) -> None:
        """Begin to answer, and to call `changed` when another process has written."""
        self.quick.start()
        self.slow.start()

    def stop(self) -> None:
        """End both threads."""
        self.quick.stop()
        self.slow.stop()

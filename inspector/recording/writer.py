"""The writer: one thread that owns a connection and writes what others put, in batches.

A request pays for an append. The thread sleeps while nothing comes; the first exchange after a
pause is written within some 20 ms, under load a batch goes every tenth of a second. In WAL mode
with synchronous=NORMAL a killed process loses what had not been written, at most the last 250 ms,
and the file stays whole. Whatever happens to the file, the gateway goes on; `status()` says what
is wrong, and what was lost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from inspector.recording.exchange import Exchange
from inspector.recording.pending import Item, Limits, Pending
from inspector.recording.recording_file import RecordingFile
from inspector.recording.sessions import Session
from inspector.recording.status import SENTENCES, State, Status, Trouble

DEFAULT_BODY_CAP: Final = 16 << 20
#: Seconds from the first exchange after a pause to its being written, and between batches.
FIRST_WAIT: Final = 0.015
LOAD_WAIT: Final = 0.1
#: From so many in one batch on, we call it load.
LOAD: Final = 8
#: The most in one transaction: it should hold the file for less than 10 ms.
BATCH: Final = 256
#: Seconds of silence before the text index is brought up to date, and between steps of it.
IDLE: Final = 1.0
INDEX_WAIT: Final = 0.005
#: Seconds between tries while the file cannot be written.
RETRY: Final = 0.5


@dataclass(slots=True)
class _Told:
    """What the thread has to tell: only it changes this."""

    state: State = "writing"
    written: int = 0
    lost: int = 0
    last_error: str | None = None
    busy: bool = False
    ids: dict[int, int | None] = field(default_factory=dict)


class Writer:
    """Records exchanges into `path`. Raises `RecordingError` when it cannot be opened.

    Bodies are kept up to `body_cap` bytes; `index` keeps the text index up to date when idle.
    """

    def __init__(
        self,
        path: Path,
        *,
        session: Session | None = None,
        body_cap: int = DEFAULT_BODY_CAP,
        limits: Limits | None = None,
        index: bool = True,
    ) -> None:
        self._file = RecordingFile(Path(path), session or Session(), body_cap)
        self._index = index
        self._pending = Pending(limits or Limits())
        self._told = _Told()
        self._awaited: set[int] = set()
        self._new_definitions: list[tuple[str, str]] = []
        self._asleep = False
        self._closing = False
        self._loaded = False
        self._wake = threading.Event()
        self._progress = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def put(self, exchange: Exchange) -> None:
        """Records the exchange, soon. Never blocks, never raises; callable from any thread."""
        self._pending.add(exchange)
        if self._asleep:
            self._asleep = False
            self._wake.set()

    def store(self, exchange: Exchange, timeout_s: float = 2.0) -> int:
        """Records the exchange, waits for its commit, and gives its id.

        Raises TimeoutError where that takes too long, ValueError where it cannot be stored.
        """
        with self._progress:
            ticket = self._pending.add(exchange)
            self._awaited.add(ticket)
            self._wake.set()
            done = self._progress.wait_for(lambda: ticket in self._told.ids, timeout_s)
            self._awaited.discard(ticket)
            found = self._told.ids.pop(ticket, None)
        if not done:
            raise TimeoutError(self.status().message or "The exchange was not written in time.")
        if found is None:
            raise ValueError(self._file.notice)
        return found

    def define(self, digest: str, bundle: str) -> None:
        """Keeps a definition bundle (JSON) under its digest, before any exchange put later."""
        self._new_definitions.append((digest, bundle))
        self._wake.set()

    def status(self) -> Status:
        """How the recording does, at any time, from any thread."""
        told = self._told
        lost = told.lost + self._pending.dropped
        parts = [SENTENCES[told.state], self._file.notice]
        if lost:
            parts.append(f"{lost} exchanges could not be kept.")
        message = " ".join(part for part in parts if part)
        pending = len(self._pending)
        return Status(told.state, message, told.written, pending, lost, told.last_error)

    def crowded(self) -> bool:
        """Whether the file is written, and falls behind: half of what may wait does."""
        return self._pending.crowded and self._told.state == "writing"

    def flush(self, timeout_s: float = 2.0) -> bool:
        """Waits until all that was put before has been written; whether it has."""
        with self._progress:
            self._wake.set()
            return self._progress.wait_for(self._settled, timeout_s)

    def close(self, timeout_s: float = 1.0) -> Status:
        """Writes what is pending, for at most so long, and ends the thread; the last status."""
        self._closing = True
        self._wake.set()
        self._thread.join(timeout_s)
        return self.status()

    def _run(self) -> None:
        while not (self._closing and (self._settled() or self._told.state != "writing")):
            if not self._closing:
                self._pause()
            self._write_all()
        self._file.close()
        lost = len(self._pending)
        self._told.lost += lost
        self._pending.take(lost)
        self._told.state = "closed"

    def _settled(self) -> bool:
        return not (self._told.busy or self._pending or self._definitions_wait())

    def _definitions_wait(self) -> bool:
        return bool(self._new_definitions) or self._file.has_undefined

    def _pause(self) -> None:
        """Waits for what is worth a transaction. `store`, `flush` and `close` end any wait."""
        if self._told.state != "writing":
            self._wake.wait(RETRY)
        elif self._pending:
            self._wake.wait(LOAD_WAIT if self._loaded else FIRST_WAIT)
        else:
            self._sleep()
        self._wake.clear()

    def _sleep(self) -> None:
        """Until something is put; after a while, the text index is worked on meanwhile."""
        self._loaded = False
        self._asleep = True
        # Whoever puts looks at `_asleep` after appending, so one of the two sees the other.
        quiet = not self._pending and not self._wake.wait(IDLE)
        while quiet and self._index and self._file.index_more():
            quiet = not self._wake.wait(INDEX_WAIT)
        self._asleep = False
        if self._pending and not self._awaited:
            self._wake.clear()
            self._wake.wait(FIRST_WAIT)

    def _write_all(self) -> None:
        """Writes all that is pending, transaction by transaction, until one fails."""
        told = self._told
        while True:
            told.busy = True
            while self._new_definitions:
                self._file.define(*self._new_definitions.pop(0))
            items = self._pending.take(BATCH)
            self._loaded = len(items) >= LOAD
            try:
                if items or self._file.has_undefined:
                    self._write(items)
                else:
                    self._file.check()
            except Trouble as trouble:
                self._pending.put_back(items)
                told.state, told.last_error = trouble.state, str(trouble)
                items = []
            else:
                told.state = "writing"
            told.busy = False
            with self._progress:
                self._progress.notify_all()
            if len(items) < BATCH:
                return

    def _write(self, items: list[Item]) -> None:
        ids = self._file.write([item.exchange for item in items])
        told = self._told
        for item, found in zip(items, ids, strict=True):
            told.written += found is not None
            told.lost += found is None
            if item.ticket in self._awaited:
                told.ids[item.ticket] = found
        if None in ids:
            told.last_error = self._file.notice
        self._pending.done(items)

"""Requests and replies between the processes that share a recording, one row each.

Whoever waits looks at `PRAGMA data_version`, which costs next to nothing and changes when another
process has written: every 10 ms while somebody waits. An ask that nobody answers in its lifetime
is void, so that what a killed process asked for is never carried out late.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inspector.recording.schema import open_for_writing

POLL: Final = 0.01
#: Answered and void rows are kept so long for whoever looks into the file, in µs.
KEPT_US: Final = 600_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """An open request: `payload` is any JSON value."""

    id: int
    topic: str
    asker: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: `payload`, or `error` saying why there is none."""

    payload: Any
    error: str | None


class Control:
    """One process's end. For one thread; raises `RecordingError` and `sqlite3.Error`."""

    def __init__(self, path: Path, name: str) -> None:
        self._connection = open_for_writing(path, create=False)
        self._name = name
        self._version = -1

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def ask(
        self, topic: str, payload: object, to: str | None = None, lifetime_s: float = 30.0
    ) -> int:
        """Asks `to` (None: whoever serves the topic); the id to wait for."""
        now = _now()
        cursor = self._connection.execute(
            "INSERT INTO control (topic, asker, addressee, payload, asked_us, expires_us)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (topic, self._name, to, json.dumps(payload), now, now + int(lifetime_s * 1e6)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def wait(self, number: int, timeout_s: float) -> Answer:
        """The answer. Raises TimeoutError when none comes in time; the ask is void then."""
        deadline = time.monotonic() + timeout_s
        found = self._answer_of(number)
        while found is None and time.monotonic() < deadline:
            time.sleep(POLL)
            if self.changed():
                found = self._answer_of(number)
        # Withdrawn and answered in the same moment: the answer counts.
        found = found or self._withdrawn(number)
        if found is None:
            raise TimeoutError(f"Nobody answered within {timeout_s:g} s.")
        return found

    def pending(self, topics: Sequence[str]) -> list[Ask]:
        """Open requests on these topics that are for this process, oldest first."""
        marks = ",".join("?" * len(topics))
        rows = self._connection.execute(
            f"SELECT id, topic, asker, payload FROM control WHERE topic IN ({marks})"
            " AND answered_us IS NULL AND expires_us > ? AND coalesce(addressee, ?) = ?"
            " ORDER BY id",
            (*topics, _now(), self._name, self._name),
        )
        return [Ask(number, topic, asker, json.loads(text)) for number, topic, asker, text in rows]

    def answer(self, number: int, payload: object, error: str | None = None) -> bool:
        """Answers; False where somebody else has, or the ask is void."""
        cursor = self._connection.execute(
            "UPDATE control SET answer = ?, error = ?, answered_us = ?"
            " WHERE id = ? AND answered_us IS NULL AND expires_us > ?",
            (json.dumps(payload), error, _now(), number, _now()),
        )
        return cursor.rowcount == 1

    def changed(self) -> bool:
        """Whether another process has written since the last call."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        before, self._version = self._version, version
        return bool(version != before)

    def expire(self) -> int:
        """Deletes rows that are of no use any more; how many."""
        cursor = self._connection.execute(
            "DELETE FROM control WHERE max(expires_us, coalesce(answered_us, 0)) < ?",
            (_now() - KEPT_US,),
        )
        return cursor.rowcount

    def _answer_of(self, number: int) -> Answer | None:
        row = self._connection.execute(
            "SELECT answer, error FROM control WHERE id = ? AND answered_us IS NOT NULL", (number,)
        ).fetchone()
        return None if row is None else Answer(json.loads(row[0]), row[1])

    def _withdrawn(self, number: int) -> Answer | None:
        """Makes the ask void, unless it has been answered."""
        try:
            self._connection.execute(
                "UPDATE control SET expires_us = 0 WHERE id = ? AND answered_us IS NULL", (number,)
            )
        except sqlite3.OperationalError:
            return None
        return self._answer_of(number)


def _now() -> int:
    return time.time_ns() // 1000

"""Favourites and comments: written by whoever looks at the recording, not by the gateway."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from inspector.recording.schema import open_for_writing


class Notes:
    """Short transactions on a connection of its own. Raises `RecordingError`, `sqlite3.Error`."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_writing(path, create=False)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def mark(self, ids: Iterable[int], *, marked: bool = True) -> None:
        """Makes these exchanges favourites, or no longer: pruning leaves favourites alone."""
        self._upsert("marked", [(number, int(marked)) for number in ids])

    def comment(self, number: int, text: str | None) -> None:
        """Puts a comment to an exchange, or with None takes it away."""
        self._upsert("comment", [(number, text)])

    def _upsert(self, column: str, rows: list[tuple[int, int | str | None]]) -> None:
        now = time.time_ns() // 1000
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(
                f"INSERT INTO notes (exchange_id, {column}, changed_us) VALUES (?, ?, {now})"
                " ON CONFLICT (exchange_id) DO UPDATE SET"
                f" {column} = excluded.{column}, changed_us = excluded.changed_us",
                rows,
            )
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self._connection.execute("ROLLBACK")
            raise

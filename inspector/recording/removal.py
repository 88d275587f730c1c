"""Deleting chosen exchanges so that it can be undone: first out of sight, later for good.

Removing takes the narrow rows and notes out of their tables: no list, count or filter sees the
exchange any more, while its story and bodies stay until `finish`. Transactions stay short.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inspector.recording.retention import STEP, forget
from inspector.recording.rows import EXCHANGE_COLUMNS
from inspector.recording.schema import open_for_writing

_EXCHANGE: Final = ", ".join(EXCHANGE_COLUMNS)
_NOTE: Final = "exchange_id, marked, comment, changed_us"


@dataclass(frozen=True, slots=True)
class Removed:
    """The rows taken out: all that is needed to put them back."""

    exchanges: tuple[tuple[Any, ...], ...]
    notes: tuple[tuple[Any, ...], ...]


class Removal:
    """A connection of its own. Raises `RecordingError` and `sqlite3.Error`."""

    def __init__(self, path: Path) -> None:
        self._connection = open_for_writing(path, create=False)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def remove(self, ids: Sequence[int]) -> Removed:
        """Takes these exchanges out; those that are gone already are left out."""
        listed = ",".join(str(int(each)) for each in ids)
        with self._transaction():
            rows = self._rows(f"SELECT {_EXCHANGE} FROM exchanges WHERE id IN ({listed})")
            notes = self._rows(f"SELECT {_NOTE} FROM notes WHERE exchange_id IN ({listed})")
            self._connection.execute(f"DELETE FROM exchanges WHERE id IN ({listed})")
            self._connection.execute(f"DELETE FROM notes WHERE exchange_id IN ({listed})")
        return Removed(rows, notes)

    def restore(self, removed: Removed) -> None:
        """Puts them back as they were, under their numbers."""
        with self._transaction():
            self._insert("exchanges", _EXCHANGE, removed.exchanges)
            self._insert("notes", _NOTE, removed.notes)

    def finish(self, removed: Removed) -> None:
        """Lets go of what only they referred to: there is no way back."""
        place = EXCHANGE_COLUMNS.index
        wanted = [place(name) for name in ("id", "target_id", "request_body", "response_body")]
        doomed = [tuple(row[at] for at in wanted) for row in removed.exchanges]
        for first in range(0, len(doomed), STEP):
            forget(self._connection, doomed[first : first + STEP])

    def _rows(self, sql: str) -> tuple[tuple[Any, ...], ...]:
        return tuple(tuple(row) for row in self._connection.execute(sql))

    def _insert(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns.split(", ")))
        sql = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})"
        self._connection.executemany(sql, rows)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)


class _Transaction:
    """All or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
            return
        with suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")

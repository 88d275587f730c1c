"""Things stored once and referred to by number: kinds, targets, bodies.

Each has a digest. Ids of those met lately are kept in memory; the others are looked up, and where
they are new inserted, many to a statement, because each statement gives the interpreter lock away
and has to get it back from a busy proxy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

#: Rows to a statement; few sizes, so that SQLite's statement cache knows them all.
CHUNKS: Final = (128, 16, 1)


def insert_rows(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Any]
) -> None:
    """Inserts rows (sequences as long as `columns`), up to 128 to a statement."""
    head = f"INSERT INTO {table} ({','.join(columns)}) VALUES "
    one = f"({','.join('?' * len(columns))})"
    start = 0
    for size in CHUNKS:
        statement = head + ",".join([one] * size)
        while len(rows) - start >= size:
            values = [value for row in rows[start : start + size] for value in row]
            connection.execute(statement, values)
            start += size


class Interned:
    """One such table: ids of digests, known ones remembered up to `limit`.

    A key (any hashable, what the caller has in hand) stands for the digest, so that what is met
    again costs one look into a dictionary.
    """

    def __init__(self, table: str, columns: Sequence[str], limit: int) -> None:
        self._table = table
        self._columns = ("id", "digest", *columns)
        self._limit = limit
        self.known: dict[Hashable, int] = {}

    def forget(self) -> None:
        """Forgets all ids: somebody has cleaned up the table."""
        self.known.clear()

    def add(
        self, connection: sqlite3.Connection, new: Mapping[Hashable, tuple[bytes, Sequence[Any]]]
    ) -> None:
        """Makes sure that each key is known. `new` gives its digest and the other columns."""
        if not new:
            return
        ids = self._stored(connection, [digest for digest, _ in new.values()])
        next_id = self._next_id(connection)
        rows = []
        for key, (digest, columns) in new.items():
            found = ids.get(digest)
            if found is None:
                found = ids[digest] = next_id
                next_id += 1
                rows.append((found, digest, *columns))
            self.known[key] = found
        insert_rows(connection, self._table, self._columns, rows)

    def trim(self) -> None:
        """Forgets the older half of what is known, once it is too much."""
        if len(self.known) > self._limit:
            for key in list(self.known)[: len(self.known) - self._limit // 2]:
                del self.known[key]

    def _stored(self, connection: sqlite3.Connection, digests: list[bytes]) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        start = 0
        for size in CHUNKS:
            marks = ",".join("?" * size)
            query = f"SELECT digest, id FROM {self._table} WHERE digest IN ({marks})"
            while len(digests) - start >= size:
                found.update(connection.execute(query, digests[start : start + size]))
                start += size
        return found

    def _next_id(self, connection: sqlite3.Connection) -> int:
        """Ids are never used twice, even after everything was deleted: AUTOINCREMENT's memory."""
        row = connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (self._table,)
        ).fetchone()
        return 1 + (row[0] if row else 0)

"""Where text is found: row by row, or beforehand in all targets and bodies.

Beforehand means that the ids of what has the text are put into a temporary table (which a
read-only connection may have). The text index names candidates, which are checked; what it has not
reached yet, or was too large for it, is read. Both ways find the same.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Final

from inspector.recording import blobs
from inspector.recording.filter_sql import Clause, pattern
from inspector.recording.search_index import progress_of

#: More trigrams than these make the candidates hardly fewer.
_TRIGRAMS: Final = 24

#: Up to so many bodies are checked once, before exchanges are looked at.
_CHECKED_FIRST: Final = 50_000

_HAS: Final = f"""(CASE WHEN b.form = {blobs.PLAIN} THEN CAST(b.data AS TEXT) LIKE ? ESCAPE '\\'
    ELSE body_has(b.form, b.coding, b.data, ?) END)"""


def prepare(connection: sqlite3.Connection) -> None:
    """Gives a reader's connection the function by which bodies are searched."""
    connection.create_function("body_has", 4, _body_has, deterministic=True)


class RowByRow:
    """Looks into the target and the bodies of each exchange: right for a few thousand of them."""

    def target(self, condition: Clause, needle: str) -> Clause:
        return Clause(
            f"(EXISTS (SELECT 1 FROM targets t WHERE t.id = e.target_id AND {condition.sql}))",
            condition.parameters,
        )

    def body(self, needle: str) -> Clause:
        one = f"EXISTS (SELECT 1 FROM blobs b WHERE b.id = e.{{}} AND {_HAS})"
        other = (
            "EXISTS (SELECT 1 FROM other_bodies o JOIN blobs b ON b.id = o.blob_id"
            f" WHERE o.exchange_id = e.id AND {_HAS})"
        )
        sql = f"({one.format('request_body')} OR {one.format('response_body')} OR {other})"
        return Clause(sql, (pattern(needle), needle) * 3)


class Found:
    """Looks through all targets and bodies once for each text. Ends its tables with `close`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._progress = progress_of(connection)
        self._tables: dict[Clause, str] = {}

    def close(self) -> None:
        """Drops the tables."""
        for table in self._tables.values():
            with suppress(sqlite3.Error):
                self._connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        self._tables.clear()

    def target(self, condition: Clause, needle: str) -> Clause:
        return Clause(f"(+e.target_id IN temp.{self.targets(condition, needle)})")

    def body(self, needle: str) -> Clause:
        table = self.bodies(needle)
        (count,) = self._connection.execute(f"SELECT count(*) FROM temp.{table}").fetchone()
        look = ""
        values: tuple[str, ...] = ()
        if count <= _CHECKED_FIRST:
            table = self._checked(table, needle)
        else:
            # So many are checked last, and only for exchanges that fulfil all the rest.
            look = f" AND EXISTS (SELECT 1 FROM blobs b WHERE b.id = {{0}} AND {_HAS})"
            values = (pattern(needle), needle) * 3
        one = f"(coalesce(+{{0}} IN temp.{table}, 0){look})"
        other = (
            "EXISTS (SELECT 1 FROM other_bodies o WHERE o.exchange_id = e.id"
            f" AND {one.format('o.blob_id')})"
        )
        parts = [one.format("e.request_body"), one.format("e.response_body")]
        if self._connection.execute("SELECT EXISTS (SELECT 1 FROM other_bodies)").fetchone()[0]:
            parts.append(other)
        return Clause(f"({' OR '.join(parts)})", values[: 2 * len(parts)])

    def targets(self, condition: Clause, needle: str) -> str:
        """The name of a table of the ids of all targets that fulfil the condition."""
        match = _trigrams(needle)
        if self._progress is None or match is None:
            query = Clause(
                f"SELECT t.id FROM targets t WHERE {condition.sql}", condition.parameters
            )
            return self._table(query)
        query = Clause(
            "SELECT t.id FROM targets t WHERE (t.id > ? OR t.id IN"
            f" (SELECT rowid FROM target_text WHERE target_text MATCH ?)) AND {condition.sql}",
            (self._progress[0], match, *condition.parameters),
        )
        return self._table(query)

    def bodies(self, needle: str) -> str:
        """The name of a table of the ids of all bodies that may have the needle."""
        match = _trigrams(needle)
        if self._progress is None or match is None:
            return self._table(Clause("SELECT id FROM blobs"))
        return self._table(
            Clause(
                "SELECT rowid FROM blob_text WHERE blob_text MATCH ?"
                " UNION ALL SELECT id FROM blobs WHERE id > ?"
                " UNION ALL SELECT id FROM unindexed_blobs",
                (match, self._progress[1]),
            )
        )

    def _checked(self, table: str, needle: str) -> str:
        """The name of a table of those that have it."""
        sql = f"SELECT b.id FROM temp.{table} c CROSS JOIN blobs b ON b.id = c.id WHERE {_HAS}"
        return self._table(Clause(sql, (pattern(needle), needle)))

    def _table(self, query: Clause) -> str:
        table = self._tables.get(query)
        if table is None:
            table = f"found_{len(self._tables)}"
            self._connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
            self._connection.execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY)")
            self._tables[query] = table
            self._connection.execute(
                f"INSERT OR IGNORE INTO temp.{table} {query.sql}", query.parameters
            )
        return table


def _trigrams(needle: str) -> str | None:
    """The query for texts that have all three-letter parts of the needle; None for a short one."""
    parts = list(dict.fromkeys(needle[at : at + 3].lower() for at in range(len(needle) - 2)))
    if not parts or "\0" in needle:
        return None
    step = len(parts) // _TRIGRAMS + 1
    return " AND ".join('"' + part.replace('"', '""') + '"' for part in parts[::step])


def _body_has(form: int, coding: str | None, data: bytes, needle: str) -> bool:
    try:
        return needle in blobs.searchable(form, coding, data)
    except (ValueError, MemoryError):
        return False

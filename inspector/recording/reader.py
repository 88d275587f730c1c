"""Reads a recording through a read-only connection of its own, also while it is written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from inspector.recording import blobs, story
from inspector.recording.exchange import Exchange
from inspector.recording.filters import Filter
from inspector.recording.rows import ROW_SELECT, Row, exchange_from, row_from
from inspector.recording.schema import open_for_reading
from inspector.recording.sessions import SessionRow
from inspector.recording.sought import prepare
from inspector.recording.walk import Cancelled, Progress, Span, Walk

__all__ = ["Cancelled", "Reader"]


class Reader:
    """One connection, for one thread at a time. Raises `RecordingError` when it cannot open."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._connection = open_for_reading(self.path)
        prepare(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def interrupt(self) -> None:
        """Stop what is being read; may be called from another thread."""
        self._connection.interrupt()

    def page(
        self,
        chosen: Filter,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[Row]:
        """Up to `limit` matches, newest first, by key: older than `before`, newer than `after`.

        With `after` alone these are the matches that follow it directly.
        """
        oldest, newest = self.oldest_id(), self.newest_id()
        if oldest is None or newest is None:
            return []
        upwards = after is not None and before is None
        span = Span(
            oldest if after is None else max(oldest, after + 1),
            newest if before is None else min(newest, before - 1),
            newest_first=not upwards,
        )
        return self.rows(Walk(self._connection, chosen, _now()).page(span, limit))

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids, newest first; those that are gone are left out."""
        marks = ",".join("?" * len(ids))
        sql = f"{ROW_SELECT} WHERE e.id IN ({marks}) ORDER BY e.id DESC"
        return self._rows(sql, tuple(ids))

    def exchange(self, number: int) -> Exchange:
        """The whole exchange. Raises KeyError when there is none of this number."""
        rows = self.rows([number])
        if not rows:
            raise KeyError(number)
        execute = self._connection.execute
        first, heads, lines = execute(
            "SELECT first_id, heads, story FROM stories WHERE first_id <= ?"
            " ORDER BY first_id DESC LIMIT 1",
            (number,),
        ).fetchone()
        engine = execute(
            "SELECT k.engine FROM exchanges e JOIN kinds k ON k.id = e.kind_id WHERE e.id = ?",
            (number,),
        ).fetchone()[0]
        head = story.loads(blobs.decompress(heads).split(b"\n")[number - first])
        bodies, told = story.loads(blobs.decompress(lines).split(b"\n")[number - first])
        content = [b"" if each is None else self.body(each) for each in bodies]
        return exchange_from(rows[0], engine, head, told, content)

    def body(self, number: int) -> bytes:
        """A body by the number of its blob. Raises KeyError when it is gone."""
        found = self._connection.execute(
            "SELECT form, data FROM blobs WHERE id = ?", (number,)
        ).fetchone()
        if found is None:
            raise KeyError(number)
        return blobs.unpack(*found)

    def count(
        self, chosen: Filter, *, upto: int | None = None, progress: Progress | None = None
    ) -> int:
        """How many match, up to the id `upto`. `progress(found, share)` may stop it by False."""
        newest = self.newest_id() if upto is None else upto
        oldest = self.oldest_id()
        if newest is None or oldest is None:
            return 0
        found = Walk(self._connection, chosen, _now()).count(Span(oldest, newest), progress)
        if progress is not None and not progress(found, 1.0):
            raise Cancelled
        return found

    def position(self, chosen: Filter, number: int) -> int:
        """How many matches are newer than this id."""
        newest = self.newest_id()
        if newest is None:
            return 0
        return Walk(self._connection, chosen, _now()).count(Span(number + 1, newest), None)

    def newest_id(self) -> int | None:
        """The id of the newest exchange, None in an empty recording."""
        newest: int | None = self._one("SELECT max(id) FROM exchanges")
        return newest

    def oldest_id(self) -> int | None:
        """The id of the oldest exchange."""
        oldest: int | None = self._one("SELECT min(id) FROM exchanges")
        return oldest

    def data_version(self) -> int:
        """Changes when another connection has written."""
        return int(self._one("PRAGMA data_version"))

    def definition(self, digest: str) -> str:
        """A definition bundle as JSON. Raises KeyError."""
        found = self._one("SELECT bundle FROM definitions WHERE digest = ?", (digest,))
        if found is None:
            raise KeyError(digest)
        return str(found)

    def values(self, field: str) -> list[str]:
        """The values that a field has in this recording, for completions."""
        columns = {"host": "host", "method": "method", "api": "api_id", "stage": "stopped_at",
                   "resource": "resource", "type": "response_type"}  # fmt: skip
        if field == "connection":
            # The newest first: there may be very many.
            sql = (
                "SELECT connection FROM exchanges WHERE connection IS NOT NULL"
                " GROUP BY connection ORDER BY max(id) DESC LIMIT 200"
            )
            return [row[0] for row in self._connection.execute(sql)]
        column = columns.get(field)
        if column is None:
            return []
        sql = f"SELECT DISTINCT {column} FROM kinds WHERE {column} IS NOT NULL ORDER BY 1 LIMIT 200"
        return [row[0] for row in self._connection.execute(sql)]

    def sessions(self) -> list[SessionRow]:
        """The processes that recorded, newest first."""
        sql = (
            "SELECT id, role, pid, listen, engine, started_us, ended_us FROM sessions"
            " ORDER BY id DESC"
        )
        return [SessionRow(*row) for row in self._connection.execute(sql)]

    def about(self) -> dict[str, str]:
        """What the file says of its own tables."""
        return dict(self._connection.execute("SELECT name, about FROM about"))

    def _rows(self, sql: str, parameters: tuple[object, ...]) -> list[Row]:
        return [row_from(each) for each in self._connection.execute(sql, parameters)]

    def _one(self, sql: str, parameters: tuple[object, ...] = ()) -> Any:
        row = self._connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]


def _now() -> int:
    return time.time_ns() // 1000

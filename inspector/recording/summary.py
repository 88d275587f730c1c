"""What a recording holds, in numbers."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from inspector.recording.retention import used_bytes
from inspector.recording.schema import VERSION, open_for_reading
from inspector.recording.search_index import progress_of
from inspector.recording.sessions import SessionRow, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sizes in bytes, times in µs since the epoch (None in an empty recording)."""

    schema: int
    file_bytes: int
    used_bytes: int
    exchanges: int
    oldest_us: int | None
    newest_us: int | None
    outcomes: dict[str, int]
    bodies: int
    body_bytes: int
    body_bytes_stored: int
    definitions: int
    marked: int
    unindexed_bodies: int | None
    sessions: tuple[SessionRow, ...]


def summarize(path: Path) -> Summary:
    """Reads it all; a second or so for a million exchanges. Raises `RecordingError`."""
    connection = open_for_reading(path)
    try:
        return _summarized(connection, path)
    finally:
        connection.close()


def _summarized(connection: sqlite3.Connection, path: Path) -> Summary:
    def one(sql: str) -> tuple[int, ...]:
        row: tuple[int, ...] = connection.execute(sql).fetchone()
        return row

    progress = progress_of(connection)
    count, oldest, newest = one("SELECT count(*), min(started_us), max(started_us) FROM exchanges")
    bodies, size, stored = one(
        "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(length(data)), 0) FROM blobs"
    )
    outcomes = dict(
        connection.execute(
            "SELECT k.outcome, sum((SELECT count(*) FROM exchanges e WHERE e.kind_id = k.id)) AS n"
            " FROM kinds k GROUP BY k.outcome HAVING n > 0 ORDER BY n DESC"
        )
    )
    waiting = None
    if progress is not None:
        query = "SELECT count(*) FROM blobs WHERE id > ?"
        waiting = connection.execute(query, (progress[1],)).fetchone()[0]
    return Summary(
        schema=VERSION,
        file_bytes=_size_on_disk(path),
        used_bytes=used_bytes(connection),
        exchanges=count,
        oldest_us=oldest,
        newest_us=newest,
        outcomes=outcomes,
        bodies=bodies,
        body_bytes=size,
        body_bytes_stored=stored,
        definitions=one("SELECT count(*) FROM definitions")[0],
        marked=one("SELECT count(*) FROM notes WHERE marked")[0],
        unindexed_bodies=waiting,
        sessions=tuple(listed(connection)),
    )


def _size_on_disk(path: Path) -> int:
    """With the log that has not been folded into the file yet."""
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)

"""The text index: trigrams of bodies and targets, so that a rare word is found at once.

It is made when there is time, not on the way of a request: `meta.indexed_blobs` and
`meta.indexed_targets` say how far it has come, and searches read what lies beyond. It holds no
text; what it finds is a candidate, checked against the body itself.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from inspector.recording import blobs

#: Larger bodies are not indexed, but noted in `unindexed_blobs` and read when sought.
LARGEST: Final = 128 << 10
#: About ten milliseconds of indexing (0.3 µs a byte).
STEP_BYTES: Final = 32 << 10
STEP_ROWS: Final = 500


def index_more(connection: sqlite3.Connection) -> bool:
    """One short transaction of indexing; whether there is more to do."""
    progress = progress_of(connection)
    if progress is None:
        return False
    targets, bodies = progress
    if connection.execute("SELECT max(id) > ? FROM targets", (targets,)).fetchone()[0]:
        _index_targets(connection, targets)
        return True
    if connection.execute("SELECT max(id) > ? FROM blobs", (bodies,)).fetchone()[0]:
        _index_blobs(connection, bodies)
        return True
    return False


def progress_of(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The last target and the last blob indexed; None where this file or SQLite has no index."""
    rows = dict(connection.execute("SELECT key, value FROM meta WHERE key LIKE 'indexed_%'"))
    if len(rows) < 2:
        return None
    return rows["indexed_targets"], rows["indexed_blobs"]


def forget_blob(connection: sqlite3.Connection, blob: tuple[int, int, str | None, bytes]) -> None:
    """Takes a blob (id, form, coding, data) that was indexed out again, before it is deleted."""
    number, form, coding, data = blob
    text = blobs.searchable(form, coding, data)
    connection.execute(
        "INSERT INTO blob_text (blob_text, rowid, text) VALUES ('delete', ?, ?)", (number, text)
    )


def forget_target(connection: sqlite3.Connection, number: int, text: str) -> None:
    """Takes a target that was indexed out again, before it is deleted."""
    connection.execute(
        "INSERT INTO target_text (target_text, rowid, text) VALUES ('delete', ?, ?)", (number, text)
    )


def _index_targets(connection: sqlite3.Connection, done: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    query = "SELECT max(id) FROM (SELECT id FROM targets WHERE id > ? ORDER BY id LIMIT ?)"
    last = connection.execute(query, (done, STEP_ROWS // 2)).fetchone()[0]
    connection.execute(
        "INSERT INTO target_text (rowid, text) SELECT id, lower(path || coalesce('?' || query, ''))"
        " FROM targets WHERE id > ? AND id <= ?",
        (done, last),
    )
    connection.execute("UPDATE meta SET value = ? WHERE key = 'indexed_targets'", (last,))
    connection.execute("COMMIT")


def _index_blobs(connection: sqlite3.Connection, done: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    last, size = done, 0
    query = "SELECT id, size FROM blobs WHERE id > ? ORDER BY id LIMIT ?"
    for number, length in connection.execute(query, (done, STEP_ROWS)).fetchall():
        cost = min(length, LARGEST)
        if size and size + cost > STEP_BYTES:
            break
        last, size = number, size + cost
    span = (done, last, LARGEST)
    connection.execute(
        "INSERT INTO blob_text (rowid, text) SELECT id, lower(CAST(data AS TEXT)) FROM blobs"
        f" WHERE id > ? AND id <= ? AND size <= ? AND form = {blobs.PLAIN}",
        span,
    )
    others = connection.execute(
        "SELECT id, form, coding, data FROM blobs"
        f" WHERE id > ? AND id <= ? AND size <= ? AND form <> {blobs.PLAIN}",
        span,
    ).fetchall()
    connection.executemany(
        "INSERT INTO blob_text (rowid, text) VALUES (?, ?)",
        [(number, blobs.searchable(form, coding, data)) for number, form, coding, data in others],
    )
    connection.execute(
        "INSERT OR IGNORE INTO unindexed_blobs SELECT id FROM blobs"
        " WHERE id > ? AND id <= ? AND size > ?",
        span,
    )
    connection.execute("UPDATE meta SET value = ? WHERE key = 'indexed_blobs'", (last,))
    connection.execute("COMMIT")

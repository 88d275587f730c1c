"""Forgetting: exchanges too old or too many, in steps short enough that nobody waits for them.

Each step is a transaction of a few milliseconds. Favourites (`notes.marked`) stay. What no
exchange refers to any more goes with the last one that did: bodies, targets, their entries in the
text index. Freed pages are given back to the system step by step.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inspector.recording.schema import RecordingError, open_for_writing
from inspector.recording.search_index import forget_blob, forget_target, progress_of

#: Exchanges to a step, and bytes of their bodies.
STEP: Final = 64
STEP_BYTES: Final = 4 << 20
#: Pages given back after a step.
VACUUM_PAGES: Final = 256
#: Seconds between steps, so that the gateway's writer gets its turn, and between rounds.
PAUSE: Final = 0.002
ROUND: Final = 30.0


@dataclass(frozen=True, slots=True)
class Keep:
    """What is to stay: nothing older than `age_us`, not more than `size_bytes` in the file."""

    age_us: int | None = None
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a round of pruning took away, and the file's size in use afterwards."""

    exchanges: int
    bodies: int
    bytes_before: int
    bytes_after: int


def prune(
    path: Path, keep: Keep, *, now_us: int, progress: Callable[[int], bool] | None = None
) -> Pruned:
    """Forgets until what is left is as `keep` says, oldest first.

    `progress(exchanges so far)` may stop it by False. Raises `RecordingError` and `sqlite3.Error`.
    """
    connection = open_for_writing(path, create=False)
    try:
        before = used_bytes(connection)
        exchanges = bodies = 0
        while True:
            doomed = _doomed(connection, keep, now_us)
            if not doomed or (progress is not None and not progress(exchanges)):
                break
            exchanges += len(doomed)
            bodies += forget(connection, doomed)
            connection.execute(f"PRAGMA incremental_vacuum({VACUUM_PAGES})").fetchall()
            time.sleep(PAUSE)
        while _free_pages(connection) and (progress is None or progress(exchanges)):
            connection.execute(f"PRAGMA incremental_vacuum({VACUUM_PAGES})").fetchall()
            time.sleep(PAUSE)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return Pruned(exchanges, bodies, before, used_bytes(connection))
    finally:
        connection.close()


class Keeper:
    """A thread that prunes now and then while a gateway records."""

    def __init__(self, path: Path, keep: Keep) -> None:
        self._path, self._keep = path, keep
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        if keep != Keep():
            self._thread.start()

    def close(self) -> None:
        """Ends after the step that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        wait = 1.0
        while not self._stop.wait(wait):
            wait = ROUND
            # A file in trouble is the writer's to report; the next round tries again.
            with suppress(RecordingError, sqlite3.Error, OSError):
                if self._path.exists():
                    prune(
                        self._path,
                        self._keep,
                        now_us=time.time_ns() // 1000,
                        progress=lambda _: not self._stop.is_set(),
                    )


def used_bytes(connection: sqlite3.Connection) -> int:
    """The size of the file without its free pages."""
    pages, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return int((pages - _free_pages(connection)) * size)


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


Doomed = Sequence[tuple[int, int, int | None, int | None]]


def _doomed(connection: sqlite3.Connection, keep: Keep, now_us: int) -> Doomed:
    """The next exchanges to go: id, target and bodies. None where all is as it should be."""
    unmarked = "id NOT IN (SELECT exchange_id FROM notes WHERE marked)"
    select = "SELECT id, target_id, request_body, response_body FROM exchanges"
    found: Doomed = []
    if keep.age_us is not None:
        found = connection.execute(
            f"{select} WHERE started_us < ? AND {unmarked} ORDER BY started_us LIMIT {STEP}",
            (now_us - keep.age_us,),
        ).fetchall()
    if not found and keep.size_bytes is not None and used_bytes(connection) > keep.size_bytes:
        found = connection.execute(f"{select} WHERE {unmarked} ORDER BY id LIMIT {STEP}").fetchall()
    return _limited(connection, found)


def _limited(connection: sqlite3.Connection, found: Doomed) -> Doomed:
    """As many of them as keep the step short: large bodies take their time."""
    size = 0
    for place, (*_, sent, answered) in enumerate(found):
        query = "SELECT coalesce(sum(size), 0) FROM blobs WHERE id IN (?, ?)"
        size += connection.execute(query, (sent, answered)).fetchone()[0]
        if size > STEP_BYTES:
            return found[: place + 1]
    return found


def forget(connection: sqlite3.Connection, doomed: Doomed) -> int:
    """Deletes these exchanges and what only they referred to; how many bodies went."""
    ids = [row[0] for row in doomed]
    listed = ",".join(map(str, ids))
    connection.execute("BEGIN IMMEDIATE")
    try:
        others = connection.execute(
            f"DELETE FROM other_bodies WHERE exchange_id IN ({listed}) RETURNING blob_id"
        ).fetchall()
        connection.execute(f"DELETE FROM exchanges WHERE id IN ({listed})")
        connection.execute(f"DELETE FROM notes WHERE exchange_id IN ({listed})")
        connection.execute(
            "DELETE FROM stories WHERE first_id <= ? AND last_id >= ? AND NOT EXISTS"
            " (SELECT 1 FROM exchanges e WHERE e.id BETWEEN stories.first_id AND stories.last_id)",
            (max(ids), min(ids)),
        )
        blobs = {blob for row in doomed for blob in row[2:] if blob is not None}
        blobs.update(row[0] for row in others)
        progress = progress_of(connection)
        bodies = _drop_bodies(connection, blobs, progress[1] if progress else 0)
        _drop_targets(connection, {row[1] for row in doomed}, progress[0] if progress else 0)
        # Writers remember the ids of targets and bodies: now they must look again.
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return bodies


def _drop_bodies(connection: sqlite3.Connection, ids: set[int], indexed: int) -> int:
    rows: list[Any] = connection.execute(
        "SELECT id, form, coding, data FROM blobs b"
        f" WHERE id IN ({','.join(map(str, ids))})"
        " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE request_body = b.id)"
        " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE response_body = b.id)"
        " AND NOT EXISTS (SELECT 1 FROM other_bodies WHERE blob_id = b.id)"
    ).fetchall()
    for row in rows:
        if row[0] <= indexed:
            query = "DELETE FROM unindexed_blobs WHERE id = ?"
            if not connection.execute(query, (row[0],)).rowcount:
                forget_blob(connection, row)
    gone = ",".join(str(row[0]) for row in rows)
    connection.execute(f"DELETE FROM blobs WHERE id IN ({gone})")
    return len(rows)


def _drop_targets(connection: sqlite3.Connection, ids: set[int], indexed: int) -> None:
    rows = connection.execute(
        "SELECT id, lower(path || coalesce('?' || query, '')) FROM targets t"
        f" WHERE id IN ({','.join(map(str, ids))})"
        " AND NOT EXISTS (SELECT 1 FROM exchanges WHERE target_id = t.id)"
    ).fetchall()
    for number, text in rows:
        if number <= indexed:
            forget_target(connection, number, text)
    gone = ",".join(str(row[0]) for row in rows)
    connection.execute(f"DELETE FROM targets WHERE id IN ({gone})")

"""Opening a recording: what file it is, how it is to be written to, who may read it.

The tables themselves, with what every column means, are in `migrations`; the same words stand in
each file's `about` table and in the comments of its `CREATE TABLE` statements.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

#: `gwin` in ASCII, in the file's header: this is a recording of ours.
APPLICATION_ID = 0x6777696E
#: The number of migrations that a current file has gone through (`PRAGMA user_version`).
VERSION = 2
BUSY_MS = 1000


class RecordingError(Exception):
    """A recording cannot be opened; `str()` is one sentence for the user."""


class NewerRecording(RecordingError):
    """The file was written by a later release, whose schema we do not know."""


class NotARecording(RecordingError):
    """The file is something else."""


def open_for_writing(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """A connection that writes, in autocommit mode; the file is brought up to date.

    Where it does not exist it is created, unless `create` is False.

    Raises `RecordingError` where the file cannot be created, read, or is not ours to write.
    """
    if not create and not path.is_file():
        raise RecordingError(f"There is no recording {path}.")
    _create_private(path)
    try:
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise RecordingError(f"The recording {path} cannot be opened: {error}.") from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise _explained(path, error) from error
    except RecordingError:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection; never creates a file. Raises `RecordingError`.

    A recording of an earlier release is brought up to date first, as by whoever writes to it.
    """
    if path.is_dir():
        raise NotARecording(f"{path} is a directory, not a recording.")
    if not path.is_file():
        raise RecordingError(f"There is no recording {path}.")
    connection, version = _opened(path)
    if version == 0:
        connection.close()
        raise RecordingError(f"{path} is empty: nothing was recorded into it yet.")
    if version != VERSION:
        connection.close()
        _bring_up_to_date(path, version)
        connection, _ = _opened(path)
    connection.execute("PRAGMA cache_size=-32768")
    return connection


def _opened(path: Path) -> tuple[sqlite3.Connection, int]:
    try:
        connection = _connect_read_only(path)
        return connection, _version_of(connection, path)
    except sqlite3.Error as error:
        raise _explained(path, error) from error


def _bring_up_to_date(path: Path, version: int) -> None:
    try:
        open_for_writing(path, create=False).close()
    except RecordingError as error:
        raise RecordingError(
            f"The recording {path} has schema {version}, older than the {VERSION} of this release, "
            f"and cannot be brought up to date: {error}"
        ) from error


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """In a folder that we may not write, SQLite reads a file at rest only as immutable."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    for variant in (address, f"{address}&immutable=1"):
        connection = sqlite3.connect(
            variant, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, check_same_thread=False
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            if variant != address or "unable to open" not in str(error):
                raise
        else:
            return connection
    raise AssertionError("the loop returns or raises")


def _create_private(path: Path) -> None:
    """The file with mode 0600, before SQLite opens it: its -wal and -shm take the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(f"The recording {path} cannot be created: {reason}.") from error


def _close_to_others(path: Path) -> None:
    """A recording of ours that others may read: once it is known that it is one."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077 and os.access(path, os.W_OK):
        path.chmod(0o600)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    version = _version_of(connection, path)
    _close_to_others(path)
    if version == 0:
        # Takes effect only in a file without tables: freed pages can then be given back in steps.
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=OFF")
    # KiB; it fills up as exchanges are written, and a gateway's memory is to stay flat. With less,
    # a writer of large bodies falls behind the proxy (`python -m tests.benchmarks proxy`).
    connection.execute("PRAGMA cache_size=-16384")
    if version < VERSION:
        # Imported here: a current file opens without sqlite-utils' quarter of a second.
        from inspector.recording.migrations import migrate

        migrate(connection)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's version; 0 for an empty file. Raises `NotARecording` and `NewerRecording`."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if not tables:
        return 0
    if application != APPLICATION_ID:
        raise NotARecording(f"{path} is an SQLite database, but not a recording of this program.")
    if version > VERSION:
        raise NewerRecording(
            f"The recording {path} was written by a later release (schema {version}; this one "
            f"knows {VERSION}): use that release, or record into another file."
        )
    return version


def _explained(path: Path, error: sqlite3.Error) -> RecordingError:
    text = str(error)
    if "not a database" in text:
        return NotARecording(f"{path} is not a recording: it is no SQLite database.")
    if "malformed" in text:
        return RecordingError(f"The recording {path} is damaged ({text}).")
    if "readonly" in text:
        return RecordingError(f"The recording {path} cannot be written: it is read-only.")
    if "locked" in text:
        return RecordingError(f"The recording {path} is locked by another process.")
    if "full" in text:
        return RecordingError(f"The disk is full: the recording {path} cannot be written.")
    return RecordingError(f"The recording {path} cannot be opened: {text}.")

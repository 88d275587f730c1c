"""The recording's file as the writer's thread sees it: transactions, and what can go wrong."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from inspector.recording import sessions
from inspector.recording.batch import Prepared, Tables
from inspector.recording.exchange import Exchange
from inspector.recording.schema import RecordingError, open_for_writing
from inspector.recording.search_index import index_more
from inspector.recording.sessions import Session
from inspector.recording.status import State, Trouble

#: Primary result codes of SQLite, and the extended one for a file that was moved away.
_STATES: Final[dict[int, State]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "readonly",
}
#: The interpreter lock is offered to the proxy's thread after so many exchanges taken apart.
_BREATH: Final = 8


class RecordingFile:
    """An open recording. All but `RecordingError` at the start is reported as `Trouble`."""

    def __init__(self, path: Path, session: Session, body_cap: int) -> None:
        self._path = path
        self._session = session
        self._body_cap = body_cap
        self._definitions: dict[str, str] = {}
        self._undefined: set[str] = set()
        self.notice = ""
        self._open()

    def define(self, digest: str, bundle: str) -> None:
        """Keeps a definition bundle, from the next transaction on."""
        if digest not in self._definitions:
            self._definitions[digest] = bundle
            self._undefined.add(digest)

    @property
    def has_undefined(self) -> bool:
        """Whether a definition waits to be stored."""
        return bool(self._undefined)

    def write(self, exchanges: Sequence[Exchange]) -> list[int | None]:
        """Writes them in one transaction: their ids, None for one that cannot be stored."""
        self.check()
        prepared: list[Prepared | None] = []
        for number, exchange in enumerate(exchanges):
            prepared.append(self._prepare(exchange))
            if number % _BREATH == _BREATH - 1:
                time.sleep(0)
        good = [item for item in prepared if item is not None]
        ids = iter(self._write_prepared(good))
        return [None if item is None else next(ids) for item in prepared]

    def check(self) -> None:
        """Makes sure that the file is there: opened anew after trouble, made anew when deleted."""
        if self._connection is not None and self._identity == _identity(self._path):
            return
        deleted = self._connection is not None
        self._drop_connection()
        try:
            self._open()
        except (RecordingError, sqlite3.Error, OSError) as error:
            raise Trouble("gone" if not self._path.exists() else "failing", error) from error
        if deleted:
            self.notice = "The recording was deleted or replaced: a new file goes on in its place."

    def index_more(self) -> bool:
        """A few milliseconds of work on the text index; whether there is more to do."""
        if self._connection is None:
            return False
        try:
            return index_more(self._connection)
        except sqlite3.Error:
            self._roll_back()
            return False

    def close(self) -> None:
        """Notes the end of the session and closes the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                sessions.end(self._connection, self._session_id)
        self._drop_connection()

    def _open(self) -> None:
        self._connection: sqlite3.Connection | None = None
        connection = open_for_writing(self._path)
        try:
            self._session_id = sessions.begin(connection, self._session)
            self._identity = _identity(self._path)
        except (sqlite3.Error, OSError) as error:
            connection.close()
            raise RecordingError(
                f"The recording {self._path} cannot be written: {error}."
            ) from error
        self._connection = connection
        self._tables = Tables(self._session_id, self._body_cap)
        self._undefined = set(self._definitions)

    def _prepare(self, exchange: Exchange) -> Prepared | None:
        try:
            return self._tables.prepare(exchange)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            self.notice = f"An exchange could not be stored: {type(error).__name__}: {error}"
            return None

    def _write_prepared(self, batch: list[Prepared]) -> list[int | None]:
        try:
            return [*self._transaction(batch)]
        except sqlite3.Error as error:
            if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and (
                getattr(error, "sqlite_errorcode", None) is not None
            ):
                raise self._trouble(error) from error
            return self._one_by_one(batch, error)
        except (ValueError, TypeError, OverflowError) as error:
            return self._one_by_one(batch, error)

    def _one_by_one(self, batch: list[Prepared], error: Exception) -> list[int | None]:
        """One exchange of the batch is no good: all others are to be kept."""
        if len(batch) > 1:
            return [found for item in batch for found in self._write_prepared([item])]
        self.notice = f"An exchange could not be stored: {type(error).__name__}: {error}"
        return [None]

    def _transaction(self, batch: Sequence[Prepared]) -> list[int]:
        connection = self._connection
        assert connection is not None
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._store_definitions(connection)
            ids = self._tables.write(connection, batch) if batch else []
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            self._tables.forget()
            raise
        self._undefined.clear()
        return ids

    def _store_definitions(self, connection: sqlite3.Connection) -> None:
        for digest in self._undefined:
            connection.execute(
                "INSERT OR IGNORE INTO definitions (digest, bundle, stored_us) VALUES (?, ?, ?)",
                (digest, self._definitions[digest], time.time_ns() // 1000),
            )

    def _trouble(self, error: sqlite3.Error) -> Trouble:
        code = error.sqlite_errorcode
        if code == sqlite3.SQLITE_READONLY_DBMOVED:
            return Trouble("gone", error)
        state = _STATES.get(code & 0xFF, "failing")
        if state in {"failing", "readonly"}:
            self._drop_connection()
        return Trouble(state, error)

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode, by which a file is told from another one of the same name."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

"""Who is connected, for as many processes of the function as there are: a small database.

At Amazon a table of DynamoDB would hold this; a file in the temporary folder does where all
processes run on one machine.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

_SCHEMA = "CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, name TEXT NOT NULL, room TEXT)"
#: How long a process waits for another one that writes, seconds.
_PATIENCE = 5.0


class Store:
    """The people of one API."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        self._database.execute(_SCHEMA)

    @classmethod
    def of(cls, api_id: str) -> Store:
        """That of an API, in a folder of this user's own."""
        folder = Path(tempfile.gettempdir()) / f"chat-{Path.home().name}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return cls(folder / f"{api_id}.sqlite")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._database.close()

    def enter(self, connection: str, name: str) -> None:
        """Somebody connects."""
        self._run("INSERT OR REPLACE INTO people VALUES (?, ?, NULL)", connection, name)

    def join(self, connection: str, room: str) -> str:
        """Into a room, out of the one before; who it was."""
        self._run("UPDATE people SET room = ? WHERE id = ?", room, connection)
        return self.name(connection)

    def leave(self, connection: str) -> tuple[str, str | None]:
        """Somebody is gone; the name and the room."""
        found = self._run("SELECT name, room FROM people WHERE id = ?", connection)
        self._run("DELETE FROM people WHERE id = ?", connection)
        return (found[0][0], found[0][1]) if found else ("somebody", None)

    def name(self, connection: str) -> str:
        """What a connection's user is called."""
        found = self._run("SELECT name FROM people WHERE id = ?", connection)
        return str(found[0][0]) if found else "somebody"

    def members(self, room: str) -> list[str]:
        """The connections in a room."""
        return [str(row[0]) for row in self._run("SELECT id FROM people WHERE room = ?", room)]

    def _run(self, statement: str, *values: object) -> list[tuple[str, ...]]:
        with closing(self._database.execute(statement, values)) as cursor:
            return cursor.fetchall()

"""The processes that record into a file."""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from typing import Literal

Role = Literal["gateway", "terminal", "command"]


@dataclass(frozen=True, slots=True)
class Session:
    """A process as it announces itself; `listen` such as `http://127.0.0.1:8080`."""

    role: Role = "command"
    listen: str | None = None
    engine: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A process as the recording knows it. `ended_us` is None while it runs, or after a kill."""

    id: int
    role: str
    pid: int
    listen: str | None
    engine: str
    started_us: int
    ended_us: int | None

    @property
    def running(self) -> bool:
        """Whether the process is still there (on this machine)."""
        return self.ended_us is None and _alive(self.pid)


def begin(connection: sqlite3.Connection, session: Session) -> int:
    """Notes the start of this process; its id."""
    cursor = connection.execute(
        "INSERT INTO sessions (role, pid, listen, engine, started_us) VALUES (?, ?, ?, ?, ?)",
        (session.role, os.getpid(), session.listen, session.engine, time.time_ns() // 1000),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end(connection: sqlite3.Connection, session_id: int) -> None:
    """Notes the end of this process."""
    connection.execute(
        "UPDATE sessions SET ended_us = ? WHERE id = ?", (time.time_ns() // 1000, session_id)
    )


def listed(connection: sqlite3.Connection) -> list[SessionRow]:
    """All sessions, newest first."""
    query = (
        "SELECT id, role, pid, listen, engine, started_us, ended_us FROM sessions ORDER BY id DESC"
    )
    return [SessionRow(*row) for row in connection.execute(query)]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

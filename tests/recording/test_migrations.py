"""A recording of an earlier release is brought up to date, and loses nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.gateway.environment import Socket
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.migrations import INDEXES
from inspector.recording.reader import Reader
from inspector.recording.schema import RecordingError
from inspector.recording.writer import Writer
from tests.recording.build import ENVIRONMENT, exchange

SOCKET = Socket("DISCONNECT", "gbiku27WzQAYKEjhnA==", 1_700_000_000_000, close_code=1009)


def test_connections_are_added_to_a_recording_without_them(tmp_path: Path) -> None:
    path = tmp_path / "first.db"
    _record(path, exchange(1))
    _take_back(path)
    with Reader(path) as reader:
        assert reader.exchange(1) == exchange(1)
    _record(path, exchange(2, environment=replace(ENVIRONMENT, socket=SOCKET)))
    with Reader(path) as reader:
        rows = reader.page(EVERYTHING, limit=9)
        assert [row.connection for row in rows] == [SOCKET.id, None]
        assert [row.close_code for row in rows] == [1009, None]
        assert reader.exchange(rows[1].id) == exchange(1)
        assert reader.exchange(rows[0].id).environment.socket == SOCKET
        [found] = reader.page(parse(f"connection:{SOCKET.id}"), limit=9)
        assert found.id == rows[0].id
    listed = sqlite3.connect(path).execute("SELECT connection FROM exchange_list ORDER BY id")
    assert [row[0] for row in listed] == [None, SOCKET.id]


@pytest.mark.slow
def test_one_that_somebody_else_holds_says_so(tmp_path: Path) -> None:
    path = tmp_path / "first.db"
    _record(path, exchange(1))
    _take_back(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordingError, match=r"cannot be brought up to date: .* locked"):
        Reader(path)
    holder.execute("ROLLBACK")
    Reader(path).close()


def _record(path: Path, recorded: Exchange) -> None:
    writer = Writer(path)
    writer.put(recorded)
    assert writer.flush(5)
    writer.close()


def _take_back(path: Path) -> None:
    """The file as the first release made it."""
    [view] = [each for each in INDEXES if "CREATE VIEW" in each]
    connection = sqlite3.connect(path)
    for statement in (
        "DROP VIEW exchange_list",
        "DROP INDEX exchanges_connection",
        "ALTER TABLE exchanges DROP COLUMN connection",
        "ALTER TABLE exchanges DROP COLUMN close_code",
        view,
        "DELETE FROM _sqlite_migrations WHERE name = 'm002_connections'",
        "PRAGMA user_version=1",
    ):
        connection.execute(statement)
    connection.commit()
    connection.close()

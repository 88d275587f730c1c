"""Deleting so that it can be undone, and then for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.recording.filters import EVERYTHING
from inspector.recording.notes import Notes
from inspector.recording.reader import Reader
from inspector.recording.removal import Removal
from tests.tui import shop


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return shop.record(tmp_path / "shop.db", shop.traffic(14))


def bodies(recording: Path) -> int:
    with closing(sqlite3.connect(recording)) as connection:
        return int(connection.execute("SELECT count(*) FROM blobs").fetchone()[0])


def test_what_is_removed_is_gone_from_everything_and_comes_back_whole(recording: Path) -> None:
    with closing(Notes(recording)) as notes:
        notes.mark([3])
    with Reader(recording) as reader, closing(Removal(recording)) as removal:
        before = reader.exchange(3), reader.rows([3])
        removed = removal.remove([3, 99])
        assert len(removed.exchanges) == 1
        assert reader.count(EVERYTHING) == 13
        with pytest.raises(KeyError):
            reader.exchange(3)
        removal.restore(removed)
        assert (reader.exchange(3), reader.rows([3])) == before
        assert before[1][0].marked


def test_what_only_they_referred_to_goes_in_the_end(recording: Path) -> None:
    kept = bodies(recording)
    with closing(Removal(recording)) as removal:
        removed = removal.remove([8])  # the picture: nobody else's body
        assert bodies(recording) == kept
        removal.finish(removed)
    assert bodies(recording) < kept
    with Reader(recording) as reader:
        assert [reader.exchange(row.id).started_us for row in reader.page(EVERYTHING)]

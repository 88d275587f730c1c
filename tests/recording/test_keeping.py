"""Pruning, notes, extracts, summaries, and the control table."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from inspector.recording.control import Control
from inspector.recording.extract import extract
from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.notes import Notes
from inspector.recording.reader import Reader
from inspector.recording.recording_file import RecordingFile
from inspector.recording.retention import Keep, prune
from inspector.recording.schema import RecordingError
from inspector.recording.sessions import Session
from inspector.recording.summary import summarize
from inspector.recording.writer import Writer
from tests.recording.build import exchange

START = 1_700_000_000_000_000


def fill(path: Path, count: int = 300, *, index: bool = True) -> RecordingFile:
    file = RecordingFile(path, Session(), 1 << 20)
    file.define("digest", '{"files": {}}')
    for start in range(0, count, 50):
        numbers = range(start, min(start + 50, count))
        file.write(
            [exchange(n, b"body %d " % (n % 100) * 50, definition="digest") for n in numbers]
        )
    while index and file.index_more():
        pass
    return file


@pytest.mark.parametrize("index", [True, False])
def test_pruning_by_age_leaves_the_young_and_the_favourites(tmp_path: Path, index: bool) -> None:
    path = tmp_path / "aged.db"
    file = fill(path, index=index)
    notes = Notes(path)
    notes.mark([5])
    notes.close()
    done = prune(path, Keep(age_us=100), now_us=START + 300)
    assert (done.exchanges, done.bodies) == (199, 0)
    done = prune(path, Keep(age_us=50), now_us=START + 300)
    assert (done.exchanges, done.bodies) == (50, 49)
    file.write([exchange(250, b"body 60 " * 50)])  # its body went: the writer must know
    file.close()
    with Reader(path) as reader:
        rows = reader.page(EVERYTHING, limit=100)
        assert len(rows) == 52
        assert (rows[0].id, rows[-1].id, rows[-1].marked) == (301, 5, True)
        assert reader.exchange(5).response.body == b"body 4 " * 50
        assert reader.exchange(301).response.body == b"body 60 " * 50
        assert reader.count(parse("body:60")) == 2
        assert reader._one("SELECT count(*) FROM targets") == 51
        assert reader._one("SELECT count(*) FROM stories WHERE last_id < 200") == 1


def test_pruning_by_size_gives_the_space_back(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    file = RecordingFile(path, Session(), 1 << 20)
    chunk = bytes(range(256)) * 40
    for start in range(0, 400, 50):
        file.write([exchange(n, b"%d" % n + chunk[n % 200 :]) for n in range(start, start + 50)])
    file.close()
    before = path.stat().st_size
    done = prune(path, Keep(size_bytes=before // 2), now_us=START)
    assert 0 < done.exchanges < 400
    assert done.bytes_after <= before // 2
    assert path.stat().st_size < before * 0.6
    with Reader(path) as reader:
        assert reader.oldest_id() == done.exchanges + 1
        assert reader.exchange(400).response.body.startswith(b"399")


def test_everything_pruned_ids_go_on(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    fill(path, 50).close()
    assert prune(path, Keep(age_us=1), now_us=START * 2).exchanges == 50
    with Reader(path) as reader:
        assert (reader.newest_id(), reader.page(EVERYTHING)) == (None, [])
    assert summarize(path).bodies == 0
    writer = Writer(path)
    assert writer.store(exchange()) == 51
    writer.close()


def test_pruning_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    writer = Writer(path)
    for number in range(600):
        writer.put(exchange(number, b"%d" % (number % 40)))
    assert writer.flush(5)
    for number in range(600, 1200):
        writer.put(exchange(number, b"%d" % (number % 40)))
        if number == 900:
            prune(path, Keep(age_us=500), now_us=START + 1000)
    assert writer.close(10).lost == 0
    with Reader(path) as reader:
        for row in reader.page(EVERYTHING, limit=1000):
            number = row.started_us - START
            assert reader.exchange(row.id).response.body == b"%d" % (number % 40)


def test_an_extract_holds_what_was_chosen_with_notes_and_definitions(tmp_path: Path) -> None:
    path, part = tmp_path / "all.db", tmp_path / "part.db"
    file = fill(path, 100)
    file.write([exchange(100, b"body 7 again", replay_of=8)])
    file.close()
    notes = Notes(path)
    notes.mark([8])
    notes.comment(8, "look [here]")
    notes.close()
    assert extract(path, parse('body:"body 7 "'), part, engine="test") == 2
    with Reader(path) as old, Reader(part) as new:
        assert new.exchange(1) == old.exchange(8)
        assert new.exchange(2).replay_of == 1
        row = new.rows([1])[0]
        assert (row.marked, row.comment) == (True, "look [here]")
        assert new.definition("digest") == old.definition("digest")
    with pytest.raises(RecordingError, match="exists"):
        extract(path, EVERYTHING, part, engine="test")


def test_a_mark_is_taken_away_and_the_comment_stays(tmp_path: Path) -> None:
    fill(tmp_path / "n.db", 10).close()
    notes = Notes(tmp_path / "n.db")
    notes.mark([1, 2])
    notes.comment(1, "x")
    notes.mark([1], marked=False)
    notes.close()
    with Reader(tmp_path / "n.db") as reader:
        assert [row.id for row in reader.page(parse("marked:yes"))] == [2]
        assert reader.rows([1])[0].comment == "x"
    with pytest.raises(RecordingError, match="no recording"):
        Notes(tmp_path / "none.db")


def test_an_ask_is_answered_by_another_connection(tmp_path: Path) -> None:
    fill(tmp_path / "c.db", 1).close()
    ready = threading.Event()

    def serve() -> None:
        gateway = Control(tmp_path / "c.db", "gateway")
        ready.set()
        while not (asks := gateway.pending(["resume", "cache"])):
            threading.Event().wait(0.005)
        assert gateway.answer(asks[0].id, {"was": asks[0].payload})
        assert not gateway.answer(asks[0].id, "twice")
        gateway.close()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(5)
    terminal = Control(tmp_path / "c.db", "terminal")
    number = terminal.ask("resume", {"exchange": 7})
    answer = terminal.wait(number, 5)
    thread.join()
    assert (answer.payload, answer.error) == ({"was": {"exchange": 7}}, None)
    terminal.close()


def test_an_ask_that_nobody_answers_is_void(tmp_path: Path) -> None:
    fill(tmp_path / "c.db", 1).close()
    one, other = Control(tmp_path / "c.db", "one"), Control(tmp_path / "c.db", "other")
    number = one.ask("cache", None)
    one.ask("cache", None, to="third")
    assert [ask.id for ask in other.pending(["cache"])] == [number]
    with pytest.raises(TimeoutError):
        one.wait(number, 0.05)
    assert other.pending(["cache"]) == []
    assert not other.answer(number, "late")
    one.ask("cache", None, lifetime_s=-1000)
    assert one.expire() == 2
    one.close()
    other.close()

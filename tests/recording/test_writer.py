"""The writer against real files and real processes: kills, locks, full disks, deletion."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from inspector.recording.pending import Limits, Pending
from inspector.recording.reader import Reader
from inspector.recording.schema import NewerRecording, NotARecording, RecordingError
from inspector.recording.writer import Writer
from tests.recording.build import exchange

ROOT = Path(__file__).parents[2]

LOADED = """
import sys, time
from pathlib import Path
from inspector.recording.writer import Writer
from tests.recording.build import exchange
writer = Writer(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    writer.put(exchange(number, b"%d" % number))
    print(number, time.monotonic_ns(), flush=True)
    time.sleep(0.0005)
"""

LIMITED = """
import resource, sys
from pathlib import Path
from inspector.recording.writer import Writer
from tests.recording.build import exchange
writer = Writer(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
import os
for number in range(200):
    writer.put(exchange(number, os.urandom(5000)))
assert not writer.flush(1.5)
troubled = writer.status()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert writer.flush(10), writer.status()
print(troubled.state, troubled.message, writer.close().written)
"""


def wait_for(condition, timeout_s: float = 5.0) -> bool:
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.01)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("lines", [1, 150, 600])
def test_a_kill_loses_at_most_the_last_quarter_second(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "killed.db"
    child = subprocess.Popen(
        [sys.executable, "-c", LOADED, str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    printed = [child.stdout.readline() for _ in range(lines)]
    child.send_signal(signal.SIGKILL)
    printed += child.stdout.readlines()
    child.wait()
    put = [tuple(map(int, line.split())) for line in printed if line.endswith("\n")]
    killed = put[-1][1]
    due = sum(1 for _, when in put if when < killed - 1_000_000_000)
    with Reader(path) as reader:
        newest = reader.newest_id() or 0
        # A quarter of a second on an idle machine; tests share theirs.
        assert newest >= due
        for number in range(1, newest + 1):
            assert reader.exchange(number).response.body == b"%d" % number
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    writer = Writer(path)
    assert writer.store(exchange()) == newest + 1
    writer.close()


def test_a_single_exchange_appears_at_once(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "one.db")
    writer.put(exchange())
    with Reader(tmp_path / "one.db") as reader:
        assert wait_for(lambda: reader.newest_id() == 1, 1.0)
    writer.close()


def test_modes_keep_others_out(tmp_path: Path) -> None:
    path = tmp_path / "private.db"
    writer = Writer(path)
    writer.store(exchange())
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["private.db", "private.db-shm", "private.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    writer.close()


@pytest.mark.slow
def test_a_locked_file_is_said_and_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    writer = Writer(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer.put(exchange())
    assert wait_for(lambda: writer.status().state == "locked")
    assert "locked" in writer.status().message
    other.execute("ROLLBACK")
    other.close()
    assert writer.flush(5)
    status = writer.close()
    assert (status.written, status.lost) == (1, 0)


def test_a_deleted_file_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    writer = Writer(path)
    writer.define("digest", "{}")
    writer.store(exchange(1))
    for file in tmp_path.iterdir():
        file.unlink()
    writer.store(exchange(2), 5.0)
    assert "deleted" in writer.status().message
    writer.close()
    with Reader(path) as reader:
        assert reader.exchange(1) == exchange(2)
        assert reader.definition("digest") == "{}"


@pytest.mark.slow
def test_a_full_disk_is_said_and_outlived(tmp_path: Path) -> None:
    # A limit on the file's size stands in for the disk: SQLite meets the same failed write.
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "full.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] in {"full", "failing"}
    assert done.stdout.split()[-1] == "200"


def test_what_waits_is_bounded_and_the_oldest_go() -> None:
    pending = Pending(Limits(exchanges=100, body_bytes=1 << 20))
    for number in range(1000):
        pending.add(exchange(number))
    assert len(pending) <= 100
    assert pending.dropped == 1000 - len(pending)
    kept = pending.take(1000)
    assert kept[-1].exchange == exchange(999)
    pending.put_back(kept)
    assert pending.take(1)[0] == kept[0]
    heavy = Pending(Limits(exchanges=100, body_bytes=1000))
    for number in range(10):
        heavy.add(exchange(number, b"x" * 400))
    assert len(heavy) <= 2


def test_two_writers_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    first, second = Writer(path), Writer(path)
    ids = [writer.store(exchange(number)) for number in range(5) for writer in (first, second)]
    assert ids == list(range(1, 11))
    first.close()
    second.close()


def test_closing_writes_all_and_ends_the_session(tmp_path: Path) -> None:
    path = tmp_path / "closed.db"
    writer = Writer(path)
    for number in range(1000):
        writer.put(exchange(number))
    status = writer.close(10)
    assert (status.state, status.written, status.pending) == ("closed", 1000, 0)
    with Reader(path) as reader:
        assert reader.sessions()[0].ended_us is not None


def test_files_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (x)")
    other.close()
    writer = Writer(tmp_path / "newer.db")
    writer.close()
    newer = sqlite3.connect(tmp_path / "newer.db")
    newer.execute("PRAGMA user_version=99")
    newer.close()
    for name, error in (
        ("text", NotARecording),
        ("other", NotARecording),
        ("newer", NewerRecording),
    ):
        for door in (Writer, Reader):
            with pytest.raises(error):
                door(tmp_path / f"{name}.db")
    with pytest.raises(RecordingError, match="cannot be created"):
        Writer(tmp_path / "no such folder" / "x.db")


def test_a_queue_is_crowded_from_half_of_its_room_on() -> None:
    pending = Pending(Limits(exchanges=10, body_bytes=1_000))
    for number in range(5):
        pending.add(exchange(number, b""))
    assert not pending.crowded
    pending.add(exchange(6, b""))
    assert pending.crowded
    pending.done(pending.take(6))
    assert not pending.crowded
    pending.add(exchange(7, b"x" * 501))
    assert pending.crowded


@pytest.mark.slow
def test_a_writer_in_trouble_is_not_crowded(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    writer = Writer(path, limits=Limits(exchanges=10))
    assert writer.flush()
    locked = sqlite3.connect(path, isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    for number in range(9):
        writer.put(exchange(number))
    deadline = time.monotonic() + 30
    while writer.status().state == "writing":
        assert time.monotonic() < deadline
    assert not writer.crowded()
    locked.execute("ROLLBACK")
    locked.close()
    writer.close()

"""The filter language: what it means, what it refuses, what it finds in a real recording."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inspector.gateway.connection_effects import ConnectionState, PostToConnection
from inspector.gateway.environment import Socket
from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.filters import EVERYTHING, FilterError, complete, describe, parse
from inspector.recording.reader import Cancelled, Reader
from inspector.recording.schema import RecordingError
from inspector.recording.writer import Writer
from tests.gateway.build import ENVIRONMENT

SEEN = (
    ("GET", "/dev/pets/7?x=1", 200, "answered", None, b'{"name": "Rex"}', 2_000),
    ("POST", "/dev/pets", 403, "refused", "route", b'{"message":"no"}', 300),
    ("DELETE", "/dev/admin", 504, "failed", "integrate", b"x" * 4096, 1_200_000),
    ("GET", "/other", 200, "passed", None, "Grüße aus Köln".encode(), 90_000),
)


SOCKET = Socket("MESSAGE", "gbiku27WzQAYKEjhnA==", 1_700_000_000_000, "gbiku3000QAYKEjhnA==")
POSTED = Performed(
    PostToConnection("abc", "dev", SOCKET.id, b"hello"), ConnectionState("open"), 1, 2
)


def exchange(index: int) -> Exchange:
    method, target, status, outcome, stopped_at, body, duration = SEEN[index % len(SEEN)]
    return Exchange(
        started_us=1_700_000_000_000_000 + index,
        duration_us=duration,
        request=Request(method, target, Headers.of([("Host", "api.test")]), b"sent " + body),
        response=Response(status, Headers.of([("X-A", "1")]), body),
        environment=replace(ENVIRONMENT, socket=SOCKET) if index == 7 else ENVIRONMENT,
        performed=(POSTED,) if index == 9 else (),
        host="api.test" if outcome != "passed" else "www.example.com",
        outcome=outcome,
        stopped_at=stopped_at,
        response_type="ACCESS_DENIED" if outcome == "refused" else None,
        api_id="abc" if outcome != "passed" else None,
        resource="/pets/{petId}" if index % len(SEEN) == 0 else None,
        request_size=len(body) + 5,
        response_size=len(body),
        origin="replayed" if index == 5 else "live",
        replay_of=1 if index == 5 else None,
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filters") / "seen.db"
    writer = Writer(path)
    for index in range(12):
        writer.put(exchange(index))
    assert writer.flush(5)
    writer.close()
    return path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 12),
        ("status:5xx", 3),
        ("status:5", 3),
        ("status:5x", 3),
        ("status:50", 3),
        ("status:503", 0),
        ("status:>=400", 6),
        ("status:200..299", 6),
        ("-status:200", 6),
        ("method:get", 6),
        ("method:GET path:/pets", 3),
        ("path:/pets or status:504", 9),
        ("host:example", 3),
        ("stage:route", 3),
        ("outcome:refused", 3),
        ("type:access_denied", 3),
        ("!outcome:refused !outcome:failed", 6),
        ('body:"rex"', 3),
        ("body:köln", 3),
        ("body:xxxxxxxx", 3),
        ("duration:>1s", 3),
        ("duration:<1ms", 3),
        ("size:>4kb", 3),
        ("origin:replayed", 1),
        ("replay-of:1", 1),
        ("id:3..5", 3),
        ("marked:yes", 0),
        ("connection:gbiku27WzQAYKEjhnA==", 2),
        ("connection:gbik", 2),
        ("connection:GBIK", 0),
        ("-connection:gbik", 10),
        ("api:abc", 9),
        ("resource:petId", 3),
        ("since:10m", 0),
        ("until:10m", 12),
        ("admin", 3),
        ("DELETE", 3),
        ("http://nowhere", 0),
        ("100%", 0),
    ],
)
def test_what_a_filter_finds(recording: Path, text: str, found: int) -> None:
    with Reader(recording) as reader:
        chosen = parse(text)
        rows = reader.page(chosen, limit=100)
        assert len(rows) == reader.count(chosen) == found
        assert [row.id for row in rows] == sorted((row.id for row in rows), reverse=True)
        assert describe(chosen)


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("stat:200", 0, "status"),
        ("status:", 0, "404"),
        ("path:/a status:many", 8, "404"),
        ("outcome:good", 0, "refused"),
        ("since:soon", 0, "10m"),
        ("or status:200", 0, "word"),
        ("status:200 or", 13, "word"),
    ],
)
def test_what_a_filter_refuses(text: str, position: int, expected: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    assert refused.value.position == position
    assert expected in refused.value.expected


def test_connections_are_known_to_the_recording(recording: Path) -> None:
    with Reader(recording) as reader:
        assert reader.values("connection") == [SOCKET.id]
        rows = reader.page(parse(f"connection:{SOCKET.id}"), limit=9)
        assert {row.connection for row in rows} == {SOCKET.id}
        assert {row.connection for row in reader.page(parse("-connection:gb"), limit=9)} == {None}


def test_completions_know_fields_and_values() -> None:
    assert [each.text for each in complete("sta", 3)] == ["status:", "stage:"]
    assert [each.text for each in complete("x out", 5)] == ["outcome:"]
    values = {"host": ["api.test", "www.example.com"]}
    assert [each.text for each in complete("-host:w", 7, values)] == ["host:www.example.com"]


def test_pages_go_by_key_both_ways(recording: Path) -> None:
    with Reader(recording) as reader:
        newest = reader.page(EVERYTHING, limit=5)
        assert [row.id for row in newest] == [12, 11, 10, 9, 8]
        assert [row.id for row in reader.page(EVERYTHING, before=8, limit=3)] == [7, 6, 5]
        assert [row.id for row in reader.page(EVERYTHING, after=8, limit=2)] == [10, 9]
        assert reader.position(EVERYTHING, 8) == 4
        assert (reader.oldest_id(), reader.newest_id()) == (1, 12)


def test_an_exchange_comes_back_as_it_was(recording: Path) -> None:
    with Reader(recording) as reader:
        for number in range(1, 13):
            assert reader.exchange(number) == exchange(number - 1)
        with pytest.raises(KeyError):
            reader.exchange(99)


def test_a_count_can_be_stopped(recording: Path) -> None:
    with Reader(recording) as reader, pytest.raises(Cancelled):
        reader.count(EVERYTHING, progress=lambda found, share: False)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no recording"):
        Reader(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("not a database " * 100)
    with pytest.raises(RecordingError, match="not a recording"):
        Reader(tmp_path / "text.db")

"""Every way of finding exchanges finds the same."""

from __future__ import annotations

import gzip
import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.gateway.environment import Socket
from inspector.message import Headers, Request, Response
from inspector.recording import sought, walk
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.recording.recording_file import RecordingFile
from inspector.recording.sessions import Session
from tests.recording.build import ENVIRONMENT, exchange

pytestmark = pytest.mark.slow

FILTERS = (
    "",
    "status:5xx",
    "-status:200",
    "status:404 or method:POST",
    "path:/pets/1",
    "-path:/pets",
    "path:/orders status:200",
    "pets or status:500",
    "duration:>1s",
    "duration:<=10ms -status:200",
    "size:>1kb",
    "body:rex",
    "-body:rex",
    "body:ex status:200",
    "body:needle",
    "body:zipped",
    "body:nowhere",
    "marked:yes",
    "-replay-of:3",
    "replay-of:3",
    "connection:gbi",
    "-connection:gbi status:200",
    "id:20..40 path:/pets",
)


SOCKETED = replace(ENVIRONMENT, socket=Socket("MESSAGE", "gbiku27WzQAYKEjhnA==", 1))


def fill(path: Path, *, index: bool) -> None:
    chance = random.Random(3)
    texts = [
        b'{"name": "Rex"}',
        b"x" * 3000 + b" needle",
        gzip.compress(b"zipped " * 40),
        b"",
        b"no",
    ]
    batch = []
    for number in range(300):
        body = chance.choice(texts)
        fields = (("Content-Encoding", "gzip"),) if body[:2] == b"\x1f\x8b" else ()
        target = f"/dev/{chance.choice(['pets', 'orders'])}/{chance.randrange(30)}?q={number % 3}"
        batch.append(
            exchange(
                number,
                request=Request(chance.choice(["GET", "POST"]), target, Headers()),
                response=Response(chance.choice([200, 200, 200, 404, 500]), Headers(fields), body),
                response_size=len(body),
                duration_us=chance.choice([500, 9_000, 10_000, 1_500_000]),
                replay_of=3 if number == 77 else None,
                environment=SOCKETED if number % 50 == 49 else ENVIRONMENT,
            )
        )
    file = RecordingFile(path, Session(), 1 << 20)
    file.write(batch[:150])
    while index and file.index_more():
        pass
    file.write(batch[150:])
    file.close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO notes VALUES (10, 1, NULL, 0), (200, 1, NULL, 0)")
    connection.commit()
    connection.close()


@pytest.fixture(scope="module", params=[True, False], ids=["indexed", "unindexed"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walk") / "walk.db"
    fill(path, index=request.param)
    return path


@pytest.fixture(params=["near", "few", "merged", "far"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the four ways of the module, made to be taken by its limits."""
    if request.param != "near":
        monkeypatch.setattr(walk, "_FIRST", 3)
        monkeypatch.setattr(walk, "_STRIDE", 20)
    if request.param != "few":
        monkeypatch.setattr(walk, "_FEW", 0)
    if request.param == "far":
        monkeypatch.setattr(walk, "_MANY_KINDS", 0)
        monkeypatch.setattr(sought, "_CHECKED_FIRST", 0)


@pytest.mark.usefixtures("way")
def test_all_ways_find_the_same(path: Path) -> None:
    with Reader(path) as reader:
        for text in FILTERS:
            chosen = parse(text)
            expected = _near(reader, text)
            downwards = [row.id for row in reader.page(chosen, limit=1000)]
            assert downwards == expected, text
            upwards = [row.id for row in reader.page(chosen, after=0, limit=1000)]
            assert upwards == expected, text
            assert reader.count(chosen) == len(expected), text
            middle = [number for number in expected if number < 150]
            assert [row.id for row in reader.page(chosen, before=150, limit=7)] == middle[:7]
            later = [number for number in expected if number > 150]
            assert [row.id for row in reader.page(chosen, after=150, limit=7)] == later[-7:]
            assert reader.position(chosen, 150) == len(later)


def _near(reader: Reader, text: str) -> list[int]:
    """What the filter means, by looking at each exchange in Python."""
    tests = {
        "": lambda row, has: True,
        "status:5xx": lambda row, has: row.status >= 500,
        "-status:200": lambda row, has: row.status != 200,
        "status:404 or method:POST": lambda row, has: row.status == 404 or row.method == "POST",
        "path:/pets/1": lambda row, has: "/pets/1" in row.path,
        "-path:/pets": lambda row, has: "/pets" not in row.path,
        "path:/orders status:200": lambda row, has: "/orders" in row.path and row.status == 200,
        "pets or status:500": lambda row, has: "pets" in row.path or row.status == 500,
        "duration:>1s": lambda row, has: row.duration_us > 1_000_000,
        "duration:<=10ms -status:200": lambda row, has: (
            row.duration_us <= 10_000 and row.status != 200
        ),
        "size:>1kb": lambda row, has: row.response_size > 1000,
        "body:rex": lambda row, has: has(b"rex"),
        "-body:rex": lambda row, has: not has(b"rex"),
        "body:ex status:200": lambda row, has: has(b"ex") and row.status == 200,
        "body:needle": lambda row, has: has(b"needle"),
        "body:zipped": lambda row, has: has(b"zipped"),
        "body:nowhere": lambda row, has: False,
        "marked:yes": lambda row, has: row.id in {10, 200},
        "-replay-of:3": lambda row, has: row.replay_of != 3,
        "replay-of:3": lambda row, has: row.replay_of == 3,
        "connection:gbi": lambda row, has: row.id % 50 == 0,
        "-connection:gbi status:200": lambda row, has: row.id % 50 and row.status == 200,
        "id:20..40 path:/pets": lambda row, has: 20 <= row.id <= 40 and "/pets" in row.path,
    }
    found = []
    for row in reader.rows(range(300, 0, -1)):
        body = reader.exchange(row.id).response.body
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        if tests[text](row, lambda needle, plain=plain: needle in plain.lower()):
            found.append(row.id)
    return found

"""What exchanges look like, without an app around them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace

import brotli
import pytest
import zstandard
from rich.text import Text

from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.writer import Writer
from inspector.tui.copying import CHOICES
from inspector.tui.present import bodies, content, rows, steps, title, wrapping
from inspector.tui.present.document import Document
from inspector.tui.reading import Opened
from tests.recording.build import ENVIRONMENT

PASSED = Exchange(
    started_us=1_700_000_000_000_000,
    duration_us=12_000,
    environment=ENVIRONMENT,
    request=Request("GET", "/v1/pets?a=1", Headers((("Host", "other.example"),))),
    response=Response(200, Headers(), b"ok"),
    host="other.example",
    outcome="passed",
    response_size=2,
)
NO_ADDRESS = "[Errno -2] Name or service not known"
UNREACHED = replace(PASSED, response=None, outcome="broken", error=NO_ADDRESS)
DIRECT = replace(PASSED, request=Request("GET", "https://pets.example/v1/pets?a=1", Headers(), b""))
STOPPED = replace(UNREACHED, api_id="abc123defg", error="the gateway was stopped")


@pytest.mark.parametrize(
    ("exchange", "path", "phases"),
    [
        (PASSED, "other.example/v1/pets?a=1", "passed through ·"),
        (UNREACHED, "other.example/v1/pets?a=1", f"passed through ! {NO_ADDRESS}"),
        (STOPPED, "/v1/pets?a=1", "gateway ! the gateway was stopped"),
        (DIRECT, "https://pets.example/v1/pets?a=1", "passed through ·"),
    ],
)
def test_a_row_tells_whose_the_request_was_and_why_it_ended(tmp_path, exchange, path, phases):
    file = tmp_path / "a.db"
    writer = Writer(file)
    writer.put(exchange)
    writer.close()
    with Reader(file) as reader:
        [row] = reader.page(EVERYTHING, limit=1)
    drawn = rows.draw(row, rows.layout(200)).plain
    assert f" {path} " in drawn
    assert phases in drawn


@pytest.mark.parametrize(
    ("exchange", "sentence"),
    [
        (PASSED, "Passed through untouched: no definition is loaded for this host."),
        (UNREACHED, f"Passed through, and broke off: {NO_ADDRESS}."),
        (STOPPED, "No steps were recorded: the gateway was stopped."),
    ],
)
def test_where_there_are_no_steps_it_is_said_why(exchange, sentence):
    assert steps.steps(exchange, lambda _: None).line(0).plain == sentence


@pytest.mark.parametrize(
    ("declared", "body", "text"),
    [
        ("text/plain", "café".encode(), "café"),
        ("text/plain; charset=iso-8859-1", b"caf\xe9", "café"),
        ('text/plain; charset="UTF-16"', "café".encode("utf-16"), "café"),
        ("text/plain; charset=shift_jis", "日本".encode("shift_jis"), "日本"),
        ("text/plain; charset=none-such", "café".encode(), "café"),
        ("text/plain; charset=punycode", "café".encode(), "café"),
        ("text/plain; charset=us-ascii", "café".encode(), "café"),
        ("text/plain", "caf é".encode()[:-1], "caf \N{REPLACEMENT CHARACTER}"),
        ("text/plain", b"caf\xe9 au lait", None),
        ("text/plain", b"a\0b", None),
    ],
)
def test_text_is_read_in_its_charset(declared: str, body: bytes, text: str | None) -> None:
    assert content.text_of(Headers((("Content-Type", declared),)), body) == text


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.slow
@pytest.mark.parametrize("coding", PACKERS)
def test_a_packed_body_is_unpacked_as_far_as_is_sensible(coding: str) -> None:
    headers = Headers((("Content-Encoding", coding),))
    assert content.decoded(headers, PACKERS[coding](b"hello")) == (b"hello", coding)
    assert content.decoded(headers, b"not packed") == (b"not packed", f"{coding}, not readable")
    bomb = PACKERS[coding](bytes(content.MAX_DECODED * 2))
    plain, _ = content.decoded(headers, bomb)
    assert len(plain) == content.MAX_DECODED
    cut, _ = content.decoded(headers, PACKERS[coding](bytes(range(256)) * 99)[:-20])
    assert cut == (bytes(range(256)) * 99)[: len(cut)]


@pytest.mark.parametrize(
    ("line", "words", "expected"),
    [
        ("short", True, ["short"]),
        ("one two three four five", True, ["one two three ", "four five"]),
        ("one two three four five", False, ["one two three fo", "ur five"]),
        ("  a    one two three four", True, ["  a    one two ", "       three ", "       four"]),
        ("a" * 20, True, ["a" * 16, "a" * 4]),
        ("x  " + "a" * 20, True, ["x  " + "a" * 13, "   " + "a" * 7]),
        ("你好你好你好你好你好", True, ["你好你好你好你好", "你好"]),
    ],
)
def test_long_lines_are_cut_between_words_and_bodies_where_the_row_ends(line, words, expected):
    cut = wrapping.rows(Text(line), 16, words=words)
    assert [row.plain for row in cut] == expected
    assert all(row.cell_len <= 16 for row in cut)


def test_the_title_of_a_request_that_reached_nobody_names_the_host():
    assert title.title(UNREACHED).plain.startswith("GET other.example/v1/pets?a=1 → no answer")


@pytest.mark.parametrize(
    ("exchange", "base"),
    [(PASSED, "http://other.example"), (STOPPED, "http://127.0.0.1:8080")],
)
def test_what_is_copied_goes_where_the_request_went(exchange: Exchange, base: str) -> None:
    opened = Opened(1, exchange, lambda _: None)
    made = {each.key: each.make(opened, "http://127.0.0.1:8080").decode() for each in CHOICES}
    assert made["u"] == f"{base}/v1/pets?a=1"
    assert f"'{base}/v1/pets?a=1'" in made["c"]
    assert f"'{base}/v1/pets?a=1'" in made["C"]


@pytest.mark.parametrize(
    ("declared", "body", "hint"),
    [
        ("application/json", b'{"a": 1,, }', "Not JSON at line 1, column 9"),
        ("application/problem+json", b"oops", "Not JSON at line 1, column 1"),
        ("application/json", b'{"a": 1}', ""),
        ("application/json", b'"text"', ""),
        ("application/json", b"[" * 5000 + b"]" * 5000, ""),
        ("text/plain", b'{"a": 1,, }', ""),
    ],
)
def test_what_claims_to_be_json_and_is_none_is_said(declared: str, body: bytes, hint: str) -> None:
    headers = Headers((("Content-Type", declared),))
    document = Document(bodies.blocks(bodies.Body(headers, body, len(body))))
    text = document.text(0, len(document))
    assert (hint in text) if hint else ("Not JSON" not in text)

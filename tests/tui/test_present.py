"""What exchanges look like, without an app around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.writer import Writer
from inspector.tui.present import rows, steps, title
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
STOPPED = replace(UNREACHED, api_id="abc123defg", error="the gateway was stopped")


@pytest.mark.parametrize(
    ("exchange", "path", "phases"),
    [
        (PASSED, "other.example/v1/pets?a=1", "passed through ·"),
        (UNREACHED, "other.example/v1/pets?a=1", f"passed through ! {NO_ADDRESS}"),
        (STOPPED, "/v1/pets?a=1", "gateway ! the gateway was stopped"),
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


def test_the_title_of_a_request_that_reached_nobody_names_the_host():
    assert title.title(UNREACHED).plain.startswith("GET other.example/v1/pets?a=1 → no answer")

"""The sample of a WebSocket API, as a user runs it: its functions, its backend, real clients."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import sample_apis
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from tests.cli.conftest import Run

pytestmark = pytest.mark.slow


def test_the_demo_is_a_conversation_and_every_event_can_be_run_again(
    inspector: Run, tmp_path: Path
) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no Node here (Debian: nodejs)")
    done = inspector("demo", "chat", "--json", "--db", "kept.db", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    shown = list(map(json.loads, done.stdout.splitlines()))
    said = sample_apis.load("chat").conversation
    names = [each["name"] for each in shown if each["name"] in {turn.name for turn in said}]
    assert names == [turn.name for turn in said]
    posts = [each for each in shown if each["name"] == "a call of @connections"]
    assert {each["response"]["status"] for each in posts} == {200}
    assert len(posts) == 6, "one to the first, two for each of two messages, one about who left"
    by_name = {each["name"]: each for each in shown}
    assert by_name["a mock answers ben, by template"]["resource"] == "ping"
    assert by_name["the doorkeeper knows zoe, and does not let her in"]["response"]["status"] == 403
    with Reader(tmp_path / "kept.db") as reader:
        exchanges = [reader.exchange(row.id) for row in reader.page(EVERYTHING, limit=100)]
        definition = exchanges[0].definition
        assert definition is not None
        gateway = gateway_of(reader.definition(definition))
    for exchange in exchanges:
        again = rerun(exchange, gateway)
        assert again.answer is not None
        assert again.answer.response == exchange.response
        assert again.answer.trace == exchange.trace


def test_functions_post_without_boto3_as_well(inspector: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(sample_apis.FOLDER, tmp_path / "sample_apis")
    (folder / "chat" / "functions" / "room" / "boto3.py").write_text("raise ImportError")
    done = inspector("demo", "chat", "--json", TMPDIR=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_what_comes_otherwise_than_expected_is_said(inspector: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(sample_apis.FOLDER, tmp_path / "sample_apis")
    template = folder / "chat" / "template.yaml"
    template.write_text(template.read_text("utf-8").replace('{"pong": null,', '{"pong": 1,'))
    done = inspector("demo", "chat", "--json", TMPDIR=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "and otherwise where it is asked to: ben should hear" in done.stderr

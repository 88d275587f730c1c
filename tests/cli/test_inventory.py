"""The sample without functions, as a user runs it: its services are a real moto server."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import sample_apis
from inspector.cli import service_options
from inspector.cli.app import main
from inspector.cli.exit import Exit
from inspector.definitions import Options, load
from inspector.gateway.effects import CallService
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from tests.cli.conftest import Run


@pytest.mark.slow
def test_the_demo_answers_as_it_should_and_every_exchange_can_be_run_again(
    inspector: Run, tmp_path: Path
) -> None:
    pytest.importorskip("moto.server", reason="needs moto[server]")
    done = inspector("demo", "inventory", "--json", "--db", "kept.db")
    assert done.returncode == 0, done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    sample = sample_apis.load("inventory")
    assert [each["name"] for each in shown] == [each.name for each in sample.requests]
    [call] = shown[0]["backend"]
    assert (call["service"], call["action"]) == ("dynamodb", "Scan")
    assert json.loads(shown[0]["response"]["body"])["items"]
    assert json.loads(shown[7]["response"]["body"]) == json.loads(shown[6]["request"]["body"])
    last = [step for step in shown[-1]["steps"] if step["stage"] == "integrate"]
    assert "--endpoint sns=" in last[0]["remedy"]
    with Reader(tmp_path / "kept.db") as reader:
        exchanges = [reader.exchange(row.id) for row in reader.page(EVERYTHING, limit=50)]
        definition = exchanges[0].definition
        assert definition is not None
        gateway = gateway_of(reader.definition(definition))
    assert sum(isinstance(p.effect, CallService) for e in exchanges for p in e.performed) == 10
    for exchange in exchanges:
        again = rerun(exchange, gateway)
        assert again.answer is not None
        assert again.answer.response == exchange.response
        assert again.answer.trace == exchange.trace


def test_a_sample_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sample_apis, "find_spec", lambda name: None)
    assert main(["demo", "inventory", "--text"]) != 0
    assert "pip install 'moto[server]'" in capsys.readouterr().err


@pytest.mark.parametrize("endpoint", ["sqs", "sqs=localhost", "all=aws", "SQS!=http://h"])
def test_an_endpoint_that_cannot_be_one_is_refused_at_once(
    endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["up", "x.yaml", "--endpoint", endpoint]) == Exit.USAGE
    assert "--endpoint" in capsys.readouterr().err


def test_calls_at_amazon_are_announced_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    places = [("sqs", "aws"), ("sns", "http://127.0.0.1:1")]
    service_options.announce(SimpleNamespace(endpoint=places), ())  # type: ignore[arg-type]
    told = capsys.readouterr().err
    assert "sqs is called at Amazon" in told
    assert "sns" not in told


def test_services_that_nobody_can_find_are_named_at_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    apis = load(sample_apis.load("inventory").definitions, Options()).apis
    args = SimpleNamespace(endpoint=[("sqs", "http://127.0.0.1:1")])
    service_options.announce(args, apis)  # type: ignore[arg-type]
    assert "integrations call dynamodb, sns," in capsys.readouterr().err

"""The sample of an HTTP API, as a user runs it: its functions really run, its queue is moto's."""

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
TEMPLATE = sample_apis.FOLDER / "orders-http" / "template.yaml"


def test_the_demo_answers_as_it_should_and_every_exchange_can_be_run_again(
    inspector: Run, tmp_path: Path
) -> None:
    pytest.importorskip("moto.server", reason="needs moto[server]")
    if shutil.which("node") is None:
        pytest.skip("there is no Node here (Debian: nodejs)")
    done = inspector("demo", "orders-http", "--json", "--db", "kept.db")
    assert done.returncode == 0, done.stderr
    shown = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}
    sample = sample_apis.load("orders-http")
    assert list(shown) == [each.name for each in sample.requests]

    order = dict(
        shown["one order, with cookies and a header of the function"]["response"]["headers"]
    )
    assert order["X-Seen"] == "yes"
    rate = shown["a rate, path and query mapped"]
    headers = [tuple(pair) for pair in rate["response"]["headers"]]
    allowed = [value for name, value in headers if name.lower() == "access-control-allow-origin"]
    assert allowed == ["https://shop.example.com"], "the backend's own * is replaced"
    assert json.loads(rate["response"]["body"])["day"] == "2026-09-24"
    with Reader(tmp_path / "kept.db") as reader:
        exchanges = [reader.exchange(row.id) for row in reader.page(EVERYTHING, limit=50)]
        definition = exchanges[0].definition
        assert definition is not None
        gateway = gateway_of(reader.definition(definition))
    assert len(exchanges) == len(shown)
    for exchange in exchanges:
        again = rerun(exchange, gateway)
        assert again.answer is not None
        assert again.answer.response == exchange.response
        assert again.answer.trace == exchange.trace


def test_one_request_with_its_logs(inspector: Run) -> None:
    done = inspector("invoke", str(TEMPLATE), "GET", "/orders/7", "--log")
    assert done.returncode == 0, done.stderr
    assert "Route: GET /orders/{id}" in done.stdout
    access = done.stdout.splitlines()[-1]
    assert '"GET GET /orders/{id} HTTP/1.1" 200 40 ' in access
    assert access.endswith(" -")

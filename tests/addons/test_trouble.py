"""What goes wrong at the edge: a broken core, clients that vanish, untrusted backends, kills."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.test import taddons, tflow

import sample_apis
from addons.gateway import GatewayAddon
from addons.service import Service
from inspector.definitions import Options
from inspector.gateway.effects import Effect, Reply
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.http import HttpBackends
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream
from tests.addons.live import api, live, proxied
from tests.addons.waiting_backend import WaitingBackend
from tests.cli.gateway import running

pytestmark = pytest.mark.slow

#: The writer's interval, and what a busy machine adds before the batch is on disk.
WRITTEN = 0.5


def test_a_backend_whose_certificate_nobody_knows(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    trusting = {**proxied("/x"), "tlsConfig": {"insecureSkipVerification": True}}
    with WaitingBackend(context) as backend:
        document = api(strict=proxied("/x"), trusting=trusting)
        with (
            live(tmp_path, document, backend.names) as gateway,
            httpx.Client(trust_env=False) as client,
        ):
            assert client.get(f"{gateway.url}/dev/strict").status_code == 500
            assert client.get(f"{gateway.url}/dev/trusting").text == "hello"


def test_a_client_that_vanished_is_recorded_as_gone(tmp_path: Path) -> None:
    document = api(wait=proxied("/wait"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        host, _, number = gateway.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(number))) as client:
            client.sendall(f"GET /dev/wait HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert backend.arrived.wait(10)
        # The next request tells that the proxy has seen the first client go.
        with httpx.Client(trust_env=False) as other:
            other.get(f"{gateway.url}/dev/none")
        backend.go_on.set()
        recorded = _await(gateway.db, 2)
    gone = next(each for each in recorded if each.request.target == "/dev/wait")
    assert gone.error == "the client hung up before the answer was there"


def _await(db: Path, count: int) -> list[Exchange]:
    """So many exchanges, within ten seconds."""
    deadline = time.monotonic() + 10
    with Reader(db) as reader:
        while reader.count(EVERYTHING) < count:
            assert time.monotonic() < deadline
        return [reader.exchange(row.id) for row in reader.page(EVERYTHING, limit=count)]


class Broken(Means):
    """Means that break down."""

    async def perform(self, effect: Effect) -> Reply | BodyStream:
        raise ZeroDivisionError("a fault of our own")


async def test_a_fault_of_our_own_is_amazons_500_and_is_recorded(tmp_path: Path) -> None:
    definition = tmp_path / "api.json"
    definition.write_text(json.dumps(api(x=proxied("/x"))))
    service = Service([str(definition)], Options(), lambda *_: None, lambda _: None)
    kept: list[Exchange] = []
    addon = GatewayAddon(service, Broken(HttpBackends()), Circumstances(), kept.append)
    with taddons.context(addon):
        flow = tflow.tflow()
        flow.request.path = "/dev/x"
        flow.request.host = service.gateway.apis[0].api.host
        flow.request.headers["host"] = flow.request.host
        addon.requestheaders(flow)
        await addon.request(flow)
    assert flow.response is not None
    assert flow.response.status_code == 500
    assert flow.response.text == '{"message": "Internal server error"}'
    [exchange] = kept
    [crash, *_] = exchange.trace
    assert crash.code == "gateway.crashed"
    assert crash.facts["error"] == "ZeroDivisionError: a fault of our own"
    assert "in perform" in str(crash.facts["traceback"])


def test_a_kill_under_load_loses_nothing_that_was_answered_long_enough_ago(
    tmp_path: Path, petstore: Path
) -> None:
    answered: list[tuple[float, str]] = []
    with running(tmp_path, petstore) as up:
        clients = [_Client(up.url, number, answered) for number in range(4)]
        for client in clients:
            client.start()
        deadline = time.monotonic() + 20
        while sum(moment < time.monotonic() - WRITTEN for moment, _ in answered) < 200:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        [gateway] = _children(up.process.pid)
        killed = time.monotonic()
        os.kill(gateway, signal.SIGKILL)
        for client in clients:
            client.join(10)
    database = sqlite3.connect(tmp_path / "inspector.db")
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
    database.close()
    with Reader(tmp_path / "inspector.db") as reader:
        rows = reader.page(EVERYTHING, limit=100_000)
        recorded = {reader.exchange(row.id).request.target for row in rows}
    safe = {target for moment, target in answered if moment < killed - WRITTEN}
    assert len(safe) >= 200
    assert safe <= recorded


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in listed.stdout.split()]


class _Client(threading.Thread):
    """Sends requests one after another until nobody answers; notes each answer's time."""

    def __init__(self, url: str, number: int, answered: list[tuple[float, str]]) -> None:
        super().__init__(daemon=True)
        self._url, self._number, self._answered = url, number, answered

    def run(self) -> None:
        with httpx.Client(trust_env=False, timeout=5) as client:
            for count in range(100_000):
                target = f"/dev/health?n={self._number}-{count}"
                try:
                    client.get(f"{self._url}{target}")
                except httpx.HTTPError:
                    return
                self._answered.append((time.monotonic(), target))


RERUN = """
import sys
from pathlib import Path
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
equal = 0
with Reader(Path(sys.argv[1])) as reader:
    for row in reader.page(EVERYTHING, limit=100_000):
        exchange = reader.exchange(row.id)
        result = rerun(exchange, gateway_of(reader.definition(exchange.definition)))
        assert result.answer is not None, (row.id, result.unknown)
        assert result.answer.response == exchange.response, exchange.request
        assert result.answer.trace == exchange.trace, exchange.request
        equal += 1
print(equal)
"""

SEGMENTS = st.sampled_from(
    [
        "pets",
        "1",
        "2",
        "99",
        "13",
        "files",
        "a%20b",
        "é",
        "..",
        "",
        "health",
        "events",
        "{x}",
        "slow",
    ]
)
TARGETS = st.tuples(
    st.lists(SEGMENTS, min_size=1, max_size=3).map("/".join),
    st.text("abc=&?%+é {}$", max_size=12),
).map(lambda parts: f"/{parts[0]}?{parts[1]}")
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "X-Custom", "Origin", "X-Amzn-Trace-Id", "Cookie"]),
    st.sampled_from(["application/json", "text/plain", "*/*", "a=b; c=d", "Root=1-2-3", "x"]),
    max_size=4,
)
REQUESTS = st.tuples(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]),
    TARGETS,
    HEADERS,
    st.one_of(st.binary(max_size=40), st.just(b'{"name": "Rex", "species": "dog"}')),
)


def test_random_traffic_runs_again_in_a_fresh_process(tmp_path: Path) -> None:
    sample = sample_apis.load("petstore")
    sent = 0
    with sample.running() as backends:
        options = [w for pair in backends.backends.items() for w in ("--backend", "=".join(pair))]
        variables = [w for pair in sample.stage_variables.items()
                     for w in ("--stage-variable", "=".join(pair))]  # fmt: skip
        with running(tmp_path, *sample.definitions, *options, *variables) as up:

            @settings(
                max_examples=100, derandomize=True, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(REQUESTS)
            def send(request: tuple[str, str, dict[str, str], bytes]) -> None:
                nonlocal sent
                method, target, headers, body = request
                with up.client.stream(
                    method, f"{up.url}/dev{target}", headers=headers, content=body
                ) as answer:
                    answer.read()
                sent += 1

            send()
            up.end()
    done = subprocess.run(
        [sys.executable, "-c", RERUN, str(tmp_path / "inspector.db")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == sent

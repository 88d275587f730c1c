"""A gateway that is stopped while requests are under way: what they were is recorded all the same."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from inspector.recording.exchange import Exchange
from tests.addons.live import Live, api, live, proxied
from tests.addons.waiting_backend import WaitingBackend

pytestmark = pytest.mark.slow

STOPPED = "the gateway was stopped"
UNANSWERED = f"{STOPPED} before the answer was there"


@pytest.mark.parametrize(
    ("target", "error"),
    [("/dev/wait", UNANSWERED), ("/dev/events", None), ("http://{backend}/wait", UNANSWERED)],
    ids=["waiting", "streaming", "passing"],
)
def test_a_request_under_way_is_recorded(tmp_path: Path, target: str, error: str | None) -> None:
    document = api(wait=proxied("/wait"), events=proxied("/events"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        target = target.format(backend=backend.address)
        with _asking(gateway, target, backend.address if "wait" in target else "x") as client:
            assert backend.arrived.wait(10)
            if "events" in target:
                assert b"data: first" in _read_until(client, b"first")
            [exchange] = gateway.exchanges()
    assert exchange.request.target == target.removeprefix(f"http://{backend.address}")
    assert exchange.error == error
    if error is None:
        _is_a_stream_cut_short(exchange)
    else:
        assert (exchange.outcome, exchange.response) == ("broken", None)


def _is_a_stream_cut_short(exchange: Exchange) -> None:
    assert exchange.response is not None
    assert exchange.response.body == b"data: first\n\n"
    last = exchange.trace[-1]
    assert (last.stage, last.outcome) == ("stream", "failed")
    assert last.facts["error"] == STOPPED


def _asking(gateway: Live, target: str, host: str) -> socket.socket:
    name, _, port = gateway.url.removeprefix("http://").partition(":")
    client = socket.create_connection((name, int(port)), timeout=10)
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return client


def _read_until(client: socket.socket, mark: bytes) -> bytes:
    read = b""
    while mark not in read:
        chunk = client.recv(4096)
        assert chunk, read
        read += chunk
    return read

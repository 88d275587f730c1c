"""A gateway that is stopped while requests are under way: what they were is recorded all the same."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from inspector.runtime.failures import STOPPED
from tests.addons.live import Live, api, live, proxied
from tests.addons.waiting_backend import WaitingBackend

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("target", ["/dev/wait", "/dev/events", "http://{backend}/wait"])
def test_a_request_under_way_is_recorded(tmp_path: Path, target: str) -> None:
    document = api(wait=proxied("/wait"), events=proxied("/events"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        target = target.format(backend=backend.address)
        with _asking(gateway, target, backend.address) as client:
            assert backend.arrived.wait(10)
            if target == "/dev/events":
                _read_until(client, b"first")
            [exchange] = gateway.exchanges()
    assert exchange.request.target == target.removeprefix(f"http://{backend.address}")
    if target.startswith("http"):
        assert (exchange.outcome, exchange.response) == ("broken", None)
        assert exchange.error == STOPPED
    else:
        [broken] = [step for step in exchange.trace if step.outcome == "failed"]
        assert STOPPED in broken.facts.values()
    if target == "/dev/events":
        assert exchange.response is not None
        assert exchange.response.body == b"data: first\n\n"


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

"""`inspector connections` and a running gateway with an open WebSocket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from inspector.cli.app import main
from inspector.cli.exit import Exit
from tests.cli.gateway import running
from tests.gateway.websocket import apis

pytestmark = pytest.mark.slow


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClientConnection]:
    """A connection to an API that answers `ping`, in a folder with its recording."""
    reply = {"$default": {"ResponseTemplates": {"$default": "pong to $context.connectionId"}}}
    ping = apis.route(apis.mock(), two_way=True, responses=reply)
    (tmp_path / "api.json").write_text(json.dumps(apis.template({"ping": ping})))
    monkeypatch.chdir(tmp_path)
    with (
        running(tmp_path, "api.json") as up,
        connect(
            f"ws{up.url.removeprefix('http')}/dev", user_agent_header="test", proxy=None
        ) as client,
    ):
        yield client


def _json(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    capfd.readouterr()
    assert main(["connections", *arguments, "--json"]) == Exit.OK
    found: list[dict[str, object]] = json.loads(capfd.readouterr().out)
    return found


def test_somebody_else_takes_part(
    client: ClientConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    [listed] = _json(capfd)
    assert (listed["state"], listed["stage"], listed["user_agent"]) == ("open", "dev", "test")
    name = str(listed["id"])
    _json(capfd, "say", name[:8], '{"action": "ping"}')
    assert client.recv(timeout=5) == f"pong to {name}"
    assert main(["connections"]) == Exit.OK
    assert f"{name}  " in capfd.readouterr().out
    assert main(["connections", "close", name]) == Exit.OK
    with pytest.raises(ConnectionClosed) as closed:
        client.recv(timeout=5)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
        1000,
        "Connection Closed Normally",
    )


def test_what_makes_no_sense_is_refused(
    client: ClientConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert client.id is not None
    for arguments, said in (
        (["say", "nobody", "x"], "no open connection is called 'nobody'"),
        (["say"], "Say which connection to say: an ID."),
        (["say", "x"], "Say what: a TEXT, @FILE, or - to read it."),
        (["close", "x", "y"], "To close takes no TEXT."),
        (["list", "x"], "A list names no connection."),
    ):
        assert main(["connections", *arguments]) == Exit.USAGE
        assert said in capfd.readouterr().err


def test_without_a_gateway_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["connections"]) == Exit.RECORDING
    assert "There is no recording" in capfd.readouterr().err

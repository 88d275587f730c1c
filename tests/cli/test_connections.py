"""`inspector connections` and a running gateway with an open WebSocket."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from inspector.cli.app import main
from inspector.cli.exit import Exit
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.recording.rows import Row
from inspector.tui.asking import ask
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


def test_a_message_that_is_said_again_knows_its_original(client: ClientConnection) -> None:
    client.send('{"action": "ping"}')
    client.recv(timeout=5)
    with Reader(Path("inspector.db")) as reader:
        [connect] = _until(reader, "method:GET")
        [original] = _until(reader, "method:MESSAGE")
        assert connect.connection is not None
        asked = {"do": "say", "id": connect.connection, "text": "no JSON"}
        ask(Path("inspector.db"), "connections", {**asked, "replay_of": original.id})
        [again] = _until(reader, f"replay-of:{original.id}")
    assert (again.method, again.status) == ("MESSAGE", 403)


def _until(reader: Reader, chosen: str) -> list[Row]:
    """What the recording has of it, as soon as it is written."""
    deadline = time.monotonic() + 10
    while not (found := reader.page(parse(chosen))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_what_makes_no_sense_is_refused(
    client: ClientConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert client.id is not None
    for arguments, said in (
        (["say", "nobody", "x"], "no open connection is called 'nobody'"),
        (["say"], "`say` wants the ID of a connection."),
        (["say", "x"], "`say` wants a TEXT, @FILE, or - to read it."),
        (["close", "x", "y"], "`close` takes no TEXT."),
        (["list", "x"], "`list` takes no ID."),
    ):
        assert main(["connections", *arguments]) == Exit.USAGE
        assert said in capfd.readouterr().err


def test_without_a_gateway_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["connections"]) == Exit.RECORDING
    assert "There is no recording" in capfd.readouterr().err

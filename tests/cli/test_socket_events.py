"""Events of a WebSocket on the command line: `inspector invoke` and `inspector explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cli.app import main
from tests.tui import chat

pytestmark = pytest.mark.usefixtures("plain_terminal")


@pytest.fixture
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def definition(tmp_path: Path) -> str:
    file = tmp_path / "chat.yaml"
    file.write_text(chat.DEFINITION, "utf-8")
    return str(file)


def test_a_message_and_the_frame_that_comes_back(
    definition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["-d", '{"action": "ping"}', "--authorizer-context", '{"name": "ann"}']
    assert main(["invoke", definition, "MESSAGE", *said, "--body"]) == 0
    assert json.loads(capsys.readouterr().out) == {"pong": 3, "for": "ann", "on": chat.ID}
    assert main(["invoke", definition, "message", "/live", *said, "--connection-id", "x="]) == 0
    out = capsys.readouterr().out
    assert "MESSAGE ping → 200" in out
    assert "$request.body.action comes to 'ping', which is a route." in out
    assert '"on": "x="' in out


def test_an_event_for_scripts(definition: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["invoke", definition, "MESSAGE", "-d", '{"action": "ping"}', "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["connection"] == chat.ID
    assert (found["socket"]["event"], found["socket"]["stage"]) == ("MESSAGE", "live")
    assert [step["code"] for step in found["steps"]][-1] == "send.frame"


def test_a_message_that_no_route_takes(definition: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invoke", definition, "MESSAGE", "-d", '{"do": "say"}']) == 1
    assert '{"message": "Forbidden", "connectionId":"' in capsys.readouterr().out
    assert main(["explain", definition, "MESSAGE", "-d", '{"do": "say"}']) == 0
    out = capsys.readouterr().out
    assert 'The message has do: "say", and the expression reads action.' in out
    assert "Try: send it for route say" in out


def test_handshakes_and_ends(definition: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers = Path(definition).with_name("allow.json")
    allow = {"Action": "*", "Effect": "Allow", "Resource": "*"}
    only = {"principalId": "ann", "policyDocument": {"Statement": [allow]}}
    answers.write_text(json.dumps(only), "utf-8")
    function = ["--no-functions", "--function", f"room={answers}"]
    assert main(["invoke", definition, "CONNECT", "/", *function]) == 1
    assert "route.request.querystring.token is missing" in capsys.readouterr().out
    main(["invoke", definition, "CONNECT", "/live?token=ann", *function, "--log"])
    out = capsys.readouterr().out
    assert "CONNECT /live?token=ann → " in out
    assert "is connecting to WebSocket API [" in out
    assert main(["explain", definition, "DISCONNECT", "--close-code", "1009", *function]) == 0
    assert "1009: the message was too large" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--close-code", "12"], "is no close code"),
        (["--authorizer-context", "{"], "no JSON"),
        (["--authorizer-context", "[]"], "a JSON object is expected"),
    ],
)
def test_options_that_make_no_sense(
    definition: str, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invoke", definition, "DISCONNECT", *options]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("event", ["CONNECT", "MESSAGE", "DISCONNECT"])
def test_an_api_that_has_no_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], event: str
) -> None:
    from tests.tui import shop  # noqa: PLC0415

    file = tmp_path / "shop.yaml"
    file.write_text(shop.DEFINITION, "utf-8")
    assert main(["invoke", str(file), event, "/pets"]) == 2
    assert f"is no WebSocket API, and {event} is an event of one" in capsys.readouterr().err


def test_recorded_events_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = chat.record(tmp_path / "seen.db")
    told = []
    for number in range(1, 7):
        assert main(["explain", str(db), str(number)]) == 0
        told.append(capsys.readouterr().out)
    assert "CONNECT /live?token=ann → 101\n  The connection is open." in told[0]
    assert "which are dropped: the route has no route response" in told[2]
    assert "holds its authorizer's context: principalId=ann, name=ann" in told[2]
    assert "$request.body.action comes to 'shout', which is no route" in told[3]
    assert "DISCONNECT 1009" in told[5]


def test_a_recordings_list_tells_connections_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", str(chat.record(tmp_path / "seen.db")), "--text"]) == 0
    texts = [" ".join(each.split()) for each in capsys.readouterr().out.splitlines()]
    assert "MESSAGE ping gbiku27Wz 200" in texts[1]
    assert "CLOSED 1009 gbiku27Wz 200" in texts[5]


def test_cors_is_no_matter_of_websockets(
    definition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cors", definition, "/live", "--origin", "https://a.test"]) == 2
    assert "browsers let every origin connect" in capsys.readouterr().err

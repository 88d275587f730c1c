"""WebSockets on the screen: rows that tell events apart, frames, the connection, saying again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addons.controlled import ControlServer
from inspector.message import Headers, Response
from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.reader import Reader
from inspector.replay.sockets import why_not_sent
from inspector.tui import copying
from inspector.tui.app import InspectorApp
from inspector.tui.present import log, messages, rows, steps
from inspector.tui.present.title import title
from inspector.tui.reading import read
from tests.tui import chat
from tests.tui.driving import document, home, until
from tests.tui.test_services import shown


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return chat.record(tmp_path / "chat.db")


def test_the_list_tells_events_apart(recording: Path) -> None:
    with Reader(recording) as reader:
        found = reader.page(EVERYTHING, limit=9)
    columns = rows.layout(120)
    drawn = [rows.draw(row, columns).plain for row in reversed(found)]
    assert {len(each) for each in drawn} == {119}, "exactly as wide as its columns"
    texts = [" ".join(each.split()) for each in drawn]
    assert "CONNECT /live?token=ann gbiku27Wz 101" in texts[0]
    assert "MESSAGE ⇄ ping /live gbiku27Wz 200" in texts[1]
    assert "MESSAGE → say /live gbiku27Wz 200" in texts[2]
    assert "MESSAGE ⇄ no route /live gbiku27Wz 403" in texts[3]
    assert "route ✗ access denied" in texts[3]
    assert "POST /live/@connections/gbiku27Wz" in texts[4]
    assert "CLOSED ✕ 1009 /live gbiku27Wz 200" in texts[5]
    again = rows.draw(replace(found[0], origin="replayed"), columns).plain
    assert " ".join(again.split())[13:].startswith("CLOSED ↻ ✕ 1009")
    narrow = rows.layout(40)
    assert all(len(rows.draw(row, narrow).plain) == 39 for row in found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("method:CONNECT", ["CONNECT"]),
        ("-method:connect method:GET", []),
        ("method:closed", ["CLOSED"]),
        ("method:MESSAGE", ["MESSAGE"] * 3),
    ],
)
def test_events_are_found_by_what_they_are_called(
    recording: Path, text: str, shown: list[str]
) -> None:
    with Reader(recording) as reader:
        found = reader.page(parse(text), limit=9)
    drawn = [rows.draw(row, rows.layout(120)).plain for row in found]
    assert [each.split()[1] for each in drawn] == shown


def test_a_request_shows_the_frame_and_its_connection() -> None:
    ping = chat.message({"action": "ping"}, 3)
    text = shown(messages.request(ping))
    assert text.startswith("MESSAGE ping\n")
    facts = dict(row.split("  ", 1) for row in text.splitlines() if "  " in row and row[0] != " ")
    assert facts["connection"].strip() == chat.ID
    assert facts["open since"].strip() == "22:13:16.500, 4.8 s"
    assert facts["authorizer name"].strip() == "ann"
    assert "the filter connection:gbiku27WzQAYKEjhnA==" in text
    assert '"action": "ping"' in text
    assert "no headers" not in text
    connect = shown(messages.request(chat.conversation()[0]))
    assert "User-Agent" in connect
    assert "open since" in connect


def test_an_answer_is_a_frame_or_nothing_at_all() -> None:
    connect, ping, say, shout, _, closed = map(messages.response, chat.conversation())
    assert shown(connect).startswith("101")
    assert shown(ping).startswith("← a frame")
    assert '"pong": 3' in shown(ping)
    assert shown(say).startswith("Nothing is sent: the route has no route response, so that")
    assert "a frame of the gateway's own  ACCESS_DENIED" in shown(shout)
    assert '"Forbidden"' in shown(shout)
    assert shown(closed).startswith("Nothing is sent: the connection is closed.")


def test_what_stands_above_an_event() -> None:
    connect, ping, *_, closed = chat.conversation()
    assert title(connect).plain.startswith("CONNECT /live?token=ann → 101")
    assert title(ping).plain.startswith("MESSAGE ping → 200")
    assert title(closed).plain.startswith("DISCONNECT 1009 → 200")


def test_steps_and_logs_of_events() -> None:
    closed, said = chat.conversation()[5], chat.conversation()[2]
    text = shown(steps.steps(said, lambda _: None))
    assert "✓ Route" in text
    assert "Remedy: Give the route a route response" in text
    told = shown(log.log(closed, chat.BUNDLE.to_json()))
    assert f"As in the log group /aws/apigateway/{closed.api_id}/live" in told
    assert "Close reason: [1009: ]" in told
    assert "\nExtended Request Id" in told, "what all begin with is said once"


def test_what_is_copied_of_an_event(recording: Path) -> None:
    with Reader(recording) as reader:
        opened = [read(reader, number) for number in (1, 3)]
    curl = next(each for each in copying.CHOICES if each.key == "c")
    handshake, said = (curl.make(each, "http://127.0.0.1:8080").decode() for each in opened)
    assert handshake.startswith("wscat -c 'ws://127.0.0.1:8080/live?token=***'")
    assert said.startswith("inspector connections say gbiku27WzQAYKEjhnA==")
    whole, url = (
        next(each for each in copying.CHOICES if each.key == key).make(opened[1], "").decode()
        for key in "yu"
    )
    assert whole == '{"action": "say", "text": "hi"}', "nothing came back"
    assert url == "ws://127.0.0.1:8080/live"


@pytest.fixture
def said(recording: Path) -> Iterator[list[dict[str, Any]]]:
    """A gateway that says what it is asked to, and records it."""
    found: list[dict[str, Any]] = []

    def say(asked: Any) -> dict[str, Any]:
        if asked["text"] == '{"action": "say", "text": "hi"}':
            raise ValueError(f"The connection {asked['id']} is not open.")
        found.append(asked)
        again = replace(chat.message(asked["text"], 9), replay_of=asked["replay_of"])
        chat.record(recording, [again])
        return {"connections": []}

    server = ControlServer(recording, {"connections": say})
    yield found
    server.close()


def test_the_messages_of_another_hosts_socket() -> None:
    """As the recorder has them: what the client said, what the server said, the end."""
    ping = chat.message({"action": "ping"})
    changes: dict[str, Any] = {"api_id": None, "stage": None, "resource": None, "trace": (),
                               "performed": (), "outcome": "passed", "definition": None}  # fmt: skip
    said = replace(ping, response=None, response_size=0, **changes)
    heard = replace(ping, request=replace(ping.request, body=b""),
                    response=Response(101, Headers(), b'{"pong": 1}'), **changes)  # fmt: skip
    assert title(said).plain.startswith("MESSAGE 127.0.0.1/live → the server passed through")
    assert "from the client to the server" in shown(messages.response(said))
    assert '"action": "ping"' in shown(messages.request(said))
    text = shown(messages.response(heard))
    assert text.startswith("← a frame of the server's")
    assert '"pong": 1' in text
    assert "another host's WebSocket" in str(why_not_sent(said))


def test_rows_of_another_hosts_socket(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"api_id": None, "resource": None, "trace": (), "outcome": "passed"}
    ping, end = chat.message({"action": "ping"}), chat.conversation()[5]
    db = chat.record(tmp_path / "passed.db", [
        replace(ping, response=None, **changes),
        replace(ping, response=Response(101, Headers(), b"x"), response_size=1, **changes),
        replace(end, response=None, **changes),
    ])  # fmt: skip
    with Reader(db) as reader:
        drawn = [rows.draw(row, rows.layout(120)).plain for row in reader.page(EVERYTHING, limit=9)]
    texts = [" ".join(each.split()) for each in reversed(drawn)]
    assert "MESSAGE → 127.0.0.1/live —" in texts[0]
    assert "MESSAGE ← 127.0.0.1/live 101" in texts[1]
    assert "CLOSED ✕ 127.0.0.1/live —" in texts[2]


async def test_the_events_of_one_connection_are_listed_alone(tmp_path: Path) -> None:
    other = replace(chat.SOCKET, id="otherAbcQAYKEjhnA==")
    request = chat.message({"action": "ping"}).request
    db = chat.record(tmp_path / "two.db", [*chat.conversation(), chat.exchange(7, request, other)])
    app = InspectorApp(db)
    async with app.run_test(size=(110, 32)) as pilot:
        screen = await home(pilot)
        await until(pilot, lambda: len(screen.feed.window.rows) == 7)
        await pilot.press("G", "W")
        await until(pilot, lambda: len(screen.feed.window.rows) == 1)
        await pilot.press("u")
        await until(pilot, lambda: len(screen.feed.window.rows) == 7)


@pytest.mark.slow
async def test_a_message_is_said_again_on_its_connection(
    recording: Path, said: list[dict[str, Any]]
) -> None:
    app = InspectorApp(recording, gateway_url="http://127.0.0.1:1")
    async with app.run_test(size=(110, 32), notifications=True) as pilot:
        screen = await home(pilot)

        def told(text: str) -> bool:
            return any(text in each.message for each in app._notifications)

        await pilot.press("G", "enter", "0")
        await until(pilot, lambda: "The connection was closed: 1009" in document(screen))
        await pilot.press("r")
        await until(pilot, lambda: told("The end of a connection cannot be sent again"))
        await pilot.press("escape", "k", "k", "k", "enter", "2")
        await until(pilot, lambda: document(screen).startswith("MESSAGE say"))
        await pilot.press("r")
        await until(pilot, lambda: told("only on its connection"))
        await pilot.press("escape", "k", "enter", "2")
        await until(pilot, lambda: document(screen).startswith("MESSAGE ping"))
        await pilot.press("r")
        await until(pilot, lambda: len(said) == 1)
        [asked] = said
        with Reader(recording) as reader:
            [original] = reader.page(parse(f"id:{asked.pop('replay_of')}"))
        assert original.method == "MESSAGE"
        assert asked == {"do": "say", "id": chat.ID, "text": '{"action": "ping"}'}
        # What it was answered is opened, beside what its original was.
        await until(pilot, lambda: "same" in document(screen).lower())
        with Reader(recording) as reader:
            assert reader.newest_id() == 7

"""Whatever a WebSocket's event finds is told in words, with what to do where something is wrong."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import inspector.gateway.websocket as package
from inspector.gateway import narration
from inspector.gateway.connection_effects import ConnectionState
from tests.gateway.websocket.socket_api import Play, integration, route, serve

_STAGES = (
    "authorize", "gateway", "integrate", "manage", "map-request", "map-response", "meter",
    "resolve", "route", "send", "validate",
)  # fmt: skip
_CODE = re.compile(rf"(?:{'|'.join(_STAGES)})\.[a-z-]*[a-z]")


def codes() -> set[str]:
    """All codes that the core of WebSocket APIs writes as they are."""
    found = set()
    for file in Path(package.__path__[0]).rglob("*.py"):
        if file.name == "words.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if _CODE.fullmatch(node.value) else set()
    return found


def test_every_code_has_words() -> None:
    made = {"manage.connecting", "manage.gone", "meter.no-key", "integrate.timeout"}
    assert len(codes()) > 50
    assert {code for code in codes() | made if code not in narration._SENTENCES} == set()


def played() -> list[list[str]]:
    chat = Play(
        serve(route("$connect"), route("join", two_way=True), route("leave")),
        lambda event: {"statusCode": 200, "body": "hi"},
    )
    gone = Play(chat.served, state=ConnectionState("gone"))
    events = [
        chat.connect(), chat.connect("/prod"), chat.connect("/dev/more"),
        chat.message({"action": "join"}), chat.message({"action": "leave"}),
        chat.message({"action": "jion"}), chat.message("hello"), chat.disconnect(1009),
        chat.manage("POST", "/dev/@connections/x%3D", b"hi"), gone.manage("GET", "/dev/@connections/x%3D"),
        chat.manage("PUT", "/dev/@connections/x"), chat.manage("GET", "/dev/other"),
        chat.manage("GET", "/other/@connections/x"),
    ]  # fmt: skip
    return [
        [narration.describe(step) for step in each.answer.trace]
        + [str(narration.remedy(step)) for step in each.answer.trace]
        + [row.value for step in each.answer.trace for row in narration.evidence(step)]
        for each in events
    ]


def test_sentences_are_made_of_what_the_trace_holds() -> None:
    texts = "\n".join("\n".join(each) for each in played())
    assert "$request.body.action comes to 'jion', which is no route" in texts
    assert "Send one of the routes (join, leave), or add a $default route." in texts
    assert "The message is no JSON, so that $request.body.action chooses nothing" in texts
    assert "The integration answered 2 bytes, which are dropped" in texts
    assert "Connection x= is closed." in texts
    assert "'prod' is no stage of API abc123defg." in texts
    assert "this is /other behind stage dev" in texts
    assert "nobody checked whether it may" in texts


def test_what_a_client_offers_and_what_is_chosen() -> None:
    def opened(*fields: tuple[str, str], answers: dict[str, str]) -> str:
        play = Play(
            serve(route("$connect")), lambda _: {"statusCode": 200, "headers": answers, "body": ""}
        )
        step = play.connect("/dev", *fields).step("send.connected")
        return f"{narration.describe(step)} {narration.remedy(step)}"

    offered = ("Sec-WebSocket-Protocol", "a, b")
    chosen = {"Sec-WebSocket-Protocol": "b"}
    assert opened(answers={}) == "The connection is open. None"
    assert "with sub-protocol b. None" in opened(offered, answers=chosen)
    assert "the client offered a, b and none was chosen. A browser hangs up" in opened(
        offered, answers={}
    )
    assert "a sub-protocol b that the client did not offer" in opened(answers=chosen)


def test_a_mock_is_told_as_one() -> None:
    mock = integration("MOCK", request_templates={})
    play = Play(serve(route("join"), integrations={"chat": mock}))
    texts = [narration.describe(step) for step in play.message({"action": "join"}).answer.trace]
    assert any("names no statusCode" in text for text in texts)

"""Recorded events of WebSockets: run again, compared with an edit, their templates, sent again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.definitions import Bundle, Options, read
from inspector.definitions.deployed import deployed
from inspector.definitions.rewriting import write_back
from inspector.gateway.deploy import Gateway
from inspector.gateway.velocity.stepping import Debugger
from inspector.message import Headers
from inspector.replay.edited_since import explain_by_now
from inspector.replay.invocations import events_of
from inspector.replay.rerun import gateway_of, rerun
from inspector.replay.sockets import head, said_again, why_not_sent
from inspector.replay.telling import told_of
from inspector.replay.templates import grounds, passages
from inspector.tui import debugging, sending
from tests.tui import chat


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return gateway_of(chat.BUNDLE.to_json())


def test_every_event_is_run_again_to_the_same_answer(gateway: Gateway) -> None:
    for each in chat.conversation():
        again = rerun(each, gateway).answer
        assert again is not None
        assert (again.response, again.trace) == (each.response, each.trace), each.request
        assert told_of(each, gateway).is_of_socket
        explain_by_now(each, chat.BUNDLE.to_json())


def test_what_functions_were_given() -> None:
    connect = chat.conversation()[0]
    kinds = [json.loads(each.payload).get("type") for each in events_of(connect)]
    assert kinds == ["REQUEST", None], "the authorizer, then the integration"


def test_both_templates_of_a_message_can_be_stepped_through(gateway: Gateway) -> None:
    ping = chat.message({"action": "ping", "n": 3})
    asked, told = passages(ping, gateway)
    assert (asked.side, asked.media_type) == ("request", "$default")
    assert (told.side, told.media_type) == ("response", "$default")
    run = Debugger(told.text, told.variables)
    run.to_event(len(run.events))
    assert json.loads(run.recorded.output) == {"pong": 3, "for": "ann", "on": chat.ID}
    assert ping.response is not None
    assert run.recorded.output.encode() == ping.response.body
    assert passages(chat.message({"action": "say"}), gateway) == [], "a proxy has none"


def test_the_screens_debugger_finds_them(tmp_path: Path) -> None:
    found = debugging.find(chat.record(tmp_path / "chat.db"), chat.message({"action": "ping"}))
    assert [each.passage.side for each in found.templates] == ["request", "response"]
    with pytest.raises(debugging.NothingToStepError):
        debugging.find(tmp_path / "chat.db", chat.message({"action": "say"}))


def test_a_template_of_ones_own_sees_the_connection(gateway: Gateway) -> None:
    on_request, on_answer = grounds(chat.message({"action": "ping", "n": 3}), gateway)
    run = Debugger("$context.connectionId $input.path('$.n')", on_request.variables)
    run.to_event(2)
    assert run.recorded.output == f"{chat.ID} 3"
    assert on_answer.media_type == "on the response"


def test_an_edited_template_is_written_back_and_changes_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "chat.yaml"
    file.write_text(chat.DEFINITION, "utf-8")
    bundle = Bundle({str(file): chat.DEFINITION}, Options())
    served = deployed(read(bundle))
    ping = replace(chat.message({"action": "ping", "n": 3}), definition=bundle.digest)
    told = passages(ping, served)[1]
    new = write_back(chat.DEFINITION, told.source, told.text.replace('"pong"', '"ping"'))
    file.write_text(new, "utf-8")
    found = explain_by_now(ping, bundle.to_json())
    edited = next(note for note in found.notes if note.rule == "definition.edited")
    assert "ping changed" in edited.text
    assert edited.source is not None
    assert '"ping":' in new.splitlines()[edited.source.line - 1]


def test_what_events_are_called() -> None:
    connect, *_, closed = chat.conversation()
    assert head(connect) == ("CONNECT", "/live?token=ann")
    assert head(chat.message({"action": "say"})) == ("MESSAGE", "say")
    assert head(chat.message("?")) == ("MESSAGE", "no route")
    assert head(closed) == ("DISCONNECT", "1009")


def test_only_a_message_can_be_sent_again_and_only_on_its_connection(tmp_path: Path) -> None:
    connect, *_, closed = chat.conversation()
    said = chat.message({"action": "say"})
    assert why_not_sent(said) is None
    assert "somebody has to hold it" in str(why_not_sent(connect))
    assert "token=***" in str(why_not_sent(connect)), "what may be a secret is masked"
    assert said_again(connect, secrets=True).startswith(
        "wscat -c 'ws://127.0.0.1:8080/live?token=a"
    )
    headers = Headers((*connect.request.headers.fields, ("Accept", "*/*"), ("X-Room", "tea")))
    full = said_again(replace(connect, request=replace(connect.request, headers=headers)))
    assert full.endswith(" -H 'X-Room: tea'")
    assert "Accept" not in full
    assert "cannot be sent again" in str(why_not_sent(closed))
    assert said_again(said) == f"""inspector connections say {chat.ID} '{{"action": "say"}}'"""
    db = chat.record(tmp_path / "seen.db")
    for each in (connect, closed):
        with pytest.raises(sending.NotSentError):
            sending.through_gateway(db, each, each.request, "http://127.0.0.1:1", 1)


@pytest.mark.parametrize("text", ["@/etc/hostname", "-", "--json"])
def test_what_a_client_said_names_no_file_of_whoever_says_it_again(text: str) -> None:
    said = said_again(chat.message(text))
    assert said == f"printf %s {text} | inspector connections say {chat.ID} -"


def test_a_message_whose_gateway_is_gone(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("inspector.recording.asking.PATIENCE", 0.2)
    db = chat.record(tmp_path / "seen.db")
    said = chat.message({"action": "say"})
    with pytest.raises(sending.NotSentError, match="only on its connection"):
        sending.through_gateway(db, said, said.request, "http://127.0.0.1:1", 1)

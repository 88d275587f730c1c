"""Functions on the screen: what they were given, what they answered and printed, and the key
that saves the event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.effects import (
    BackendFailure,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.pipeline import converse
from inspector.model import LambdaProxy
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.reader import Reader
from inspector.recording.writer import Writer
from inspector.runtime.drive import drive
from inspector.tui.app import InspectorApp
from inspector.tui.present import functions, messages, steps
from inspector.tui.present.document import Document
from tests.gateway.build import ENVIRONMENT, SOURCE, request, serve
from tests.tui.driving import document, home, until
from tests.tui.test_services import shown

URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:pets/invocations"
)


def exchange(reply: Reply, *, mode: str = "BUFFERED") -> Exchange:
    """A request that a function answers so."""
    integration = LambdaProxy(
        source=SOURCE,
        http_method="POST",
        uri=URI,
        response_transfer_mode=mode,  # type: ignore[arg-type]
    )
    done: list[Performed] = []

    def perform(effect: object) -> Reply:
        ended = StreamEnded(4, b"body", "the function failed: Error", "halfway\n")
        answer = ended if isinstance(effect, ResponseStarted) else reply
        assert isinstance(effect, InvokeFunction | ResponseStarted)
        done.append(Performed(effect, answer, 100, 5_100))
        return answer

    asked = request("GET", "/dev/pets?size=small")
    answer = drive(converse(serve({"GET /pets": integration}), asked, ENVIRONMENT), perform)
    return Exchange(
        started_us=0,
        duration_us=6_000,
        request=asked,
        response=answer.response,
        environment=ENVIRONMENT,
        host="localhost",
        outcome=answer.outcome,
        trace=answer.trace,
        performed=tuple(done),
        api_id=answer.api_id,
        stopped_at=answer.stopped_at,
    )


def test_event_answer_and_output() -> None:
    log = "looking\n\x1b[31mred\nT\tr-1\tINFO\tfound\n"
    answer = FunctionAnswer(b'{"statusCode":200,"body":"hi"}', None, "r-1", log, 5, 3)
    text = shown(messages.backend(exchange(answer)))
    assert "λ pets  arn:aws:lambda:us-east-1:123456789012:function:pets" in text
    assert '"size": "small"' in text, "the event is laid out"
    assert '"body": "hi"' in text
    assert "5.0 ms, a cold start of 3 ms  request id r-1" in text
    assert "Printed\nlooking\n" in text
    assert "\x1b" not in text
    assert "T  r-1  INFO  found" in text
    assert "5.0 ms" in shown(steps.steps(exchange(answer), lambda source: None))


def test_what_was_printed_last_stands_below_the_explanation() -> None:
    log = "".join(f"line {number}\n" for number in range(250)) + "why\n"
    made = exchange(FunctionAnswer(b'{"statusCode":500}', log=log))
    text = shown(Document(functions.printed(made)))
    assert "λ pets printed" in text
    assert "… 51 lines before" in text
    assert "line 51\n" in text
    assert "line 50\n" not in text
    assert text.rstrip().endswith("why")
    assert functions.printed(exchange(FunctionAnswer(b"{}"))) == []


async def test_the_explanation_shows_what_was_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    writer = Writer(tmp_path / "functions.db")
    writer.store(exchange(FunctionAnswer(b'{"statusCode":500}', log="the table is gone\n")), 10)
    writer.close()
    app = InspectorApp(tmp_path / "functions.db")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("enter", "0")
        await until(pilot, lambda: "the table is gone" in document(screen))


def test_an_error_and_a_failure() -> None:
    document = b'{"errorType":"ValueError","errorMessage":"no such pet"}'
    text = shown(messages.backend(exchange(FunctionAnswer(document, "Unhandled"))))
    assert "← failed  5.0 ms  ValueError: no such pet" in text
    late = BackendFailure("timeout", "no answer in 1 ms", "still at it\n")
    text = shown(messages.backend(exchange(late)))
    assert "✗ No answer  after 5.0 ms" in text
    assert "Printed\nstill at it" in text


def test_the_key_that_makes_an_answer_malformed_is_marked() -> None:
    answer = FunctionAnswer(b'{"statusCode":200,"headers":"none","body":""}')
    text = shown(messages.backend(exchange(answer)))
    assert "✗ headers  an object is expected, not text" in text


def test_a_streamed_answer() -> None:
    head = FunctionStream(b'{"statusCode":201}', "r-2")
    text = shown(messages.backend(exchange(head, mode="STREAM")))
    assert "← streams" in text
    assert '"statusCode": 201' in text
    assert "The stream broke off: the function failed: Error" in text
    assert "Printed\nhalfway" in text


@pytest.mark.slow
async def test_an_event_that_cannot_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "events").write_text("a file stands where the folder would be")
    db = tmp_path / "functions.db"
    writer = Writer(db)
    writer.store(exchange(FunctionAnswer(b'{"statusCode":200}')), 10)
    writer.close()
    app = InspectorApp(db)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("E")
        await until(
            pilot, lambda: [n.message for n in app._notifications] == ["events: File exists"]
        )


async def test_one_key_saves_the_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    db = tmp_path / "functions.db"
    writer = Writer(db)
    number = writer.store(exchange(FunctionAnswer(b'{"statusCode":200}')), 10)
    writer.close()
    with Reader(db) as reader:
        [recorded] = reader.exchange(number).performed
    assert isinstance(recorded.effect, InvokeFunction)
    file = tmp_path / "events" / f"pets-{number}.json"
    app = InspectorApp(db)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("E")
        await until(pilot, file.exists)
        await until(
            pilot, lambda: any(f"events/{file.name}" in n.message for n in app._notifications)
        )
    assert json.loads(file.read_text()) == json.loads(recorded.effect.payload)

"""Streamed answers of functions: their head, and what is wrong with it."""

from __future__ import annotations

import json

import pytest

from inspector.gateway.effects import (
    Effect,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.narration import describe, remedy
from inspector.gateway.pipeline import Answer, converse
from inspector.model import LambdaProxy
from inspector.runtime.drive import drive
from tests.gateway.build import ENVIRONMENT, SOURCE, request, serve

URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:chat/response-streaming-invocations"
)


def _ask(reply: Reply, mode: str = "STREAM") -> tuple[Answer, list[Effect]]:
    integration = LambdaProxy(
        source=SOURCE, http_method="POST", uri=URI, response_transfer_mode=mode
    )
    served = serve({"GET /": integration})
    assert served.streams is (mode == "STREAM")
    asked: list[Effect] = []

    def perform(effect: Effect) -> Reply:
        asked.append(effect)
        return StreamEnded(5, b"hello") if isinstance(effect, ResponseStarted) else reply

    return drive(converse(served, request("GET", "/dev"), ENVIRONMENT), perform), asked


def test_status_and_headers_come_before_the_body() -> None:
    head = {
        "statusCode": 201,
        "headers": {"Content-Type": "text/event-stream", "x-one": "1"},
        "multiValueHeaders": {"x-many": ["a", "b"]},
        "cookies": ["c1=blue", "c2=red"],
    }
    answer, (invoked, started) = _ask(FunctionStream(json.dumps(head).encode()))
    assert isinstance(invoked, InvokeFunction)
    assert invoked.stream
    assert invoked.key.startswith("stream arn:")
    assert isinstance(started, ResponseStarted)
    assert started.status == 201
    assert started.headers.get("content-type") == "text/event-stream"
    assert started.headers.get("content-length") is None
    assert started.headers.fields[-5:] == (
        ("x-many", "a"), ("x-many", "b"), ("x-one", "1"),
        ("Set-Cookie", "c1=blue"), ("Set-Cookie", "c2=red"),
    )  # fmt: skip
    assert answer.outcome == "answered"
    assert [describe(step) for step in answer.trace if step.stage == "integrate"] == [
        "Function chat streams its answer."
    ]


def test_a_function_that_does_not_stream_may_answer_so_all_the_same() -> None:
    answer, asked = _ask(FunctionAnswer(b'{"statusCode":202}' + bytes(8) + b"\0\xffbody"))
    assert len(asked) == 1
    assert (answer.response.status, answer.response.body) == (202, b"\0\xffbody")


@pytest.mark.parametrize(
    ("reply", "key"),
    [
        (FunctionStream(b"no json"), ""),
        (FunctionStream(b'{"statusCode":200,"body":"x"}'), "body"),
        (FunctionStream(b'{"statusCode":"ok"}'), "statusCode"),
        (FunctionStream(b'{"cookies":"a=b"}'), "cookies"),
        (FunctionAnswer(b'{"statusCode":200,"body":"as without streaming"}'), ""),
    ],
)
def test_another_form_is_malformed(reply: Reply, key: str) -> None:
    answer, _ = _ask(reply)
    assert answer.response.status == 502
    assert json.loads(answer.response.body) == {"message": "Internal server error"}
    step = next(step for step in answer.trace if step.code == "map-response.malformed")
    assert step.facts["key"] == key


def _advice(answer: Answer) -> str:
    step = next(step for step in answer.trace if step.code == "map-response.malformed")
    return remedy(step) or ""


def test_where_integration_and_function_do_not_agree_on_streaming_it_is_said() -> None:
    whole, _ = _ask(FunctionAnswer(b'{"statusCode":200,"body":"x"}'))
    assert _advice(whole).startswith("Begin the stream with awslambda.HttpResponseStream.from")
    streamed, _ = _ask(FunctionAnswer(b'{"statusCode":200}' + bytes(8) + b"x"), "BUFFERED")
    assert _advice(streamed).startswith("The function streams its answer: set responseTransferMode")
    neither, _ = _ask(FunctionAnswer(b'{"body":{}}'), "BUFFERED")
    assert _advice(neither).startswith('Return {"statusCode"')

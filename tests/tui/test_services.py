"""A call of an AWS service on the screen: its leg, its steps, and what to do when it failed."""

from __future__ import annotations

import re

import pytest

from inspector.gateway.effects import BackendAnswer, BackendFailure, CallService, Reply
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange, Performed
from inspector.testing import ENVIRONMENT, Gateway
from inspector.tui.present import messages, steps
from inspector.tui.present.document import Document

SCAN = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/items": {
            "get": {
                "responses": {"200": {"description": "ok"}},
                "x-amazon-apigateway-integration": {
                    "type": "aws",
                    "httpMethod": "POST",
                    "uri": "arn:aws:apigateway:us-east-1:dynamodb:action/Scan",
                    "credentials": "arn:aws:iam::123456789012:role/r",
                    "requestTemplates": {"application/json": '{"TableName": "t"}'},
                    "responses": {"default": {"statusCode": "200"}},
                },
            }
        }
    },
}


def exchange(reply: Reply) -> Exchange:
    done: list[Performed] = []

    def service(call: CallService) -> Reply:
        done.append(Performed(call, reply, 100, 5_100))
        return reply

    result = Gateway(SCAN, service=service).get("/items")  # type: ignore[arg-type]
    answer = result.answer
    return Exchange(
        started_us=0,
        duration_us=6_000,
        request=Request("GET", "/dev/items", Headers(), b""),
        response=answer.response,
        environment=ENVIRONMENT,
        host="localhost",
        outcome=answer.outcome,
        trace=answer.trace,
        performed=tuple(done),
        stopped_at=answer.stopped_at,
    )


def shown(document: Document) -> str:
    return "\n".join(document.line(at).plain for at in range(len(document)))


def test_the_backend_of_a_service_call_is_shown() -> None:
    text = shown(messages.backend(exchange(BackendAnswer(200, Headers(), b'{"Items": []}'))))
    assert "POST https://dynamodb.us-east-1.amazonaws.com/?Action=Scan" in text
    assert "DynamoDB_20120810.Scan" in text
    assert "← 200" in text


@pytest.mark.parametrize(
    ("reply", "leg", "story"),
    [
        (BackendFailure("no-endpoint", "d"), "--endpoint SERVICE=URL", "--endpoint dynamodb="),
        (BackendFailure("no-credentials", "d"), "no credentials", "AWS_PROFILE"),
        (
            BackendAnswer(400, Headers(), b'{"__type": "x#ResourceNotFoundException"}'),
            "← 400",
            "correct its name",
        ),
    ],
)
def test_what_went_wrong_is_shown_with_its_remedy(reply: Reply, leg: str, story: str) -> None:
    told = exchange(reply)
    assert leg in shown(messages.backend(told))
    text = shown(steps.steps(told, lambda source: None))
    assert story in text
    assert re.search(r"5[.0]* ms", text)

"""A payload that is no JSON: Lambda answers itself, and the method's responses carry it (pain 40)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.gateway.execution_log import lines
from inspector.gateway.payload_check import refused
from inspector.testing import Gateway, Result

_URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"


def ask(template: str, body: str = "{}", **responses: Any) -> Result:
    integration = {
        "type": "aws", "httpMethod": "POST", "uri": _URI,
        "requestTemplates": {"application/json": template},
        "responses": {"default": {"statusCode": "200"}, ".+": {"statusCode": "502"}, **responses},
    }  # fmt: skip
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/": {"post": {"x-amazon-apigateway-integration": integration}}},
    }
    return Gateway(document, function=lambda event: event).post("/", body=body)


def test_lambda_answers_in_the_functions_place() -> None:
    result = ask('{"a": "$util.escapeJavaScript($input.path("$.a"))"}', '{"a": "it\'s"}')
    assert (result.status, result.invocations) == (200, ())
    said = result.json()
    assert said["Type"] == "User"
    assert said["message"].startswith(
        "Could not parse request body into json: Unrecognized character escape ''' (code 39)"
    )
    step = next(each for each in result.answer.trace if each.code == "integrate.payload-not-json")
    assert "escapeJavaScript" in str(step.facts["reason"])
    told = [line.partition(") ")[2] for line in lines(result.told)]
    assert "Received response. Status: 400, Integration latency: 0 ms" in told
    assert told[-1] == "Method completed with status: 200"


@pytest.mark.parametrize("template", ["#set($a = 1)", "", "\n \n"])
def test_nothing_is_an_empty_object(template: str) -> None:
    """Fact 184."""
    result = ask(template, body="")
    assert (result.status, result.json()) == (200, {})


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b'{"a": 1', "Unexpected end-of-input"),
        (b"not json", "Unexpected character ('n' (code 110)): was expecting a value"),
        (b'{"a": 1,}', "Unexpected character ('}' (code 125)): was expecting a name in quotes"),
        (b'"\x87"', "Invalid UTF-8 start byte 0x87"),
    ],
)
def test_what_is_wrong_is_said(payload: bytes, words: str) -> None:
    found = refused(payload)
    assert found is not None
    assert json.loads(found.body)["message"].startswith(
        f"Could not parse request body into json: {words}"
    )
    assert found.mend


@pytest.mark.parametrize("payload", [b"", b"1", b'"\\ud800"', b" null ", b"1e999"])
def test_json_is_let_through(payload: bytes) -> None:
    assert refused(payload) is None

"""What functions say is untrusted: JSON nested beyond reading is an answer like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.gateway.untrusted_json import loads
from inspector.testing import Gateway

DEEP = b"[" * 200_000 + b"]" * 200_000
FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:fn/invocations"
)
PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION}
CUSTOM = {**PROXY, "type": "aws", "responses": {"default": {"statusCode": "200"}}}
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
SCHEME = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
        "type": "token",
        "authorizerUri": FUNCTION,
        "identitySource": "method.request.header.Authorization",
    },
}


@pytest.mark.parametrize(
    ("integration", "error", "status"),
    [
        (PROXY, None, 502),
        (PROXY, "Unhandled", 502),
        (CUSTOM, None, 200),
        (CUSTOM, "Unhandled", 200),
        ({**PROXY, "payloadFormatVersion": "1.0"}, None, 500),
        ({**PROXY, "payloadFormatVersion": "2.0"}, None, 200),
        ({**PROXY, "payloadFormatVersion": "2.0"}, "Unhandled", 500),
        (MOCK, None, 500),
        (MOCK, "Unhandled", 500),
    ],
    ids=["proxy", "proxy fails", "custom", "custom fails", "1.0", "2.0", "2.0 fails",
         "authorizer", "authorizer fails"],
)  # fmt: skip
def test_an_answer_nested_beyond_reading_breaks_nothing(
    integration: dict[str, Any], error: str | None, status: int
) -> None:
    method: dict[str, Any] = {"x-amazon-apigateway-integration": integration}
    document: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": "deep", "version": "1"},
        "paths": {"/a": {"get": method}},
    }
    if integration is MOCK:
        method["security"] = [{"guard": []}]
        document["components"] = {"securitySchemes": {"guard": SCHEME}}
    http_api = "payloadFormatVersion" in integration
    gateway = Gateway(
        document,
        function=lambda _: FunctionAnswer(DEEP, error),
        api_type="http" if http_api else "rest",
    )
    result = gateway.get("/a", headers={"Authorization": "token"})
    assert result.status == status
    assert result.answer.trace[-1].stage == "send"


def test_reading_says_that_it_is_too_deep() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        loads(DEEP)


@pytest.mark.parametrize(
    "text",
    [b'{"a": 1}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), "{}".encode("utf-32-be"), b"\xff",
     b"", b"nul", b'"\xed\xa0\xbd"', '{"a": "é"}', "\ufeff{}", "[1", '"\ud83d"'],
)  # fmt: skip
def test_it_reads_what_the_standard_library_reads(text: str | bytes) -> None:
    def outcome(read: Callable[[str | bytes], Any]) -> object:
        try:
            return read(text)
        except ValueError:
            return ValueError

    assert outcome(loads) == outcome(json.loads)


@pytest.mark.parametrize("text", ["NaN", b"[Infinity]", b'{"a": -Infinity}'])
def test_what_no_json_has_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="is no JSON"):
        loads(text)

"""Half of a surrogate pair, which JSON can spell and UTF-8 cannot: no request ends of it."""

from __future__ import annotations

import json
from typing import Any

from addons.flows import raw_fields
from inspector.gateway.effects import BackendRequest, CallBackend
from inspector.message import Headers, Response
from inspector.testing import Gateway, Result

HALF = json.dumps({"a": "x\ud800", "many": '["\\ud800"]'})
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
JSON = [("Content-Type", "application/json")]


def document(integration: dict[str, Any], **method: Any) -> dict[str, Any]:
    post = {"responses": {}, "x-amazon-apigateway-integration": integration, **method}
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"post": post}},
    }


def sent(definition: dict[str, Any], api_type: Any = None) -> tuple[Result, BackendRequest]:
    seen: list[BackendRequest] = []
    gateway = Gateway(
        definition, backend=lambda request: seen.append(request) or {}, api_type=api_type
    )
    return gateway.post("/x", body=HALF, headers=JSON), seen[-1]


def test_a_rest_api_maps_it_as_java_writes_it() -> None:
    result, request = sent(document({
        "type": "http", "httpMethod": "POST", "uri": "http://b.example/{p}",
        "requestParameters": {"integration.request.querystring.q": "method.request.body.a",
                              "integration.request.path.p": "method.request.body.a"},
        "responses": {"default": {"statusCode": "200"}},
    }))  # fmt: skip
    assert result.status == 200
    assert request.url == "http://b.example/x%3F?q=x%3F"


def test_a_header_of_it_has_a_key_to_be_recorded_by() -> None:
    _, request = sent(document({
        "type": "http", "httpMethod": "POST", "uri": "http://b.example/",
        "requestParameters": {"integration.request.header.h": "method.request.body.a"},
        "responses": {"default": {"statusCode": "200"}},
    }))  # fmt: skip
    assert CallBackend(request, 1).key.startswith("backend POST http://b.example/ ")


def test_an_http_api_maps_it_as_the_replacement_character() -> None:
    result, request = sent(document({
        "type": "HTTP_PROXY", "httpMethod": "POST", "uri": "http://b.example/",
        "payloadFormatVersion": "1.0",
        "requestParameters": {"overwrite:path": "$request.body.a", "append:querystring.q": "$request.body.a"},
    }), "http")  # fmt: skip
    assert result.status == 200
    assert request.url == "http://b.example/x%EF%BF%BD?q=x%EF%BF%BD"


def test_so_does_a_service_integration() -> None:
    """`Resources` is JSON in a text, with the half still spelled out."""
    result, request = sent(document({
        "type": "AWS_PROXY", "integrationSubtype": "EventBridge-PutEvents",
        "payloadFormatVersion": "1.0", "credentials": "arn:aws:iam::123456789012:role/r",
        "requestParameters": {"Detail": "$request.body.a", "DetailType": "d", "Source": "s",
                              "Resources": "$request.body.many"},
    }), "http")  # fmt: skip
    [entry] = json.loads(request.body)["Entries"]
    assert result.status == 200
    assert (entry["Detail"], entry["Resources"]) == ("x\ufffd", ["\ufffd"])


def test_a_functions_base64_that_is_none() -> None:
    definition = document({"type": "aws_proxy", "httpMethod": "POST", "uri": URI})
    definition["x-amazon-apigateway-binary-media-types"] = ["*/*"]
    answer = {"statusCode": 200, "isBase64Encoded": True, "body": "\ud800"}
    result = Gateway(definition, function=lambda event: answer).post(
        "/x", headers=[("Accept", "a/b")]
    )
    assert (result.status, result.answer.response_type) == (500, "API_CONFIGURATION_ERROR")


def test_a_gateway_response_prints_it_as_java_does() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": ["x"]}}}
    definition = document(
        {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}},
        requestBody={"content": {"application/json": {"schema": schema}}},
    ) | {
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": True}},
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-gateway-responses": {"BAD_REQUEST_BODY": {
            "responseTemplates": {"application/json": "$context.error.validationErrorString"},
        }},
    }  # fmt: skip
    result = Gateway(definition).post("/x", body=HALF, headers=JSON)
    assert result.status == 400
    assert b"x?" in result.body


def test_a_header_on_the_wire() -> None:
    answer = Response(200, Headers.of([("x", "\ud800é"), ("y", "é")]))
    assert raw_fields(answer) == ((b"x", "?é".encode()), (b"y", b"\xe9"))

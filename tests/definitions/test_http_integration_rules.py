"""What Amazon refuses in an integration of an HTTP API, in a document and in a template alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Loaded, Options, read
from inspector.definitions.http_integration_rules import CLOUDFORMATION, OPENAPI
from inspector.model import HttpApi
from inspector.testing import Gateway

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
LISTENER = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/app/lb/50dc/0467"
BACKEND = {"type": "HTTP_PROXY", "method": "GET", "uri": "http://b.example/", "payload": "1.0"}
CALL = {"type": "AWS_PROXY", "method": "POST", "uri": FUNCTION, "payload": "2.0"}
QUEUE = {"type": "AWS_PROXY", "subtype": "SQS-SendMessage", "payload": "1.0", "parameters":
         {"QueueUrl": "q", "MessageBody": "$request.body"},
         "credentials": "arn:aws:iam::123456789012:role/r"}  # fmt: skip
_MORE = {"parameters": ("requestParameters", "RequestParameters"),
         "answers": ("responseParameters", "ResponseParameters"),
         "credentials": ("credentials", "CredentialsArn"),
         "link": ("connectionId", "ConnectionId")}  # fmt: skip


def _load(document: dict[str, Any]) -> Loaded:
    return read(Bundle({"a.json": json.dumps(document, indent=1)}, Options(api_type="http")))


def from_openapi(settings: dict[str, Any]) -> Loaded:
    names = OPENAPI | {key: pair[0] for key, pair in _MORE.items()}
    integration = {names[key]: value for key, value in settings.items() if value is not None}
    operation = {"get": {"x-amazon-apigateway-integration": integration}}
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    return _load({**document, "paths": {"/a": operation}})


def from_template(settings: dict[str, Any]) -> Loaded:
    names = CLOUDFORMATION | {key: pair[1] for key, pair in _MORE.items()}
    integration = {names[key]: value for key, value in settings.items() if value is not None}
    api = {"Ref": "Api"}
    parts = {
        "Api": {"Name": "n", "ProtocolType": "HTTP"},
        "Integration": {"ApiId": api, **integration},
        "Route": {"ApiId": api, "RouteKey": "GET /a",
                  "Target": {"Fn::Sub": "integrations/${Integration}"}},
        "Stage": {"ApiId": api, "StageName": "$default", "AutoDeploy": True},
    }  # fmt: skip
    resources = {
        name: {"Type": f"AWS::ApiGatewayV2::{name}", "Properties": properties}
        for name, properties in parts.items()
    }
    return _load({"Resources": resources})


def errors(loaded: Loaded) -> list[tuple[str, str]]:
    """Code and message, without the name in front."""
    return [
        (each.code, each.message.partition(": ")[2])
        for each in loaded.diagnostics
        if each.level == "error"
    ]


REFUSED = [
    (CALL, {"method": "GET"}, "HttpMethod must be POST for AWS_PROXY IntegrationType"),
    (QUEUE, {"payload": "2.0"}, "Operation: SQS-SendMessage is not supported."),
    (QUEUE, {"subtype": "SQS-SendMessages"}, "Operation: SQS-SendMessages is not supported."),
    (QUEUE, {"credentials": None},
     "Role ARN must be specified for AWS integration configuration with Subtype: SQS-SendMessage"),
    (QUEUE, {"parameters": {"QueueUrl": "q"}},
     "Operation: SQS-SendMessage requires enabling passthrough, or defining all of the following "
     "parameters: [QueueUrl, MessageBody]"),
    (BACKEND, {"timeout": 30_001}, "Timeout should be between 50 ms and 30000 ms"),
    (BACKEND, {"connection": "VPC_LINK", "uri": LISTENER},
     "ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK"),
    (BACKEND, {"answers": {"199": {"append:header.a": "b"}}}, "Status Code 199 is not valid"),
    (BACKEND, {"uri": FUNCTION}, f"Invalid HTTP endpoint specified for URI: {FUNCTION}"),
    (BACKEND, {"uri": LISTENER}, f"Invalid HTTP endpoint specified for URI: {LISTENER}"),
    (BACKEND, {"uri": None}, "an HTTP_PROXY integration has to say where it leads"),
    (CALL, {"uri": "f"}, "'f' is no function's ARN"),
    (CALL, {"uri": None}, "an AWS_PROXY integration has to name its function"),
]  # fmt: skip


@pytest.mark.parametrize("load", [from_openapi, from_template])
@pytest.mark.parametrize(("good", "change", "sentence"), REFUSED)
def test_what_is_refused_is_told_in_amazons_words(
    load: Any, good: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    assert errors(load(good)) == []
    assert [message for _, message in errors(load({**good, **change}))] == [sentence]


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"method": None}, "integration-method",
         "HttpMethod parameter method must be specified for integrationType HTTPPROXY"),
        ({"payload": "2.0"}, "payload-version",
         "PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY"),
    ],
)  # fmt: skip
def test_an_import_of_a_backend_is_only_warned(
    change: dict[str, Any], code: str, sentence: str
) -> None:
    assert errors(from_template({**BACKEND, **change})) == [(code, sentence)]
    [warned] = from_openapi({**BACKEND, **change}).diagnostics
    assert (warned.level, warned.message) == ("warning", f"GET /a: {sentence}")


def test_the_line_is_that_of_the_property() -> None:
    loaded = from_template({**CALL, "method": "GET"})
    [wrong] = [each for each in loaded.diagnostics if each.level == "error"]
    lines = loaded.bundle.files["a.json"].splitlines()
    assert "IntegrationMethod" in lines[wrong.source.line - 1]


@pytest.mark.parametrize(
    "good",
    [
        {**BACKEND, "connection": "VPC_LINK", "link": "l", "uri": LISTENER},
        {**BACKEND, "uri": "${stageVariables.url}"},
        {**BACKEND, "method": "ANY", "answers": {"599": {"overwrite:statuscode": "200"}}},
        {**CALL, "method": None},
        {**CALL, "uri": "${stageVariables.function}"},
    ],
)
@pytest.mark.parametrize("load", [from_openapi, from_template])
def test_what_is_accepted(load: Any, good: dict[str, Any]) -> None:
    assert errors(load(good)) == []


def test_other_types_are_refused_by_themselves_and_only_warned_of_in_an_import() -> None:
    sentence = "may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)"
    loaded = from_template({**CALL, "type": "AWS"})
    [wrong] = [each for each in loaded.diagnostics if each.level == "error"]
    assert sentence in wrong.message
    loaded = from_openapi({**CALL, "type": "AWS"})
    [warned] = loaded.diagnostics
    assert (warned.level, warned.code) == ("warning", "integration-type")
    assert sentence in warned.message
    [api] = loaded.apis
    assert isinstance(api, HttpApi)
    assert api.routes["GET /a"].integration is None


def test_a_route_that_an_import_left_without_an_integration_is_a_500() -> None:
    aws = {"type": "AWS", "httpMethod": "POST", "uri": FUNCTION, "payloadFormatVersion": "1.0"}
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"},
                "paths": {"/a": {"get": {"x-amazon-apigateway-integration": aws}}}}  # fmt: skip
    result = Gateway(document, api_type="http").get("/a")
    assert (result.status, result.text) == (500, '{"message":"Internal Server Error"}')


@pytest.mark.parametrize(
    ("value", "alike"),
    [
        ("$requdst.body.order", True),
        ("$stageVariable.name", True),
        ("$5.00", False),
        ("$.order", False),
        ("a $word.word", False),
        ("$context.requestId", False),
    ],
)
@pytest.mark.parametrize("load", [from_openapi, from_template])
def test_a_text_that_looks_like_a_variable_is_told(load: Any, value: str, *, alike: bool) -> None:
    calls: list[dict[str, Any]] = [
        {**QUEUE, "parameters": {"QueueUrl": "q", "MessageBody": value}},
        {**BACKEND, "parameters": {"append:header.x": value}},
    ]
    for call in calls:
        loaded = load(call)
        assert errors(loaded) == []
        told = [each for each in loaded.diagnostics if each.code == "mapping-text"]
        assert len(told) == alike
        assert all(repr(value) in each.message for each in told)

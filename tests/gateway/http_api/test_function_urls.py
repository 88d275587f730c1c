"""The URL of a function: an API with one route, and where it differs from an HTTP API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.testing import Gateway

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "FunctionName": "shop", "Runtime": "python3.11", "Handler": "a.b", "Code": "src",
        "Role": "arn:aws:iam::123456789012:role/r",
    },
}  # fmt: skip
PERMISSION = {
    "Type": "AWS::Lambda::Permission",
    "Properties": {
        "Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE",
        "FunctionName": {"Ref": "Shop"},
    },
}  # fmt: skip


def template(auth: str = "NONE", **more: Any) -> dict[str, Any]:
    url = {"AuthType": auth, "TargetFunctionArn": {"Fn::GetAtt": ["Shop", "Arn"]}}
    resources = {
        "Shop": FUNCTION,
        "Open": PERMISSION,
        "Url": {"Type": "AWS::Lambda::Url", "Properties": url},
    }
    return {"Resources": {**resources, **more}}


def codes(gateway: Gateway) -> set[str]:
    return {each.code for each in gateway.diagnostics if each.level != "info"}


def test_every_path_reaches_the_function_with_the_url_s_event() -> None:
    seen: list[Any] = []
    gateway = Gateway(template(), function=lambda event: seen.append(event) or "hi")
    assert not codes(gateway)
    result = gateway.request("POST", "/any/path?a=1&a=2", body="text")
    assert (result.status, result.body) == (200, b"hi")
    [event] = seen
    context = event["requestContext"]
    assert gateway.api.host.endswith(".lambda-url.us-east-1.on.aws")
    assert context["domainName"] == gateway.api.host
    assert context["domainPrefix"] == context["apiId"] == gateway.api.id
    assert (context["accountId"], context["routeKey"], context["stage"]) == (
        "anonymous", "$default", "$default",
    )  # fmt: skip
    assert event["queryStringParameters"] == {"a": "1,2"}
    assert context["requestId"] == result.headers.get("x-amzn-RequestId")
    assert result.headers.get("apigw-requestid") is None


def test_a_form_without_content_type_is_json() -> None:
    gateway = Gateway(template(), function=lambda _: {"statusCode": "418", "body": "tea"})
    result = gateway.request("GET", "/")
    assert (result.status, result.headers.get("content-type")) == (418, "application/json")


@pytest.mark.parametrize(
    "answer", [FunctionAnswer(b'{"errorMessage": "no"}', "Unhandled"), {"statusCode": 200.5}]
)
def test_a_function_that_fails_is_a_bad_gateway(answer: object) -> None:
    result = Gateway(template(), function=lambda _: answer).request("GET", "/")
    assert (result.status, result.body) == (502, b"Internal Server Error")


def test_its_cors_configuration_answers_the_preflight() -> None:
    cors = {"AllowOrigins": ["https://a.example"], "AllowMethods": ["PUT"], "MaxAge": 60}
    definition = template()
    definition["Resources"]["Url"]["Properties"]["Cors"] = cors
    gateway = Gateway(definition, function=lambda _: "hi")
    origin = {"Origin": "https://a.example"}
    answered = gateway.request("GET", "/", headers=origin)
    assert answered.headers.get("access-control-allow-origin") == "https://a.example"
    asked = {**origin, "Access-Control-Request-Method": "PUT"}
    assert gateway.request("OPTIONS", "/", headers=asked).headers.get(
        "access-control-allow-methods"
    ) == "PUT"  # fmt: skip


def test_a_preflight_as_a_user_pasted_it() -> None:
    definition = template()
    cors = {"AllowOrigins": ["https://a.example"]}
    definition["Resources"]["Url"]["Properties"]["Cors"] = cors
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    result = Gateway(definition, function=lambda _: "").request("OPTIONS", "/", headers=asked)
    assert (result.status, result.text) == (200, "")
    assert [*result.headers][1:] == [
        ("Content-Type", "application/json"), ("Content-Length", "0"),
        ("Connection", "keep-alive"), ("x-amzn-RequestId", result.headers.get("x-amzn-RequestId")),
        ("Access-Control-Allow-Origin", "https://a.example"), ("Vary", "Origin"),
        ("Access-Control-Allow-Methods", "*"),
    ]  # fmt: skip


def test_who_may_call_is_told_where_it_is_not_checked() -> None:
    assert codes(Gateway(template("AWS_IAM"), function=lambda _: "")) == {"access-not-enforced"}
    closed = template()
    del closed["Resources"]["Open"]
    assert codes(Gateway(closed, function=lambda _: "")) == {"access-not-enforced"}


def test_beside_an_api_it_is_left_out_and_its_address_is_known() -> None:
    route = {"ApiId": {"Ref": "Api"}, "RouteKey": "GET /", "Target": "integrations/x"}
    route["Target"] = {"Fn::Sub": "integrations/${Back}"}
    back = {
        "ApiId": {"Ref": "Api"}, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET",
        "PayloadFormatVersion": "1.0", "IntegrationUri": {"Fn::GetAtt": ["Url", "FunctionUrl"]},
    }  # fmt: skip
    api = {"Name": "a", "ProtocolType": "HTTP"}
    gateway = Gateway(
        template(
            Api={"Type": "AWS::ApiGatewayV2::Api", "Properties": api},
            Route={"Type": "AWS::ApiGatewayV2::Route", "Properties": route},
            Back={"Type": "AWS::ApiGatewayV2::Integration", "Properties": back},
        ),
        backend=lambda request: json.dumps({"url": request.url}),
    )
    assert gateway.api.name == "a"
    assert "left-out" in {each.code for each in gateway.diagnostics}
    url = gateway.request("GET", "/").json()["url"]
    assert url.startswith("https://")
    assert url.endswith(".lambda-url.us-east-1.on.aws/")


@pytest.mark.parametrize(
    ("answer", "status", "kind", "body"),
    [
        (b'{"statusCode":203,"headers":{"content-type":"text/x"}}' + bytes(8) + b"b", 203, "text/x", b"b"),
        (b"as it is", 200, "application/octet-stream", b"as it is"),
        (b'{"statusCode":203,"body":"x"}', 200, "application/json", b'{"statusCode":203,"body":"x"}'),
        (b'{"statusCode":203,"body":"x"}' + bytes(8), 502, "application/json", b"Internal Server Error"),
    ],
)  # fmt: skip
def test_a_streamed_answer_that_is_here_whole(
    answer: bytes, status: int, kind: str, body: bytes
) -> None:
    """Of a handler that does not stream, or of an endpoint that does not."""
    definition = template()
    definition["Resources"]["Url"]["Properties"]["InvokeMode"] = "RESPONSE_STREAM"
    gateway = Gateway(definition, function=lambda _: FunctionAnswer(answer))
    result = gateway.request("GET", "/")
    assert (result.status, result.headers.get("content-type"), result.body) == (status, kind, body)
    assert result.invocations[0].stream

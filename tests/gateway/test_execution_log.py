"""The execution log of REST APIs: what breaks, keys, and that no line claims what did not happen."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.effects import BackendFailure, Effect, Reply
from inspector.gateway.execution_log import lines
from inspector.gateway.pipeline import converse
from inspector.gateway.told import Told
from inspector.message import Headers, Request
from inspector.model import ApiKey, PlanStage, Source, StageKey, UsagePlan
from inspector.runtime.drive import drive
from inspector.testing import Gateway
from tests.gateway.build import ENVIRONMENT, http_proxy, request, serve

_SOURCE = Source("keys", 1, 1, "")
_KEY = "0123456789abcdefghij"
_CONFIGURATION = "Execution failed due to configuration error: "


def mock(**more: Any) -> dict[str, Any]:
    return {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
        **more,
    }


def log(integration: dict[str, Any], *, keyed: bool = False, sent: str | None = None) -> list[str]:
    method: dict[str, Any] = {"responses": {}, "x-amazon-apigateway-integration": integration}
    if keyed:
        method["security"] = [{"key": []}]
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/": {"get": method}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
        },
    }
    plan = UsagePlan(
        id="p", source=_SOURCE, keys=("k",),
        api_stages=(PlanStage(StageKey("abc", "dev", _SOURCE)),),
    )  # fmt: skip
    gateway = Gateway(
        document, api_id="abc", api_keys=[ApiKey(id="k", source=_SOURCE, value=_KEY)],
        usage_plans=[plan], function=lambda _: "nonsense",
    )  # fmt: skip
    fields = [("Host", gateway.api.host), *([] if sent is None else [("x-api-key", sent)])]
    request = Request("GET", "/dev/", Headers.of(fields))
    result = gateway.send(request)
    told = Told(request, gateway.environment, result.answer, [])
    return [line.partition(") ")[2] for line in lines(told)]


FUNCTION = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
}


@pytest.mark.parametrize(
    ("integration", "sentence"),
    [
        (
            mock(requestTemplates={"application/json": "{}"}),
            "Unable to parse statusCode. It should be an integer that is defined in the request "
            "template.",
        ),
        (
            mock(responses={"4..": {"statusCode": "400"}}),
            "No match for output mapping and no default output mapping configured. Endpoint "
            "Response Status Code: 200",
        ),
        (
            {
                "type": "http_proxy", "httpMethod": "GET", "uri": "http://backend.example/",
                "requestParameters": {"integration.request.header.Content-Length": "'1'"},
            },
            "Content-Length header already present",
        ),
        (FUNCTION, "Malformed Lambda proxy response"),
        (mock(requestTemplates={"application/json": "#if($x)"}), "Unable to transform request"),
        (
            mock(responses={"default": {"statusCode": "200", "responseTemplates": {
                "application/json": "#foreach($x)"}}}),
            "Unable to transform response",
        ),
    ],
)  # fmt: skip
def test_what_breaks_is_said_in_amazons_words(integration: dict[str, Any], sentence: str) -> None:
    said = log(integration)
    assert _CONFIGURATION + sentence in said
    status = "502" if integration is FUNCTION else "500"
    assert said[-1] == f"Method completed with status: {status}"
    assert "Successfully completed execution" not in said


def test_a_call_of_a_function_is_told_in_amazons_order() -> None:
    """Recorded in 2026 and in TestInvokeMethod: the headers by name and order."""
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": {"x-amazon-apigateway-integration": FUNCTION}}},
    }
    gateway = Gateway(document, api_id="abc", function=lambda _: {"statusCode": 200})
    result = gateway.get("/x")
    deployed, tested = ([_names(line) for line in lines(result.told, as_test=as_test)
                         if "Endpoint re" in line and " headers: " in line]
                        for as_test in (False, True))  # fmt: skip
    answered = [
        "Date",
        "Content-Type",
        "Content-Length",
        "Connection",
        "x-amzn-RequestId",
        "x-amzn-Remapped-Content-Length",
        "X-Amz-Executed-Version",
        "X-Amzn-Trace-Id",
    ]
    assert deployed == [
        ["X-Amz-Date", "x-amzn-apigateway-api-id", "Accept", "User-Agent", "Host",
         "X-Amz-Content-Sha256", "X-Amzn-Trace-Id", "x-amzn-lambda-integration-tag",
         "Authorization", "X-Amz-Source-Arn", "X-Amz-Security-Token"], answered,
    ]  # fmt: skip
    assert tested == [
        ["x-amzn-lambda-integration-tag", "Authorization", "X-Amz-Date", "x-amzn-apigateway-api-id",
         "Accept", "User-Agent", "X-Amz-Security-Token"], answered,
    ]  # fmt: skip


def _names(line: str) -> list[str]:
    return [pair.partition("=")[0] for pair in line.partition("{")[2].replace(" GMT", "").split(", ")
            if "=" in pair]  # fmt: skip


def test_a_key_that_is_good_is_checked() -> None:
    said = log(mock(), keyed=True, sent=_KEY)
    shown = "*" * 14 + "efghij"
    assert f"Usage Plan check succeeded for API Key {shown} and API Stage abc/dev" in said
    assert _KEY not in "\n".join(said[:7])
    assert said[4:7] == ["HTTP Method: GET, Resource Path: /", f"API Key: {shown}", "API Key ID: k"]


@pytest.mark.parametrize("sent", [None, "some-other-key-1234567"])
def test_a_key_that_is_refused_is_not_said_to_succeed(sent: str | None) -> None:
    said = log(mock(), keyed=True, sent=sent)
    assert said[1].startswith("Verifying Usage Plan for request: ")
    shown = "" if sent is None else "*" * (len(sent) - 6) + sent[-6:]
    assert said[2].startswith(f"API Key {shown} not authorized because method 'GET /' requires")
    assert len(said) == 3


def test_an_answer_that_is_too_large_is_told_in_amazons_words() -> None:
    detail = (
        "Integration response of reported length 12000000 is larger than allowed maximum of "
        "10485760 bytes"
    )
    asked, done = request("GET", "/dev"), []

    def perform(effect: Effect) -> Reply:
        done.append((effect, BackendFailure("too-large", detail), 5))
        return done[-1][1]

    answer = drive(converse(serve({"GET /": http_proxy()}), asked, ENVIRONMENT), perform)
    told = list(lines(Told(asked, ENVIRONMENT, answer, done)))
    assert told[-2].endswith(f") Execution failed due to configuration error: {detail}.")

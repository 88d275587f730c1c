"""Mapped headers and overrides: names with their case, lists value by value, forbidden names."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.content import listed
from inspector.gateway.effects import BackendAnswer
from inspector.gateway.execution_log import lines
from inspector.message import Headers
from inspector.testing import Gateway
from tests.gateway.build import (
    Backend,
    ask,
    http,
    integration_response,
    mappings,
    request,
    serve,
    templates,
)


def test_headers_of_an_answer_are_named_with_their_case_and_the_last_counts() -> None:
    """Fact 132; guide: header names are processed in a case-sensitive way."""
    response = integration_response(
        parameters=mappings(
            method__response__header__a="integration.response.header.X-Id",
            method__response__header__b="integration.response.header.x-id",
            method__response__header__c="integration.response.multivalueheader.X-Id",
            method__response__header__d="integration.response.multivalueheader.x-ID",
        )
    )
    backend = Backend(BackendAnswer(200, Headers.of([("X-Id", "1"), ("X-Id", "2")]), b""))
    answer = ask(serve({"GET /": http(responses=(response,))}), request("GET", "/dev/"), backend)
    found = {name: answer.response.headers.get(name) for name in "abcd"}
    assert found == {"a": "2", "b": None, "c": "1,2", "d": None}


def test_a_list_in_an_override_is_sent_value_by_value() -> None:
    """Fact 107."""
    template = (
        '#set($context.requestOverride.header.many = ["1", "2"])'
        '#set($context.requestOverride.querystring.q = ["a", "b"])'
    )
    backend = Backend(BackendAnswer(200, Headers(), b""))
    served = serve({"GET /": http(request_templates=templates(json=template))})
    ask(served, request("GET", "/dev/"), backend)
    sent = backend.calls[0].request
    assert sent.headers.all("many") == ("1", "2")
    assert sent.url == "http://backend.example/?q=a&q=b"


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_a_template_cannot_set_a_header_that_cannot_be_mapped(name: str) -> None:
    template = f'#set($context.requestOverride.header["{name}"] = "1")'
    backend = Backend(BackendAnswer(200, Headers(), b""))
    served = serve({"GET /": http(request_templates=templates(json=template))})
    answer = ask(served, request("GET", "/dev/"), backend)
    assert (answer.response.status, backend.calls) == (500, [])


def _function(**more: Any) -> dict[str, Any]:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
    integration = {"type": "aws", "httpMethod": "POST", "uri": uri, **more}
    integration.setdefault("responses", {"default": {"statusCode": "200"}})
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/": {
                "x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": integration}
            }
        },
    }


@pytest.mark.parametrize(
    "more",
    [
        {"requestParameters": {"integration.request.header.x-amz-invocation-type": "'Event'"}},
        {"requestTemplates": {"application/json":
            "#set($context.requestOverride.header.X-Amz-Invocation-Type = 'Event'){}"}},
    ],
)  # fmt: skip
def test_an_event_is_not_waited_for_however_it_is_asked_for(more: dict[str, Any]) -> None:
    """Fact 130; header names have no case on their way to Lambda."""
    result = Gateway(_function(**more)).post("/")
    [invocation] = result.invocations
    assert invocation.asynchronous
    assert any("runs by itself: nobody waits for its answer" in line for line in result.story)


@pytest.mark.parametrize(("method", "status"), [("POST", 200), ("GET", 500)])
def test_the_integration_method_any_is_the_clients(method: str, status: int) -> None:
    """Fact 148, and 9."""
    assert Gateway(_function(httpMethod="ANY")).request(method, "/").status == status


def test_a_function_that_is_not_posted_to_fails_as_an_integration() -> None:
    """Fact 9: the gateway response is INTEGRATION_FAILURE, and the status 500."""
    responses = {"INTEGRATION_FAILURE": {"responseParameters": {"gatewayresponse.header.x": "'y'"}}}
    document = {
        **_function(type="aws_proxy", httpMethod="GET"),
        "x-amazon-apigateway-gateway-responses": responses,
    }
    result = Gateway(document).get("/")
    assert (result.status, result.headers.get("x"), result.invocations) == (500, "y", ())
    assert lines(result.told)[-1].endswith("Method completed with status: 500")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("application/x", True), ("application/*", True), ("application", False), ("*/*", False)],
)
def test_what_is_no_media_type_is_not_listed(value: str, expected: bool) -> None:
    """Facts 212, 213."""
    assert listed(("application/*",), value) is expected

"""HTTP APIs end to end: routing, events, answers, refusals, CORS, throttles."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.gateway.effects import BackendFailure, FunctionAnswer
from inspector.gateway.narration import remedy
from inspector.message import Headers, Response
from inspector.testing import Gateway

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def api(**paths: Any) -> dict[str, Any]:
    """A document; each keyword is a JSON member of it, `paths` the paths."""
    return {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, **paths}


def function(version: str = "2.0") -> dict[str, Any]:
    integration = {"type": "AWS_PROXY", "uri": FUNCTION, "payloadFormatVersion": version}
    return {"x-amazon-apigateway-integration": integration}


def backend(uri: str = "http://b.example/x/{id}", **more: Any) -> dict[str, Any]:
    integration = {"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": uri,
                   "payloadFormatVersion": "1.0", **more}  # fmt: skip
    return {"x-amazon-apigateway-integration": integration}


def test_no_route_is_not_found_with_a_small_header() -> None:
    gateway = Gateway(api(paths={"/a": {"get": function()}}))
    result = gateway.get("/b")
    assert (result.status, result.body) == (404, b'{"message":"Not Found"}')
    assert [name for name, _ in result.headers] == [
        "Date", "Content-Type", "Content-Length", "Connection", "apigw-requestid",
    ]  # fmt: skip
    assert result.answer.stopped_at == "route"
    assert gateway.get("/a/").status == 404, "a slash at the end counts"
    assert "A slash at the end counts" in str(remedy(gateway.get("/a/").answer.trace[1]))


def test_a_function_that_fails_is_a_500_with_a_capital_header() -> None:
    def fail(_event: Any) -> object:
        raise RuntimeError("no")

    result = Gateway(api(paths={"/a": {"get": function()}}), function=fail).get("/a")
    assert (result.status, result.body) == (500, b'{"message":"Internal Server Error"}')
    assert result.headers.fields[-1][0] == "Apigw-Requestid"
    assert result.answer.response_type == "INTEGRATION_FAILURE"


def test_a_backend_that_cannot_be_reached_is_a_503() -> None:
    failure = BackendFailure("refused", "nobody")
    result = Gateway(api(paths={"/{id}": {"get": backend()}}), backend=lambda _: failure).get("/7")
    assert (result.status, result.body) == (503, b'{"message":"Service Unavailable"}')


def test_the_backend_gets_the_clients_request() -> None:
    gateway = Gateway(api(paths={"/{id}": {"x-amazon-apigateway-any-method": backend()}}))
    result = gateway.post("/7?q=1", headers={"X-Own": "a", "Connection": "close"}, body="hello")
    [asked] = result.backend_requests
    assert (asked.method, asked.url, asked.body) == ("POST", "http://b.example/x/7?q=1", b"hello")
    assert asked.headers.get("via") == "HTTP/1.1 AmazonAPIGateway"
    assert (asked.headers.get("x-own"), asked.headers.get("connection")) == ("a", None)


def test_the_default_route_forwards_the_whole_path() -> None:
    document = api(
        paths={"/$default": {"x-amazon-apigateway-any-method": backend("http://b.example/x")}}
    )
    [asked] = Gateway(document).get("/some/where?a=b").backend_requests
    assert asked.url == "http://b.example/x/some/where?a=b"


def test_a_named_stage_is_in_the_raw_path() -> None:
    gateway = Gateway(api(paths={"/a": {"get": function()}}), stage="dev")
    [call] = gateway.get("/a").invocations
    event = json.loads(call.payload)
    assert (event["rawPath"], event["requestContext"]["stage"]) == ("/dev/a", "dev")
    assert gateway.request("GET", raw_target="/a").status == 404


CORS = {"allowOrigins": ["https://a.example"], "allowMethods": ["GET"], "maxAge": 60}


@pytest.mark.parametrize(("origin", "allowed"), [("https://a.example", True), ("https://b", False)])
def test_preflights_are_answered_here(origin: str, *, allowed: bool) -> None:
    document = api(paths={"/a": {"get": function()}}) | {"x-amazon-apigateway-cors": CORS}
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    result = Gateway(document).request("OPTIONS", "/a", headers=headers)
    assert result.status == 204
    assert result.headers.get("access-control-allow-origin") == (origin if allowed else None)
    assert result.invocations == ()


def test_the_backends_word_on_cors_does_not_count() -> None:
    answer = Response(200, Headers.of([("Access-Control-Allow-Origin", "*"), ("X-A", "b")]))
    document = api(paths={"/{id}": {"get": backend()}}) | {"x-amazon-apigateway-cors": CORS}
    gateway = Gateway(document, backend=lambda _: answer)
    allowed = gateway.get("/7", headers={"Origin": "https://a.example"})
    assert allowed.headers.all("access-control-allow-origin") == ("https://a.example",)
    assert "access-control-allow-origin" not in gateway.get("/7").headers


def test_what_the_gateway_says_itself_may_be_read_as_well() -> None:
    """As users paste it: before `www-authenticate` of a 401, and with `vary: origin`."""
    said = {**CORS, "allowCredentials": True}
    document = api(paths={"/a": {"get": function()}}) | {"x-amazon-apigateway-cors": said}
    gateway = Gateway(document, function=lambda _: FunctionAnswer(b"{}", "Unhandled"))
    origin = {"Origin": "https://a.example"}
    broken = gateway.get("/a", headers=origin).headers
    assert [name for name, _ in broken][-4:] == [
        "Access-Control-Allow-Origin", "Vary", "Access-Control-Allow-Credentials",
        "Apigw-Requestid",
    ]  # fmt: skip
    assert "vary" not in gateway.get("/a", headers={"Origin": "https://b.example"}).headers
    assert "vary" not in gateway.get("/none", headers=origin).headers


def test_a_preflight_that_a_route_catches_is_explained() -> None:
    document = api(paths={"/{id}": {"x-amazon-apigateway-any-method": backend()}})
    gateway = Gateway(document | {"x-amazon-apigateway-cors": CORS})
    asked = {"Origin": "https://b.example", "Access-Control-Request-Method": "GET"}
    found = gateway.explain(gateway.request("OPTIONS", "/7", headers=asked))
    assert [note.rule for note in found.notes] == ["cors.caught", "cors.http-api"]


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_function_does_not_frame_the_answer(version: str) -> None:
    """A length beside `transfer-encoding` would break the connection."""
    framing = {"Transfer-Encoding": "chunked", "Connection": "upgrade", "content-length": "3",
               "keep-alive": "1", "Upgrade": "h2c", "X-Own": "1"}  # fmt: skip
    answer = {"statusCode": 200, "headers": framing, "body": "hello"}
    gateway = Gateway(api(paths={"/a": {"get": function(version)}}), function=lambda _: answer)
    result = gateway.get("/a")
    assert [name for name, _ in result.headers] == [
        "Date", "Content-Type", "Content-Length", "Connection", "X-Own", "Apigw-Requestid",
    ]  # fmt: skip
    assert result.headers.get("content-length") == "5"

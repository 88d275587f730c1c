"""Logs and metrics of WebSocket APIs, line by line as Amazon wrote them in 2026."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.connection_effects import ConnectionState
from inspector.gateway.execution_log import lines
from inspector.gateway.http_api.access_log import line
from inspector.gateway.metrics import published
from inspector.model import RouteSettings
from inspector.testing import Gateway
from tests.gateway.websocket import apis
from tests.gateway.websocket.socket_api import SOURCE, Play, Played, authorizer, route, serve

ID = "EP5y6FQaIAMEXLA="
HELD = "gbiku27WzQAYKEjhnA=="
FORMAT = (
    "$context.requestId|$context.httpMethod|$context.routeKey|$context.status|"
    "$context.responseLength|$context.integrationLatency|$context.integrationStatus|"
    "$context.integration.status|$context.error.message|$context.error.responseType|"
    "$context.eventType|$context.connectionId|$context.messageId|$context.connectedAt|"
    "$context.identity.userAgent|$context.unsupported"
)


def log(event: Played, *, data_trace: bool = False) -> list[str]:
    found = lines(event.told, data_trace=data_trace)
    assert all(each.startswith(f"({ID}) ") for each in found)
    return [each.removeprefix(f"({ID}) ") for each in found]


def crash(_: Any) -> None:
    raise RuntimeError("owned-backend-failure")


def test_a_handshake_is_logged() -> None:
    found = log(Play(serve(route("$connect"))).connect())
    assert found == [
        f"Extended Request Id: {ID}",
        f"Verifying Usage Plan for request: {ID}. API Key:  API Stage: abc123defg/dev",
        "API Key  authorized because route '$connect' does not require API Key. Request will not "
        "contribute to throttle or quota limits",
        "Usage Plan check succeeded for API Key  and API Stage abc123defg/dev",
        f"Starting execution for request: {ID}",
        "WebSocket Request Route: [$connect]",
        "Client [UserAgent: ua, SourceIp: 127.0.0.1] is connecting to WebSocket API [abc123defg].",
        "AWS Integration Endpoint RequestId : id-1",
        f"Client [Connection Id: {HELD}] connected to API [abc123defg] successfully.",
    ]


def test_a_crashed_message_is_logged_with_data_trace() -> None:
    found = log(Play(serve(route("echo")), crash).message({"action": "echo"}), data_trace=True)
    assert [each[:60] for each in found[5:]] == [
        "WebSocket Request Route: [echo]",
        "WebSocket API [abc123defg] received message from client [Con",
        "WebSocket API [abc123defg] received message from client [gbi",
        "Endpoint request URI: https://lambda.us-east-1.amazonaws.com",
        "Endpoint request headers: {X-Amz-Date=20231114T221320Z, x-am",
        'Endpoint request body after transformations: {"requestContex',
        "Sending request to https://lambda.us-east-1.amazonaws.com/20",
        "Received response. Status: 200, Integration latency: 16 ms",
        "Endpoint response headers: {Date=Tue, 14 Nov 2023 22:13:20 G",
        'Endpoint response body before transformations: {"errorMessag',
        "Lambda execution failed with status 200 due to customer func",
        "AWS Integration Endpoint RequestId : id-1",
        "Message from client [Connection Id: gbiku27WzQAYKEjhnA==] se",
    ]
    assert found[7].startswith(
        f'WebSocket API [abc123defg] received message from client [{HELD}]. Message: [{{"request'
    )
    assert found[7].endswith('"isBase64Encoded":false}].')
    assert f"x-amzn-lambda-integration-tag={ID}" in found[9]
    assert (
        "X-Amz-Source-Arn=arn:aws:execute-api:us-east-1:123456789012:abc123defg/dev/echo"
        in (found[9])
    )
    assert found[-1].endswith("sent to API [abc123defg] with response status code [502].")


def test_without_data_trace_no_message_is_logged() -> None:
    found = log(Play(serve(route("echo"))).message({"action": "echo"}))
    assert found[5:] == [
        "WebSocket Request Route: [echo]",
        f"WebSocket API [abc123defg] received message from client [Connection Id: {HELD}].",
        "AWS Integration Endpoint RequestId : id-1",
        f"Message from client [Connection Id: {HELD}] sent to API [abc123defg] with response status "
        "code [200].",
    ]


def test_the_end_of_a_connection_is_logged() -> None:
    play = Play(serve(route("$disconnect")))
    assert log(play.disconnect(1000, "probe-complete"))[-1] == (
        f"Client [Connection Id: {HELD}] disconnected from API [abc123defg] with integration response "
        "status code [200]. Close reason: [1000: probe-complete]"
    )
    assert log(Play(serve(route("x"))).disconnect(1001))[-1] == (
        f"Client [Connection Id: {HELD}] disconnected from API [abc123defg]. Close reason: [1001: ]"
    )


def test_a_refusal_is_logged_by_its_type() -> None:
    guarded = route("$connect", authorization_type="CUSTOM", authorizer="who")
    play = Play(serve(guarded, authorizers={"who": authorizer()}), lambda _: {"no": "policy"})
    found = log(play.connect("/dev", ("Authorization", "secret-value")), data_trace=True)
    assert found[1:3] == ["Starting authorizer: who for request: " + found[1].rpartition(" ")[2],
                          "Incoming identity: ******-value"]  # fmt: skip
    assert found[-1] == (
        "Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500"
    )
    assert not any("Verifying Usage Plan" in each for each in found)
    unrouted = log(Play(serve(route("echo"))).message({"action": "x"}))
    assert unrouted[0] == f"Extended Request Id: {ID}"
    assert unrouted[1].startswith("Execution failed: $request.body.action comes to 'x'")


def test_a_call_of_connections_is_logged() -> None:
    play = Play(serve(route("x")), state=ConnectionState("gone"))
    event = play.manage("POST", f"/dev/@connections/{HELD}", b"hi")
    found = [each.partition(") ")[2] for each in lines(event.told)]
    assert found[2:] == [
        "WebSocket Request Route: [POST /@connections/{connectionId}]",
        "Connection API request failed: GoneException",
        "Connection API request completed with status: 410",
    ]


@pytest.mark.parametrize(
    ("play", "written"),
    [
        (lambda p: p.connect(),
         f"{ID}|-|$connect|200|-|16|-|-|-|-|CONNECT|{HELD}|-|1699999996500|ua|-"),
        (lambda p: p.message({"action": "echo"}),
         f"{ID}|-|echo|200|-|16|-|-|-|-|MESSAGE|{HELD}|gbiku27WzQAYKEjhnB==|1699999996500|ua|-"),
        (lambda p: p.message({"action": "crash"}),
         f"{ID}|-|crash|502|-|16|-|-|Internal server error|INTEGRATION_FAILURE|MESSAGE|{HELD}|"
         "gbiku27WzQAYKEjhnB==|1699999996500|ua|-"),
        (lambda p: p.disconnect(), f"{ID}|-|$disconnect|200|-|-|-|-|-|-|DISCONNECT|{HELD}|-|"
         "1699999996500|ua|-"),
    ],
)  # fmt: skip
def test_what_an_access_log_holds(play: Any, written: str) -> None:
    def handler(event: Any) -> Any:
        return (
            crash(event) if event["requestContext"]["routeKey"] == "crash" else {"statusCode": 200}
        )

    served = serve(route("$connect"), route("echo"), route("crash"), log=FORMAT)
    assert line(play(Play(served, handler)).told, 20) == written


def test_the_access_log_of_a_call_of_connections() -> None:
    served = serve(route("x"), log=FORMAT)
    event = Play(served).manage("DELETE", "/dev/@connections/a%3D")
    assert line(event.told, 20) == (
        "11111111-2222-4333-8444-555555555555|-|DELETE /@connections/{connectionId}|204|-|0|-|-|-|-|"
        "CONNECTION_API|a=|-|-|-|-"
    )
    assert line(Play(serve(route("x"))).connect().told, 20) is None, "the stage keeps no log"


def values(event: Played) -> dict[str, float]:
    found = published(event.told, 20)
    assert found is not None
    return dict(found.values)


def test_metrics_as_amazon_recorded_them() -> None:
    def handler(event: Any) -> Any:
        if event["requestContext"]["routeKey"] == "broken":
            raise RuntimeError("no")
        status = {"$connect": 403, "bad": 503}.get(event["requestContext"]["routeKey"], 200)
        return {"statusCode": status, "body": "x"}

    play = Play(
        serve(route("$connect"), route("one"), route("bad", two_way=True), route("broken")), handler
    )
    none = {"ClientError": 0, "ExecutionError": 0, "IntegrationError": 0}
    asked = {"MessageCount": 1, "IntegrationLatency": 16}
    assert values(play.connect()) == {"ConnectCount": 1, **none, "ClientError": 1, **asked}
    assert values(play.message({"action": "one"})) == {**none, **asked}
    assert values(play.message({"action": "bad"})) == {**none, "ExecutionError": 1, **asked}
    assert values(play.message({"action": "broken"})) == {**none, "ExecutionError": 1, **asked}
    assert values(play.message({"action": "x"})) == {"MessageCount": 1, **none, "ClientError": 1}
    assert values(play.disconnect()) == {"MessageCount": 1, **none}
    assert values(play.manage("POST", "/dev/@connections/x", b"hi")) == {"MessageCount": 1, **none}


def test_the_dimensions_of_metrics() -> None:
    api = {"ApiId": "abc123defg"}
    stage = {**api, "Stage": "dev"}

    def sets(settings: RouteSettings | None) -> list[Any]:
        found = published(
            Play(serve(route("one"), settings=settings)).message({"action": "one"}).told, 1
        )
        return [] if found is None else list(found.dimensions)

    assert sets(None) == [api, stage]
    detailed = RouteSettings(source=SOURCE, detailed_metrics_enabled=True)
    assert sets(detailed) == [api, stage, {**stage, "Route": "one"}]


def test_a_function_that_does_not_let_the_gateway_in_is_logged_in_amazons_words() -> None:
    """Source: logs-and-metrics.md, section 1 (users, 2018 and 2020)."""
    function = {"Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "f", "Runtime": "python3.11", "Handler": "index.handler",
        "Role": "arn:aws:iam::123456789012:role/fn", "Code": {"ZipFile": "x"}}}  # fmt: skip
    other = {"Type": "AWS::Lambda::Permission", "Properties": {
        "FunctionName": {"Ref": "Fn"}, "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com"}}  # fmt: skip
    routes = {"$connect": apis.route(), "say": apis.route(apis.function())}
    gateway = Gateway(apis.template(routes, Fn=function, Other=other))
    result = gateway.connect().send({"action": "say"})
    assert result.status == 500
    texts = [each.partition(") ")[2] for each in result.log]
    assert texts[-2:] == [
        "Execution failed due to configuration error: Invalid permissions on Lambda function",
        f"Message from client [Connection Id: {result.environment.socket.id}] sent to API "  # type: ignore[union-attr]
        f"[{gateway.api.id}] with response status code [500].",
    ]

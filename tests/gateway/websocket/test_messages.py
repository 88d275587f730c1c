"""Messages: their routes, their integrations, and what of it the client sees."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.gateway.effects import BackendAnswer, BackendFailure
from inspector.gateway.websocket.results import Answered, Mapped
from inspector.gateway.websocket.stages.map_response import response_rendering
from inspector.message import Headers, Response
from inspector.testing import Gateway, Result
from tests.gateway.websocket.apis import function, http, mock, plain_function, route, template


def _code(result: Result, stage: str) -> str:
    return next(step.code for step in result.answer.trace if step.stage == stage)


def _facts(result: Result, stage: str) -> dict[str, Any]:
    return dict(next(step.facts for step in result.answer.trace if step.stage == stage))


def test_a_two_way_route_sends_the_body_whatever_its_status() -> None:
    api = template({"ask": route(function(), two_way=True)})
    socket = Gateway(api, function=lambda event: {"statusCode": 503, "body": "no"}).connect()
    result = socket.send({"action": "ask"})
    assert result.frame == "no"
    assert (result.status, result.answer.outcome) == (503, "answered")
    assert socket.open


def test_a_one_way_route_sends_nothing_and_says_what_it_dropped() -> None:
    api = template({"tell": route(function())})
    socket = Gateway(api, function=lambda event: {"statusCode": 200, "body": "dropped"}).connect()
    result = socket.send({"action": "tell"})
    assert result.frame is None
    assert _code(result, "send") == "send.socket-dropped"
    assert _facts(result, "send")["size"] == len("dropped")


@pytest.mark.parametrize(
    ("response", "selected"), [(True, False), (False, True)], ids=["no expression", "no response"]
)
def test_two_ways_want_the_response_and_the_expression(response: bool, selected: bool) -> None:
    made = route(function(), two_way=True)
    api = template({"ask": made})
    if not selected:
        del api["Resources"]["R0"]["Properties"]["RouteResponseSelectionExpression"]
    if not response:
        del api["Resources"]["R0Answer"]
    socket = Gateway(api, function=lambda event: {"statusCode": 200, "body": "x"}).connect()
    assert socket.send({"action": "ask"}).frame is None


@pytest.mark.parametrize("message", ['{"action":"$connect"}', '{"action":"$disconnect"}', "[]"])
def test_no_message_chooses_the_routes_of_the_connection(message: str) -> None:
    api = template({"$connect": route(function()), "$disconnect": route(function())})
    events: list[Any] = []
    gateway = Gateway(api, function=lambda event: events.append(event) or {"statusCode": 200})
    socket = gateway.connect()
    result = socket.send(message)
    assert len(events) == 1
    frame = json.loads(result.frame or "")
    assert frame == {
        "message": "Forbidden", "connectionId": socket.id,
        "requestId": result.environment.extended_request_id,
    }  # fmt: skip
    assert _facts(result, "route")["routes"] == []


def test_the_route_selection_tells_its_value_and_the_keys() -> None:
    api = template({"ask": route(function())})
    result = Gateway(api).connect().send({"action": "aks"})
    facts = _facts(result, "route")
    assert (facts["expression"], facts["value"], facts["routes"]) == (
        "$request.body.action", "aks", ["ask"],
    )  # fmt: skip
    assert result.answer.response_type == "ACCESS_DENIED"


@pytest.mark.parametrize(
    "answer", [None, "text", 7, {"statusCode": "x"}, {"statusCode": 200, "body": {}}]
)
def test_a_malformed_answer_breaks_a_one_way_route_too(answer: object) -> None:
    api = template({"$default": route(function())})
    socket = Gateway(api, function=lambda event: answer).connect()
    result = socket.send("hi")
    assert '"message": "Internal server error"' in (result.frame or "")
    assert (result.status, result.answer.response_type) == (502, "INTEGRATION_FAILURE")
    assert socket.open


def test_a_body_in_base64_is_decoded() -> None:
    api = template({"$default": route(function(), two_way=True)})
    answer = {"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}
    assert Gateway(api, function=lambda event: answer).connect().send("x").frame == "hi"


def test_a_body_that_is_no_base64_is_said_to_be_none() -> None:
    answer = {"statusCode": 200, "body": "x", "isBase64Encoded": True}
    made = Gateway(template({"say": route(function(), two_way=True)}), function=lambda _: answer)
    result = made.connect().send({"action": "say"})
    reason = "isBase64Encoded is true, and the body is no base64"
    assert _facts(result, "map-response")["reason"] == reason


def test_a_backend_that_is_not_there_is_an_error_frame() -> None:
    api = template({"$default": route(http())})
    gateway = Gateway(api, backend=lambda request: BackendFailure("timeout", "too slow"))
    result = gateway.connect().send("x")
    assert '"message": "Internal server error"' in (result.frame or "")
    assert (result.status, result.answer.response_type) == (504, "INTEGRATION_TIMEOUT")


def test_a_mock_answers_by_its_templates() -> None:
    asked = mock("{\"statusCode\":#if($input.path('$.n') > 1)200#{else}500#end}")
    replies = {
        "/2../": {
            "ResponseTemplates": {"$default": '{"pong":$input.json("$.n")}'},
            "TemplateSelectionExpression": r"\$default",
        },
        "$default": {"ResponseTemplates": {"$default": "no: $context.routeKey"}},
    }
    api = template({"ping": route(asked, two_way=True, responses=replies)})
    socket = Gateway(api).connect()
    # The answer of a mock has no body: a template reads nothing of it.
    assert socket.send({"action": "ping", "n": 2}).frame == '{"pong":""}'
    assert socket.send({"action": "ping", "n": 1}).frame == "no: ping"


def test_a_template_is_selected_by_the_message() -> None:
    templates = {"a": '{"statusCode":200}', "b": '{"statusCode":404}'}
    asked = mock(RequestTemplates=templates, TemplateSelectionExpression="$request.body.which")
    replies = {
        "/404/": {"ResponseTemplates": {"$default": "b"}},
        "$default": {"ResponseTemplates": {"$default": "a"}},
    }
    api = template({"$default": route(asked, two_way=True, responses=replies)})
    socket = Gateway(api).connect()
    assert socket.send({"which": "a"}).frame == "a"
    assert socket.send({"which": "b"}).frame == "b"
    broken = socket.send({"which": "c"})
    assert _code(broken, "map-request") == "map-request.mock-status"


def test_http_is_asked_with_a_template_and_mapped_parameters() -> None:
    asked = http(
        RequestTemplates={
            "$default": '{"said":$input.json("$.text"),"to":"$context.connectionId"}'
        },
        TemplateSelectionExpression=r"\$default",
        RequestParameters={
            "integration.request.header.X-Connection": "context.connectionId",
            "integration.request.querystring.room": "route.request.body.room",
            "integration.request.header.X-Stage": "stageVariables.color",
        },
    )
    replies = {
        "/5../": {"ResponseTemplates": {"$default": "broken"}},
        "$default": {"ResponseTemplates": {"$default": "$input.path('$.answer')"}},
    }
    api = template(
        {"say": route(asked, two_way=True, responses=replies)},
        stage={"StageVariables": {"color": "blue"}},
    )
    answers = iter([{"answer": "fine"}, Response(500, Headers(), b"")])
    socket = Gateway(api, backend=lambda request: next(answers)).connect()
    message = {"action": "say", "text": "hi", "room": "a b"}
    result = socket.send(message)
    [request] = result.backend_requests
    assert (request.method, request.url) == ("POST", "http://backend.example/in?room=a%20b")
    assert json.loads(request.body) == {"said": "hi", "to": socket.id}
    assert request.headers.get("X-Connection") == socket.id
    assert request.headers.get("X-Stage") == "blue"
    assert result.frame == "fine"
    assert socket.send(message).frame == "broken"


def test_a_function_behind_templates_answers_by_its_error() -> None:
    replies = {
        "/.*denied.*/": {"ResponseTemplates": {"$default": "no entry"}},
        "$default": {},
    }
    asked = plain_function(RequestTemplates={"$default": '{"text":$input.json("$.text")}'},
                           TemplateSelectionExpression=r"\$default")  # fmt: skip
    api = template({"$default": route(asked, two_way=True, responses=replies)})

    def answer(event: Any) -> object:
        if event["text"] == "fail":
            raise RuntimeError("access denied to you")
        return {"echo": event["text"]}

    socket = Gateway(api, function=answer).connect()
    assert socket.send({"text": "hi"}).frame == '{"echo": "hi"}'
    assert socket.send({"text": "fail"}).frame == "no entry"


def test_a_two_way_route_without_an_integration_response_breaks() -> None:
    api = template({"$default": route(mock(), two_way=True)})
    result = Gateway(api).connect().send("x")
    assert _code(result, "map-response") == "map-response.socket-no-match"
    assert '"message": "Internal server error"' in (result.frame or "")


def test_base64_text_becomes_bytes_for_the_backend() -> None:
    asked = http(IntegrationType="HTTP_PROXY", ContentHandlingStrategy="CONVERT_TO_BINARY")
    api = template({"$default": route(asked)})
    socket = Gateway(api).connect()
    assert socket.send("aGk=").backend_requests[0].body == b"hi"
    assert _code(socket.send("no base64!"), "map-request") == "map-request.not-base64"


@pytest.mark.parametrize(
    ("message", "fits"),
    [('{"action":"say","text":"hi"}', True), ('{"action":"say"}', False)],
)
def test_a_model_is_selected_and_checked(message: str, fits: bool) -> None:
    say = route(function(), ModelSelectionExpression="$request.body.action",
                RequestModels={"say": "Say"})  # fmt: skip
    model = {"Type": "AWS::ApiGatewayV2::Model", "Properties": {
        "ApiId": {"Ref": "Api"}, "Name": "Say", "ContentType": "application/json",
        "Schema": {"type": "object", "required": ["text"]},
    }}  # fmt: skip
    socket = Gateway(template({"say": say}, Model=model)).connect()
    result = socket.send(message)
    assert bool(result.invocations) is fits
    assert (result.status, result.frame is None) == ((200, True) if fits else (400, False))
    if not fits:
        assert result.environment.socket is not None
        assert result.frame == (
            f'{{"message" : "Bad request body", "connectionId": "{socket.id}", '
            f'"messageId": "{result.environment.socket.message_id}"}}'
        )


def test_a_message_for_which_there_is_no_model_fails() -> None:
    say = route(function(), ModelSelectionExpression="$request.body.kind",
                RequestModels={"known": "Say"})  # fmt: skip
    model = {"Type": "AWS::ApiGatewayV2::Model", "Properties": {
        "ApiId": {"Ref": "Api"}, "Name": "Say", "ContentType": "application/json",
        "Schema": {"type": "object"},
    }}  # fmt: skip
    socket = Gateway(template({"$default": say}, Model=model)).connect()
    assert _code(socket.send({"kind": "other"}), "validate") == "validate.socket-no-model"
    assert socket.send({"kind": "known"}).frame is None


def test_a_route_is_throttled() -> None:
    limits = {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
    api = template({"$default": route(function())}, stage={"DefaultRouteSettings": limits})
    socket = Gateway(api).connect()
    assert socket.send("x").frame is None
    second = socket.send("x")
    assert '"message": "Too Many Requests"' in (second.frame or "")
    assert second.status == 429


def test_what_is_too_large_or_binary_closes_the_connection() -> None:
    api = template({"$default": route(function()), "$disconnect": route(function())})
    events: list[Any] = []
    gateway = Gateway(api, function=lambda event: events.append(event) or {"statusCode": 200})
    large, binary = gateway.connect(), gateway.connect()
    large.send("x" * 131_073)
    binary.send(b"\x00")
    assert large.closed is not None
    assert large.closed.code == 1009
    contexts = [event["requestContext"] for event in events]
    assert [(each["eventType"], each["disconnectStatusCode"]) for each in contexts] == [
        ("DISCONNECT", 1009), ("DISCONNECT", 1003),
    ]  # fmt: skip
    assert contexts[1]["disconnectReason"] == "Binary is not supported"


@pytest.mark.parametrize(("said", "frame"), [(b"\x00\xff", "AP8="), (b"text", "text")])
def test_what_is_binary_is_sent_as_base64_where_text_is_wanted(said: bytes, frame: str) -> None:
    reply = {"$default": {"ContentHandlingStrategy": "CONVERT_TO_TEXT",
                          "ResponseTemplates": {"$default": "<$input.body>"}}}  # fmt: skip
    api = template({"$default": route(http(), two_way=True, responses=reply)})
    gateway = Gateway(api, backend=lambda _: BackendAnswer(200, Headers(), said))
    result = gateway.connect().send("x")
    assert result.frame == f"<{frame}>"
    mapped = result.answer.result
    assert isinstance(mapped, Mapped)
    assert isinstance(mapped.answered, Answered)
    again = response_rendering(mapped.answered)
    assert again is not None
    assert again.body == frame, "the debugger has what the template had"


def test_what_is_no_json_is_for_the_default_route_whatever_the_expression() -> None:
    routes = {"fixed": route(function()), "$default": route(function())}
    socket = Gateway(template(routes, expression="fixed")).connect()
    assert socket.send("{}").answer.resource == "fixed"
    assert socket.send("no JSON").answer.resource == "$default"


def test_the_trace_does_not_keep_a_message_a_second_time() -> None:
    socket = Gateway(
        template({"$default": route(function())}, expression="$request.body")
    ).connect()
    result = socket.send({"action": "x" * 100_000})
    chosen = next(step for step in result.answer.trace if step.stage == "route")
    assert len(str(chosen.facts["value"])) == 1_000


def test_a_frame_may_be_too_large_where_the_message_is_not() -> None:
    gateway = Gateway(template({"$default": route(function())}))
    parts, whole = gateway.connect(), gateway.connect()
    parts.send("x" * 32_769, frames=[32_768, 1])
    assert parts.open
    whole.send("x" * 32_769, frames=[32_769])
    assert whole.closed is not None
    assert whole.closed.code == 1009


@pytest.mark.parametrize("expression", [{}, {"TemplateSelectionExpression": r"\$default"}])
def test_the_cdks_mock_has_its_template_under_a_media_type(expression: dict[str, str]) -> None:
    asked = {"IntegrationType": "MOCK", **expression,
             "RequestTemplates": {"application/json": '{"statusCode":200}'}}  # fmt: skip
    replies = {"$default": {"ResponseTemplates": {"application/json": "in"}, **expression}}
    api = template({"$default": route(asked, two_way=True, responses=replies)})
    gateway = Gateway(api)
    assert gateway.diagnostics == ()
    assert gateway.connect().send("x").frame == "in"

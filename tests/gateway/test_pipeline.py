"""The pipeline as a conversation: what is asked of the outside, what the client is answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    FailureKind,
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.limits import AMAZONS, Limits, without
from inspector.gateway.narration import describe, evidence, remedy
from inspector.gateway.pipeline import converse
from inspector.gateway.trace import from_data, to_data
from inspector.message import Headers
from inspector.model import GatewayResponse
from tests.gateway.build import (
    ENVIRONMENT,
    SOURCE,
    Backend,
    ask,
    http,
    http_proxy,
    integration_response,
    mappings,
    mock,
    request,
    serve,
    templates,
)


def test_an_unknown_path_is_a_missing_token() -> None:
    answer = ask(serve({"GET /pets": mock()}), request("GET", "/dev/nothing"))
    assert answer.response.status == 403
    assert answer.response.body == b'{"message":"Missing Authentication Token"}'
    assert answer.response.headers.get("x-amzn-ErrorType") == "MissingAuthenticationTokenException"
    assert (answer.outcome, answer.stopped_at) == ("refused", "route")
    assert [name for name, _ in answer.response.headers] == [
        "Date", "Content-Type", "Content-Length", "Connection",
        "x-amzn-RequestId", "x-amzn-ErrorType", "x-amz-apigw-id",
    ]  # fmt: skip


def test_a_wrong_method_says_which_there_are() -> None:
    answer = ask(serve({"GET /pets": mock(), "PUT /pets": mock()}), request("POST", "/dev/pets"))
    refused = answer.trace[-2]
    assert answer.response.status == 403
    assert refused.facts["methods_there"] == ["GET", "PUT"]
    assert describe(refused) == "/pets exists, but has no method POST."
    assert remedy(refused) == "Use one of GET, PUT, or declare the method."
    only = replace(refused, facts={**refused.facts, "methods_there": ["GET"]})
    assert remedy(only) == "Use GET, or declare the method."


def test_an_unknown_stage_is_forbidden() -> None:
    answer = ask(serve({"GET /": mock()}), request("GET", "/prod/"))
    assert answer.response.body == b'{"message":"Forbidden"}'
    assert answer.response.headers.get("x-amzn-errortype") == "ForbiddenException"
    row = next(each for each in evidence(answer.trace[0]) if each.label == "stage")
    assert (row.value, row.expected, row.ok) == ("prod", "dev", False)


def test_a_body_over_10_mb_is_answered_in_plain_text() -> None:
    answer = ask(serve({"POST /": mock()}), request("POST", "/dev/", b"x" * 10_485_761))
    assert answer.response.status == 413
    assert answer.response.body == b"HTTP content length exceeded 10485760 bytes."
    assert (
        ask(serve({"POST /": mock()}), request("POST", "/dev/", b"x" * 10_485_760)).response.status
        == 200
    )


def test_http_proxy_passes_both_ways() -> None:
    """Facts 136-140: what is forwarded, what is renamed on the way back."""
    backend = Backend(
        BackendAnswer(
            418,
            Headers.of(
                [("Content-Type", "text/plain"), ("Server", "s"), ("Date", "d"), ("X-A", "1"),
                 ("X-A", "2"), ("Transfer-Encoding", "chunked"), ("x-amzn-RequestId", "r")]
            ),
            b"tea",
        )
    )  # fmt: skip
    served = serve(
        {
            "ANY /{proxy+}": http_proxy(
                "http://backend.example/v1/{proxy}?u=1",
                request_parameters=mappings(
                    integration__request__path__proxy="method.request.path.proxy",
                    integration__request__header__X="'fixed'",
                ),
            )
        }
    )
    asked = request(
        "PUT", "/dev/a/b?q=1&q=%2B+x", b"in",
        Accept="text/*", X="client", TE="trailers", Content_Encoding="identity", Connection="close",
    )  # fmt: skip
    answer = ask(served, asked, backend)
    sent = backend.calls[0].request
    assert (sent.method, sent.url) == ("PUT", "http://backend.example/v1/a/b?u=1&q=1&q=%2B%20x")
    assert sent.body == b"in"
    assert sent.headers.get("host") == "backend.example"
    assert sent.headers.all("x") == ("fixed",)
    assert sent.headers.get("accept") == "text/*"
    assert sent.headers.get("x-amzn-apigateway-api-id") == "abc123defg"
    assert sent.headers.get("content-length") == "2"
    assert not {"te", "content-encoding", "connection"} & {name.lower() for name, _ in sent.headers}
    headers = answer.response.headers
    assert (answer.response.status, answer.response.body) == (418, b"tea")
    assert headers.get("content-type") == "text/plain"
    assert headers.get("x-amzn-Remapped-Server") == "s"
    assert headers.get("x-amzn-Remapped-x-amzn-RequestId") == "r"
    assert headers.all("X-A") == ("1", "2")
    assert headers.get("connection") == "close"
    assert headers.get("transfer-encoding") is None


def test_http_maps_both_ways() -> None:
    """Facts 133, 139, 142, 153: own request headers, mapped response headers, selection."""
    backend = Backend(
        BackendAnswer(404, Headers.of([("X-Id", "9"), ("X-No", "n")]), b'{"a":[1,2]}')
    )
    mapped = mappings(
        method__response__header__X___Id="integration.response.header.X-Id",
        method__response__header__Server="'me'",
        method__response__header__A="integration.response.body.a[1]",
    )
    served = serve(
        {
            "GET /": http(
                responses=(
                    integration_response(),
                    integration_response("400", r"4\d{2}", parameters=mapped),
                )
            )
        }
    )
    answer = ask(served, request("GET", "/dev", Accept="text/html", Cookie="c"), backend)
    sent = backend.calls[0].request
    assert [name for name, _ in sent.headers] == [
        "Host", "Accept", "User-Agent", "X-Amzn-Apigateway-Api-Id", "X-Amzn-Trace-Id",
        "Content-Length",
    ]  # fmt: skip
    assert sent.headers.get("accept") == "application/json"
    assert answer.response.status == 400
    assert answer.response.headers.get("X-Id") == "9"
    assert answer.response.headers.get("A") == "2"
    assert answer.response.headers.get("x-amzn-Remapped-Server") == "me"
    assert answer.response.headers.get("X-No") is None
    assert answer.response.headers.get("X-Amzn-Trace-Id") == f"Root={ENVIRONMENT.trace_id}"


def test_no_response_selected_is_a_configuration_error() -> None:
    served = serve({"GET /": http(responses=(integration_response("200", "2.."),))})
    answer = ask(served, request("GET", "/dev"), Backend(BackendAnswer(500, Headers(), b"")))
    assert answer.response.body == b'{"message": "Internal server error"}'
    assert (answer.outcome, answer.response_type) == ("failed", "API_CONFIGURATION_ERROR")


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("timeout", 504, "Endpoint request timed out"),
        ("refused", 504, "Network error communicating with endpoint"),
        ("reset", 504, "Network error communicating with endpoint"),
        ("protocol", 504, "Network error communicating with endpoint"),
        ("dns", 500, "Internal server error"),
        ("tls", 500, "Internal server error"),
        ("too-large", 500, "Internal server error"),
    ],
)
def test_backends_that_fail(kind: FailureKind, status: int, message: str) -> None:
    backend = Backend(BackendFailure(kind, "what the network said"))
    answer = ask(serve({"GET /": http_proxy()}), request("GET", "/dev"), backend)
    assert answer.response.status == status
    assert json.loads(answer.response.body) == {"message": message}
    assert answer.response.headers.get("x-amzn-errortype") == "InternalServerErrorException"
    assert b"network said" not in answer.response.body
    assert "what the network said" in str(answer.trace[-2].facts)


def test_gateway_responses_are_the_apis_own() -> None:
    """Facts 19-23: status, template, parameters, DEFAULT_4XX."""
    declared = GatewayResponse(
        "DEFAULT_4XX",
        444,
        mappings(gatewayresponse__header__Origin="method.request.header.Origin",
                 gatewayresponse__header__Fixed="'f'"),
        templates(json='{"e":$context.error.messageString,"t":"$context.error.responseType",'
                       '"s":"${context.stage}"}'),
        SOURCE,
    )  # fmt: skip
    served = serve({"GET /": mock()}, gateway_responses={"DEFAULT_4XX": declared})
    answer = ask(served, request("GET", "/dev/none", Origin="https://o"))
    assert answer.response.status == 444
    assert json.loads(answer.response.body) == {
        "e": "Missing Authentication Token", "t": "MISSING_AUTHENTICATION_TOKEN", "s": "dev",
    }  # fmt: skip
    assert answer.response.headers.get("origin") == "https://o"
    assert answer.response.headers.get("fixed") == "f"


def test_only_an_answer_that_streams_may_be_over_10_mb() -> None:
    def effect(limits: Limits = AMAZONS, **how: Any) -> CallBackend:
        served = serve({"GET /": http_proxy(**how)}, limits=limits)
        asked = next(converse(served, request("GET", "/dev"), ENVIRONMENT))
        assert isinstance(asked, CallBackend)
        return asked

    assert effect().bounded
    assert not effect(response_transfer_mode="STREAM").bounded
    assert not effect(without(("payload",))).bounded


def test_a_stream_is_announced_and_ended() -> None:
    conversation = converse(serve({"GET /": http_proxy()}), request("GET", "/dev"), ENVIRONMENT)
    effect = next(conversation)
    assert isinstance(effect, CallBackend)
    assert effect.may_stream
    head = Headers.of([("Content-Type", "text/event-stream")])
    started = conversation.send(BackendStream(200, head))
    assert isinstance(started, ResponseStarted)
    assert started.headers.get("content-type") == "text/event-stream"
    assert started.headers.get("content-length") is None
    with pytest.raises(StopIteration) as end:
        conversation.send(StreamEnded(5, b"hello"))
    assert end.value.value.outcome == "answered"
    assert end.value.value.trace[-1].facts == {"size": 5, "error": None}


def test_a_trace_survives_its_recorded_form() -> None:
    answer = ask(serve({"GET /": mock()}), request("GET", "/dev"))
    assert from_data(json.loads(json.dumps(to_data(answer.trace)))) == answer.trace
    assert all(describe(step) != step.code for step in answer.trace)


def test_a_stage_variable_without_value_leaves_no_host() -> None:
    """Fact 10."""
    served = serve({"GET /": http_proxy("http://${stageVariables.host}/x")})
    assert ask(served, request("GET", "/dev")).response.status == 500
    served = serve(
        {"GET /": http_proxy("http://${stageVariables.host}/x")}, variables={"host": "h.example"}
    )
    backend = Backend()
    assert ask(served, request("GET", "/dev"), backend).response.status == 200
    assert backend.calls[0].request.url == "http://h.example/x"

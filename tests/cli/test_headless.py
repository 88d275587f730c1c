"""What is offered to be tried, and how exchanges stand in a list."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.cli import exchange_text, trial
from inspector.definitions import Bundle, Options, load, read
from inspector.gateway.environment import Socket
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.model import Definition
from tests.gateway.websocket import apis
from tests.recording.build import ENVIRONMENT, exchange

SAMPLES = Path(__file__).parent.parent.parent / "sample_apis"


@pytest.mark.parametrize(
    ("sample", "path"),
    [("petstore/openapi.yaml", "/pets"), ("orders-http/template.yaml", "/orders")],
)
def test_the_first_path_that_can_be_called_at_once(sample, path):
    [api] = load([SAMPLES / sample]).apis
    assert trial.first_path(api) == path


def test_the_root_where_every_path_has_variables():
    text = (
        "openapi: 3.0.1\ninfo: {title: a, version: '1'}\npaths:\n  /{a}:\n    get:\n"
        "      x-amazon-apigateway-integration: {type: mock}\n"
    )
    [api] = read(Bundle({"a.yaml": text}, Options())).apis
    assert trial.first_path(api) == "/"


def test_a_path_that_is_open_goes_before_one_that_is_guarded():
    """Who copies the first command should not be refused."""
    method = "responses: {}, x-amazon-apigateway-integration: {type: mock}"
    text = (
        "openapi: 3.0.1\ninfo: {title: a, version: '1'}\npaths:\n"
        f"  /guarded:\n    get: {{security: [{{iam: []}}], {method}}}\n"
        f"  /open:\n    get: {{{method}}}\n"
        "components: {securitySchemes: {iam: {type: apiKey, name: Authorization, in: header, "
        "x-amazon-apigateway-authtype: awsSigv4}}}\n"
    )
    [api] = read(Bundle({"a.yaml": text}, Options())).apis
    assert trial.first_path(api) == "/open"


def test_a_call_for_each_api_and_each_domain():
    clinic = load([SAMPLES / "auth-clinic" / "template.yaml"]).definition
    assert list(trial.trials(clinic, "http://127.0.0.1:1")) == [
        ("auth-clinic", "curl http://127.0.0.1:1/dev/public/prices"),
        ("clinic.example", "curl -H 'Host: clinic.example' http://127.0.0.1:1/public/prices"),
    ]


def test_a_websocket_is_connected_to():
    chat = load([SAMPLES / "chat" / "template.yaml"]).definition
    [(name, command)] = trial.trials(chat, "http://127.0.0.1:1")
    assert (name, command) == ("chat", "wscat -c 'ws://127.0.0.1:1/live?token=…'")
    open_to_all = apis.template({"$default": apis.route(apis.mock())})
    [api] = read(Bundle({"a.json": json.dumps(open_to_all)}, Options())).apis
    [(_, command)] = trial.trials(Definition(apis=(api,)), "http://127.0.0.1:1")
    assert command == "wscat -c ws://127.0.0.1:1/dev"


def test_a_websocket_behind_a_domain_and_a_key():
    template = apis.template(
        {"$connect": apis.route(ApiKeyRequired=True)},
        Mapped={
            "Type": "AWS::ApiGatewayV2::ApiMapping",
            "Properties": {
                "DomainName": "chat.example.com", "ApiId": {"Ref": "Api"}, "Stage": "dev",
                "ApiMappingKey": "live",
            },
        },
    )  # fmt: skip
    definition = read(Bundle({"a.json": json.dumps(template)}, Options())).definition
    commands = [command for _, command in trial.trials(definition, "http://127.0.0.1:1")]
    key = "-H 'x-api-key: …'"
    assert commands == [
        f"wscat {key} -c ws://127.0.0.1:1/dev",
        f"wscat -H 'Host: chat.example.com' {key} -c ws://127.0.0.1:1/live",
    ]


def test_a_line_tells_of_a_dropped_answer_a_limit_and_the_connection():
    signed = Request("GET", f"/dev?X-Amz-Signature={'a' * 200}", Headers(), b"")
    socket = Socket("CONNECT", "gbiku27WzQAYKEjhnA==", 0)
    connect = exchange(request=signed, environment=replace(ENVIRONMENT, socket=socket))
    assert "gbiku27Wz" in exchange_text.line(connect)
    closed = Socket("DISCONNECT", "gbiku27WzQAYKEjhnA==", 0, close_code=1009)
    ended = exchange_text.line(
        exchange(environment=replace(ENVIRONMENT, socket=closed), api_id="a")
    )
    assert ended.endswith("1009: the message was too large: 128 KB a message, 32 KB a frame.")
    said = Socket("MESSAGE", "gbiku27WzQAYKEjhnA==", 0)
    trace = (Step("send", "ok", "send.socket-dropped", {"size": 4}, None),)
    dropped = exchange(environment=replace(ENVIRONMENT, socket=said), trace=trace, api_id="a")
    assert "answered 4 bytes, which are dropped" in exchange_text.line(dropped)


def test_a_long_target_does_not_fill_the_screen():
    long = Request("GET", "/dev?" + "x" * 5000, Headers(), b"")
    assert len(exchange_text.line(exchange(request=long))) < 400


@pytest.mark.parametrize(("error", "said"), [("no", "no"), ("n" * 900 + "\n", "n" * 90)])
def test_what_went_wrong_stands_in_its_line(error, said):
    facts = {"error": error, "error_type": "KeyError"}
    trace = (
        Step("resolve", "ok", "resolve.stage", {"api": "a", "stage": "dev"}, None),
        Step("map-response", "failed", "map-response.function-error", facts, None),
    )
    line = exchange_text.line(exchange(trace=trace))
    assert f"  ! The function raised KeyError: {said}" in line
    assert len(line) < 400
    assert "\n" not in line
    assert "raised" not in exchange_text.line(exchange(trace=trace[:1]))


def test_what_went_straight_to_a_backend_is_told_by_its_url():
    url = "https://pets.example/v1/animals/2"
    sent = exchange(request=Request("GET", url, Headers(), b""), api_id=None, host="127.0.0.1")
    line = exchange_text.line(sent)
    assert f" {url} " in line
    assert "127.0.0.1https" not in line

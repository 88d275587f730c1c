"""Calls of `@connections`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from inspector.gateway.identity import Identity
from inspector.gateway.pipeline import broken_down
from inspector.gateway.websocket.deploy import deploy_websocket_api
from inspector.message import Headers, Request
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result, TestSocket
from tests.facts.http_probe import signed
from tests.gateway.websocket.apis import function, route, template


def _gateway(**statement: Any) -> Gateway:
    allow = {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*", **statement}
    identity = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012",
                        "AIDAANN", policies=(json.dumps({"Statement": [allow]}),))  # fmt: skip
    gateway = Gateway(template({"$default": route(function())}), keys=[Key(identity, "secret")])
    moment = int(datetime.now(UTC).timestamp() * 1000)
    gateway.environment = replace(gateway.environment, time_ms=moment)
    return gateway


def _call(
    gateway: Gateway,
    method: str,
    connection: str,
    body: str = "",
    prefix: str = "/dev/%40connections",
) -> Result:
    target = f"{prefix}/{quote(connection, safe='')}"
    headers = signed(method, f"https://{gateway.api.host}{target}", body)
    return gateway.request(method, raw_target=target, headers=headers, body=body)


def _open(gateway: Gateway) -> TestSocket:
    return gateway.connect(headers={"User-Agent": "ua"})


@pytest.mark.parametrize("prefix", ["/dev/@connections", "/dev/%40connections"])
def test_a_post_arrives_as_it_is(prefix: str) -> None:
    gateway = _gateway()
    socket = _open(gateway)
    result = _call(gateway, "POST", socket.id, "ab ☕", prefix)
    assert (result.status, result.body) == (200, b"")
    assert socket.frames == ["ab ☕"]


def test_a_post_of_more_than_a_message_is_refused() -> None:
    gateway = _gateway()
    socket = _open(gateway)
    result = _call(gateway, "POST", socket.id, "x" * 131_073)
    assert (result.status, socket.frames) == (413, [])
    assert result.headers.get("x-amzn-errortype") == "PayloadTooLargeException"


def test_a_delete_closes_the_connection() -> None:
    gateway = _gateway()
    socket = _open(gateway)
    assert _call(gateway, "DELETE", socket.id).status == 204
    assert socket.closed is not None
    assert (socket.closed.code, socket.closed.reason) == (1000, "Connection Closed Normally")
    again = _call(gateway, "DELETE", socket.id)
    assert (again.status, again.body) == (410, b"")


def test_a_call_that_is_not_signed_is_refused() -> None:
    gateway = _gateway()
    socket = _open(gateway)
    result = gateway.request("POST", f"/@connections/{socket.id}", body="x")
    assert (result.status, socket.frames) == (403, [])
    assert result.json() == {"message": "Missing Authentication Token"}


def test_a_key_that_nobody_told_us_of_passes_with_a_word() -> None:
    gateway = _gateway()
    gateway.keyring = type(gateway.keyring)()
    socket = _open(gateway)
    result = _call(gateway, "POST", socket.id, "x")
    assert (result.status, socket.frames) == (200, ["x"])
    assert "authorize.unverified" in [step.code for step in result.answer.trace]


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [("*", True), ("{connectionId}", True), ("THE-ID", False)],
)
def test_the_policy_is_about_the_literal_connection_id(resource: str, allowed: bool) -> None:
    gateway = _gateway()
    arn = f"arn:aws:execute-api:us-east-1:123456789012:{gateway.api.id}/dev/POST/@connections/"
    gateway = _gateway(Resource=arn + resource)
    socket = _open(gateway)
    result = _call(gateway, "POST", socket.id, "x")
    assert result.status == (200 if allowed else 403)
    if not allowed:
        assert "because no identity-based policy allows" in result.json()["Message"]
        assert "/@connections/{connectionId}" in result.json()["Message"]


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/dev", 403, "Forbidden"),
        ("/@connections/x", 403, "Forbidden"),
        ("/dev/dev/@connections/x%3D", 404,
         "No method found matching route dev/@connections/x= for http method POST."),
        ("/dev/@connections/", 404,
         "No method found matching route @connections/ for http method POST."),
    ],
)  # fmt: skip
def test_what_is_no_such_call_is_refused_and_says_what_would_be(
    target: str, status: int, said: str
) -> None:
    gateway = _gateway()
    result = gateway.request("POST", raw_target=target)
    assert (result.status, result.json()) == (status, {"message": said})
    assert result.answer.trace[-1].facts["expected"] == "/dev/@connections/ID"


def test_the_client_that_left_during_a_post_is_gone() -> None:
    gateway = _gateway()
    socket = _open(gateway)
    before, states = socket.perform, iter(["open"])

    def perform(effect: Any) -> Any:
        state = before(effect)
        return replace(state, state=next(states, "gone"))

    socket.perform = perform  # type: ignore[method-assign]
    assert _call(gateway, "POST", socket.id, "x").status == 410


@pytest.mark.parametrize("action", ["execute-api:Invoke", "execute-api:ManageConnections"])
def test_roles_that_could_not_call_it_at_amazon_are_told(action: str) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                            "Principal": {"Service": "lambda.amazonaws.com"}}]}  # fmt: skip
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    role = {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}],
    }}  # fmt: skip
    before = _gateway()
    gateway = Gateway(template({"$default": route(function())}, Role=role))
    gateway.environment = before.environment
    socket = _open(gateway)
    result = _call(gateway, "POST", socket.id, "x")
    [step] = [each for each in result.answer.trace if each.stage == "authorize"]
    assert socket.frames == ["x"]
    assert ("roles_lacking" in step.facts) is (action == "execute-api:Invoke")


def test_of_a_call_that_breaks_us_the_trace_has_what_broke() -> None:
    served = deploy_websocket_api(_gateway().api)
    answer = broken_down(served, Request("GET", "/dev/@connections/x", Headers(), b""),
                         ENVIRONMENT, {"error": "ZeroDivisionError"})  # fmt: skip
    assert (answer.response.status, answer.outcome) == (500, "failed")
    assert answer.response.body == b'{"message": "Internal server error"}'
    assert [(step.code, step.facts["error"]) for step in answer.trace] == [
        ("gateway.crashed", "ZeroDivisionError")
    ]

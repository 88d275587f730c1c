"""The handshake: stage, authorizer, key, integration, and what stays with the connection."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from inspector.gateway.identity import Identity
from inspector.model import ApiKey, Source, UsagePlan
from inspector.model.plans import PlanStage, StageKey
from inspector.runtime.keyring import Key
from inspector.testing import Gateway
from tests.facts.http_probe import signed
from tests.gateway.websocket.apis import function, guarded, route, template

_HERE = Source("t", 1, 1, "")
_KEY = ApiKey(id="k", value="secret-key", source=_HERE, name="ann")
_ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}


def _policy(effect: str = "Allow", resource: str = "*") -> dict[str, Any]:
    statement = {**_ALLOW, "Effect": effect, "Resource": resource}
    return {"principalId": "ann", "policyDocument": {"Statement": [statement]},
            "context": {"room": 7}}  # fmt: skip


def _guarded(answer: object) -> tuple[Gateway, list[Any]]:
    parts = guarded()
    connect = {**parts["connect"], "integration": function()}
    api = template(
        {"$connect": connect, "$default": route(function()), "$disconnect": route(function())},
        Guard=parts["Guard"],
    )
    seen: list[Any] = []
    functions = {
        "guard": lambda event: answer,
        "f": lambda event: seen.append(event) or {"statusCode": 200},
    }
    return Gateway(api, function=functions), seen


def test_without_an_integration_everybody_is_let_in() -> None:
    socket = Gateway(template({"$default": route(function())})).connect()
    assert socket.handshake.status == 101
    assert socket.handshake.headers.fields == ()


@pytest.mark.parametrize("path", ["/nowhere", "/dev/more", "/"])
def test_another_path_than_the_stages_is_forbidden(path: str) -> None:
    gateway = Gateway(template({"$default": route(function())}))
    socket = gateway.connect(raw_target=path)
    assert socket.handshake.status == 403
    assert socket.handshake.json()["message"] == "Forbidden"
    assert not socket.open


def test_a_stage_that_nothing_is_deployed_to_is_forbidden() -> None:
    api = template({"$default": route(function())}, stage={"AutoDeploy": False})
    handshake = Gateway(api).connect().handshake
    assert (handshake.status, handshake.answer.stopped_at) == (403, "resolve")


@pytest.mark.parametrize(("status", "shaken"), [(200, 101), (204, 101), (302, 302), (403, 403)])
def test_the_functions_status_decides(status: int, shaken: int) -> None:
    api = template({"$connect": route(function())})
    answer = {"statusCode": status, "body": "why", "headers": {"X-Own": "1", "Upgrade": "no"}}
    handshake = Gateway(api, function=lambda event: answer).connect().handshake
    assert handshake.status == shaken
    if shaken != 101:
        assert handshake.body == b"why"
        assert handshake.headers.get("content-type") == "application/json; charset=UTF-8"
        assert handshake.headers.get("x-own") == "1"
        assert "upgrade" not in handshake.headers
        assert handshake.answer.outcome == "refused"


@pytest.mark.parametrize("status", [100, 101])
def test_a_status_that_ends_no_handshake_is_a_bad_gateway(status: int) -> None:
    api = template({"$connect": route(function())})
    socket = Gateway(api, function=lambda event: {"statusCode": status}).connect()
    assert socket.handshake.status == 502
    assert not socket.open


def test_a_function_that_fails_is_a_bad_gateway() -> None:
    def fails(event: Any) -> object:
        raise RuntimeError("x")

    handshake = (
        Gateway(template({"$connect": route(function())}), function=fails).connect().handshake
    )
    assert handshake.status == 502
    assert handshake.json()["message"] == "Internal server error"


def test_the_function_chooses_a_subprotocol() -> None:
    api = template({"$connect": route(function())})
    answer = {"statusCode": 200, "headers": {"sec-websocket-protocol": "b", "X-Own": "1"}}
    gateway = Gateway(api, function=lambda event: answer)
    handshake = gateway.connect(headers={"Sec-WebSocket-Protocol": "a, b"}).handshake
    assert handshake.headers.fields == (("Sec-WebSocket-Protocol", "b"),)


def test_the_authorizers_context_stays_with_the_connection() -> None:
    gateway, seen = _guarded(_policy())
    socket = gateway.connect("?token=t")
    socket.send("x")
    socket.close()
    contexts = [event["requestContext"]["authorizer"] for event in seen]
    assert contexts[0] == {"room": "7", "principalId": "ann", "integrationLatency": 0}
    assert contexts[1] == contexts[2] == {"room": "7", "principalId": "ann"}


def test_a_policy_for_methods_does_not_cover_connect() -> None:
    resource = "arn:aws:execute-api:us-east-1:123456789012:*/dev/GET/*"
    gateway, seen = _guarded(_policy(resource=resource))
    handshake = gateway.connect("?token=t").handshake
    assert (handshake.status, seen) == (403, [])
    assert handshake.json()["message"] == (
        "User is not authorized to access this resource because no identity-based policy allows "
        "the execute-api:Invoke action"
    )


def test_the_authorizer_is_given_the_upgrade() -> None:
    parts = guarded()
    asked: list[Any] = []
    api = template({"$connect": parts["connect"]}, Guard=parts["Guard"])
    gateway = Gateway(api, function=lambda event: asked.append(event) or _policy())
    gateway.connect("?token=t&a=%2B+", headers={"X-Own": "1"})
    [event] = asked
    assert list(event) == [
        "type", "methodArn", "headers", "multiValueHeaders", "queryStringParameters",
        "multiValueQueryStringParameters", "stageVariables", "requestContext",
    ]  # fmt: skip
    assert event["methodArn"].endswith("/dev/$connect")
    assert event["headers"]["Upgrade"] == "websocket"
    assert event["queryStringParameters"] == {"token": "t", "a": "+ "}
    assert "authorizer" not in event["requestContext"]


def test_nothing_is_kept_of_an_authorizer() -> None:
    answers = iter([_policy(), _policy("Deny")])
    parts = guarded()
    api = template({"$connect": parts["connect"]}, Guard=parts["Guard"])
    gateway = Gateway(api, function=lambda event: next(answers))
    assert gateway.connect("?token=t").open
    assert gateway.connect("?token=t").handshake.status == 403


def test_iam_wants_a_signature_for_connect() -> None:
    api = template({"$connect": route(AuthorizationType="AWS_IAM"),
                    "$default": route(function(), two_way=True)})  # fmt: skip
    policies = (json.dumps({"Statement": [_ALLOW]}),)
    identity = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012",
                        "AIDAANN", policies=policies)  # fmt: skip
    events: list[Any] = []

    def answer(event: Any) -> object:
        events.append(event)
        return {"statusCode": 200, "body": "in"}

    gateway = Gateway(api, keys=[Key(identity, "secret")], function=answer)
    moment = int(datetime.now(UTC).timestamp() * 1000)
    gateway.environment = replace(gateway.environment, time_ms=moment)
    assert gateway.connect().handshake.json()["message"] == "Missing Authentication Token"
    url = f"https://{gateway.api.host}/dev"
    socket = gateway.connect(headers=signed("GET", url))
    assert socket.open
    assert socket.send("x").frame == "in"


@pytest.mark.parametrize(
    ("session", "why"),
    [
        ({**_ALLOW, "Action": "execute-api:ManageConnections"},
         "because no session policy allows the execute-api:Invoke action"),
        ({**_ALLOW, "Effect": "Deny"}, "with an explicit deny in a session policy"),
    ],
)  # fmt: skip
def test_a_signer_whose_session_may_not_is_told_as_of_a_rest_api(
    session: dict[str, Any], why: str
) -> None:
    identity = Identity(
        "AKIDEXAMPLE", "arn:aws:sts::123456789012:assumed-role/R/S", "123456789012", "AROA:S",
        policies=(json.dumps({"Statement": [_ALLOW]}),),
        session_policies=(json.dumps({"Statement": [session]}),),
    )  # fmt: skip
    api = template({"$connect": route(AuthorizationType="AWS_IAM")})
    gateway = Gateway(api, keys=[Key(identity, "secret")])
    moment = int(datetime.now(UTC).timestamp() * 1000)
    gateway.environment = replace(gateway.environment, time_ms=moment)
    headers = signed("GET", f"https://{gateway.api.host}/dev")
    handshake = gateway.connect(headers=headers).handshake
    assert handshake.status == 403
    place = f"us-east-1:********9012:{gateway.api.id}/dev/$connect"
    assert handshake.json()["message"] == (
        "User: arn:aws:sts::123456789012:assumed-role/R/S is not authorized to perform: "
        f"execute-api:Invoke on resource: arn:aws:execute-api:{place} {why}"
    )


@pytest.mark.parametrize("sent", [None, "wrong", "secret-key"])
def test_connect_may_ask_for_an_api_key(sent: str | None) -> None:
    api = template({"$connect": route(ApiKeyRequired=True)})
    gateway = Gateway(api)
    plan = UsagePlan(id="p", name="plan", source=_HERE, keys=("k",),
                     api_stages=(_stage_of(gateway),))  # fmt: skip
    gateway = Gateway(api, api_keys=[_KEY], usage_plans=[plan])
    headers = {} if sent is None else {"x-api-key": sent}
    handshake = gateway.connect(headers=headers).handshake
    assert handshake.status == (101 if sent == "secret-key" else 403)


def _stage_of(gateway: Gateway) -> Any:
    return PlanStage(StageKey(gateway.api.id, "dev", _HERE))

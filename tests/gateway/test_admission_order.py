"""The order of the checks of REST APIs: of two that would both refuse, which one does.

Source: access-control facts, section 1 (documented and recorded); the order itself stands in
`inspector.gateway.pipeline`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from inspector.gateway.identity import Identity
from inspector.model import ApiKey, PlanStage, Quota, Source, StageKey, Throttle, UsagePlan
from inspector.runtime.keyring import Key
from inspector.testing import Gateway, Result

FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
SOURCE = Source("test", 1, 1, "")
KEY = ApiKey(id="k1", source=SOURCE, value="a-key-of-twenty-chars", name="ann")
STAGE = StageKey("api1", "dev", SOURCE)
CUSTOM = {
    "type": "apiKey", "name": "Authorization", "in": "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
        "type": "token", "authorizerUri": FUNCTION.format("guard"),
        "authorizerResultTtlInSeconds": 0,
    },
}  # fmt: skip
SIGNED = {"type": "apiKey", "name": "Authorization", "in": "header",
          "x-amazon-apigateway-authtype": "awsSigv4"}  # fmt: skip


class World:
    """A gateway in which each check can be made to refuse, and what was called on the way."""

    def __init__(
        self,
        *,
        scheme: Mapping[str, Any] | None = CUSTOM,
        policy: str | None = None,
        authorizer: str = "Allow",
        key: ApiKey = KEY,
        **plan: Any,
    ) -> None:
        self.called: list[str] = []
        self._authorizer = authorizer
        document = _document(scheme, policy)
        declared = {"api_stages": (PlanStage(STAGE),), "keys": ("k1",), **plan}
        signer = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012")
        self.gateway = Gateway(
            document, api_id="api1", api_keys=[key], function=self._function,
            usage_plans=[UsagePlan(id="p1", source=SOURCE, **declared)], keys=[Key(signer, "s")],
        )  # fmt: skip

    def _function(self, event: Any) -> object:
        if "methodArn" not in event:
            self.called.append("backend")
            return {"statusCode": 200}
        self.called.append("authorizer")
        return {"principalId": "ann", "policyDocument": _policy(self._authorizer)}

    def call(self, path: str = "/pets?n=1", *, key: bool = True, token: bool = True) -> Result:
        headers = {"Authorization": "t"} if token else {}
        return self.gateway.get(path, headers=headers | ({"x-api-key": KEY.value} if key else {}))


def _policy(effect: str, **more: str) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _document(scheme: Mapping[str, Any] | None, policy: str | None) -> dict[str, Any]:
    method = {
        "responses": {},
        "parameters": [{"name": "n", "in": "query", "required": True, "type": "string"}],
        "security": [*([{"auth": [], "key": []}] if scheme else [{"key": []}])],
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION.format("backend"),
        },
    }  # fmt: skip
    schemes: dict[str, Any] = {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
    document: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": "order", "version": "1"},
        "paths": {"/pets": {"get": method}},
        "securityDefinitions": schemes | ({"auth": scheme} if scheme else {}),
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-request-validator": "all",
    }
    if policy is not None:
        document["x-amazon-apigateway-policy"] = _policy(policy, Principal="*")
    return document


def _said(result: Result) -> tuple[str | None, str | None]:
    return result.answer.stopped_at, result.answer.response_type


SPENT = {"quota": Quota(1, "DAY", 1, SOURCE)}
EMPTY = {"throttle": Throttle(0.0, 0, SOURCE)}


def test_everybody_lets_in() -> None:
    world = World(policy="Allow")
    assert world.call().status == 200
    assert world.called == ["authorizer", "backend"]


def test_routing_before_the_resource_policy() -> None:
    world = World(policy="Deny")
    assert _said(world.call("/nowhere", token=False)) == ("route", "MISSING_AUTHENTICATION_TOKEN")
    assert _said(world.call()) == ("admit", "ACCESS_DENIED")


def test_an_explicit_deny_of_the_resource_policy_before_the_lambda_authorizer() -> None:
    world = World(policy="Deny", authorizer="Deny")
    assert _said(world.call()) == ("admit", "ACCESS_DENIED")
    assert _said(world.call(token=False)) == ("admit", "ACCESS_DENIED")
    assert world.called == []


def test_the_lambda_authorizer_before_what_the_resource_policy_does_not_allow() -> None:
    world = World(policy=None, authorizer="Deny")
    result = world.call()
    assert _said(result) == ("authorize", "ACCESS_DENIED")
    assert "identity-based" in result.text


def test_the_signature_before_the_resource_policy() -> None:
    world = World(scheme=SIGNED, policy="Deny")
    assert _said(world.call(token=False)) == ("authorize", "MISSING_AUTHENTICATION_TOKEN")


@pytest.mark.parametrize("scheme", [CUSTOM, SIGNED])
def test_the_authorizer_before_the_api_key(scheme: dict[str, Any]) -> None:
    world = World(scheme=scheme, authorizer="Deny")
    assert world.call(key=False, token=scheme is CUSTOM).answer.stopped_at == "authorize"
    assert world.call(key=False, token=False).answer.stopped_at == "authorize"


def test_the_resource_policy_before_the_api_key() -> None:
    assert World(scheme=None, policy="Deny").call(key=False).answer.stopped_at == "admit"


def test_the_api_key_before_the_quota() -> None:
    disabled = ApiKey(id="k1", source=SOURCE, value=KEY.value, enabled=False)
    assert _said(World(key=disabled, **SPENT).call()) == ("meter", "INVALID_API_KEY")
    assert _said(World(**SPENT).call()) == ("meter", "QUOTA_EXCEEDED")


def test_the_quota_before_the_throttle() -> None:
    assert _said(World(**SPENT, **EMPTY).call()) == ("meter", "QUOTA_EXCEEDED")
    assert _said(World(**EMPTY).call()) == ("meter", "THROTTLED")


def test_the_plans_method_before_the_plan_before_the_stage() -> None:
    single = PlanStage(STAGE, {"/pets/GET": Throttle(0.0, 0, SOURCE)})
    for plan, bucket in (
        ({"api_stages": (single,), **EMPTY}, "plan p1 key k1 /pets/GET"),
        (EMPTY, "plan p1 key k1"),
    ):
        result = World(**plan).call()
        step = next(step for step in result.answer.trace if step.stage == "meter")
        assert step.facts["bucket"] == bucket


def test_throttling_before_validation() -> None:
    assert _said(World(**EMPTY).call("/pets")) == ("meter", "THROTTLED")


def test_validation_before_the_integration() -> None:
    world = World()
    assert _said(world.call("/pets")) == ("validate", "BAD_REQUEST_PARAMETERS")
    assert world.called == ["authorizer"]


def test_the_trace_tells_the_order() -> None:
    stages = [step.stage for step in World(policy="Allow").call().answer.trace]
    wanted = ["resolve", "route", "admit", "authorize", "meter", "validate"]
    assert [stage for stage in stages if stage in wanted] == wanted
    assert json.loads(World(policy="Deny").call().text)["Message"].endswith("resource-based policy")


@pytest.mark.parametrize(
    ("authorization", "error_type", "start"),
    [
        ("Bearer abc", "IncompleteSignatureException", "Invalid key=value pair (missing equal"),
        ("Bearer a=b", "IncompleteSignatureException", "Authorization header requires 'Creden"),
        ("", "MissingAuthenticationTokenException", "Missing Authentication Token"),
    ],
)
def test_an_unknown_path_is_told_of_the_header_that_is_no_signature(
    authorization: str, error_type: str, start: str
) -> None:
    """Misleading, and what Amazon says (pain 29): the trace names the route."""
    headers = {"Authorization": authorization} if authorization else {}
    result = World().gateway.get("/nowhere", headers=headers)
    assert (result.status, result.headers.get("x-amzn-ErrorType")) == (403, error_type)
    assert json.loads(result.text)["message"].startswith(start)
    assert result.answer.stopped_at == "route"
    assert ("read as a signature" in result.story[-2]) is bool(authorization)

"""Who gets in and who does not, through the whole pipeline: policy, authorizer, signature."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.environment import Caller
from inspector.gateway.identity import Identity
from inspector.gateway.narration import describe, remedy
from inspector.model import ApiKey, Source
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result

FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION.format("backend")}
ANY_METHOD = "arn:aws:execute-api:us-east-1:123456789012:api1/dev/*/*"


def definition(
    security: list[dict[str, list[str]]] | None = None, scheme: Any = None, **more: Any
) -> dict[str, Any]:
    method: dict[str, Any] = {"responses": {}, "x-amazon-apigateway-integration": PROXY}
    if security is not None:
        method["security"] = security
    return {
        "openapi": "3.0.1",
        "info": {"title": "access", "version": "1"},
        "paths": {"/pets": {"get": method, "post": method}, "/admin": {"get": method}},
        **({"components": {"securitySchemes": {"auth": scheme}}} if scheme else {}),
        **more,
    }


def custom(**authorizer: Any) -> dict[str, Any]:
    return {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "token", "authorizerUri": FUNCTION.format("guard"), **authorizer,
        },
    }  # fmt: skip


def policy(effect: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def guarded(answer: Any, **options: Any) -> tuple[Gateway, list[dict[str, Any]]]:
    """A gateway whose authorizer answers so, and the events of all functions."""
    events: list[dict[str, Any]] = []

    def function(event: Any) -> object:
        events.append(event)
        if "methodArn" not in event:
            return {
                "statusCode": 200,
                "body": json.dumps(event["requestContext"].get("authorizer")),
            }
        if isinstance(answer, Exception):
            raise answer
        return answer(event) if callable(answer) else answer

    gateway = Gateway(
        definition([{"auth": []}], custom(**options)), function=function, api_id="api1"
    )
    return gateway, events


def refused(result: Result) -> tuple[int, str | None, str]:
    return result.status, result.response.headers.get("x-amzn-ErrorType"), result.text


ALLOW = {"principalId": "ann", "policyDocument": policy("Allow", ANY_METHOD)}


def test_what_an_authorizer_says_reaches_the_backend() -> None:
    said = {**ALLOW, "context": {"n": 7, "yes": True, "f": 1.5, "none": None, "s": ""}}
    gateway, events = guarded(said)
    result = gateway.get("/pets", headers={"Authorization": "t"})
    assert result.status == 200
    assert json.loads(result.text) == {
        "n": "7", "yes": "true", "f": "1.5", "s": "", "principalId": "ann",
        "integrationLatency": 0,
    }  # fmt: skip
    assert list(events[0].items()) == [
        ("type", "TOKEN"),
        ("methodArn", "arn:aws:execute-api:us-east-1:123456789012:api1/dev/GET/pets"),
        ("authorizationToken", "t"),
    ]
    steps = {step.stage: describe(step) for step in result.answer.trace}
    assert steps["authorize"] == "Authorizer auth lets 'ann' in."


@pytest.mark.parametrize(
    ("principal", "seen"),
    [({}, {}), ({"principalId": None}, {}), ({"principalId": ""}, {"principalId": ""}),
     ({"principalId": 7}, {"principalId": "7"})],
)  # fmt: skip
def test_a_principal_may_be_left_out(principal: dict[str, Any], seen: dict[str, Any]) -> None:
    """Recorded on a WebSocket API (captures-2026, section 2a)."""
    gateway, _ = guarded({"policyDocument": policy("Allow"), **principal})
    result = gateway.get("/pets", headers={"Authorization": "t"})
    assert result.status == 200, result.story
    assert json.loads(result.text) == {**seen, "integrationLatency": 0}


@pytest.mark.parametrize("known", [True, False])
def test_a_request_authorizer_sees_the_api_key(known: bool) -> None:
    key = ApiKey(id="key1", source=Source("test", 1, 1, ""), value="k" * 20)
    events: list[dict[str, Any]] = []

    def function(event: Any) -> object:
        events.append(event)
        return ALLOW if "methodArn" in event else {"statusCode": 200}

    scheme = custom(type="request", identitySource="context.identity.apiKey")
    gateway = Gateway(definition([{"auth": []}], scheme), function=function, api_id="api1",
                      api_keys=[key] if known else [])  # fmt: skip
    assert gateway.get("/pets").status == 401
    assert gateway.get("/pets", headers={"x-api-key": "k" * 20}).status == 200
    for event in events:
        identity = event["requestContext"]["identity"]
        assert identity["apiKey"] == "k" * 20
        assert identity.get("apiKeyId") == ("key1" if known else None)


def test_a_result_is_kept_and_judged_for_every_method() -> None:
    narrow = {"principalId": "p", "policyDocument": policy("Allow", "*/GET/pets")}
    narrow["policyDocument"]["Statement"][0]["Resource"] = ANY_METHOD.replace("*/*", "GET/pets")
    gateway, events = guarded(narrow)
    token = {"Authorization": "t"}
    assert gateway.get("/pets", headers=token).status == 200
    other = gateway.get("/admin", headers=token)
    assert refused(other) == (
        403,
        "AccessDeniedException",
        '{"Message":"User is not authorized to access this resource because no identity-based '
        'policy allows the execute-api:Invoke action"}',
    )
    assert sum("methodArn" in event for event in events) == 1
    step = next(step for step in other.answer.trace if step.stage == "authorize")
    assert "its Resource does not cover this ARN" in describe(step)
    assert "cached policy" in (remedy(step) or "")
    gateway.caches.forget()
    gateway.get("/pets", headers=token)
    assert sum("methodArn" in event for event in events) == 2


def test_results_grow_old() -> None:
    gateway, events = guarded(ALLOW, authorizerResultTtlInSeconds=60)
    for after in (0, 59_999, 60_000):
        environment = type(ENVIRONMENT)(
            **{name: getattr(ENVIRONMENT, name) for name in ENVIRONMENT.__slots__}
            | {"time_ms": ENVIRONMENT.time_ms + after}
        )
        gateway.environment = environment
        assert gateway.get("/pets", headers={"Authorization": "t"}).status == 200
    assert sum("methodArn" in event for event in events) == 2


@pytest.mark.parametrize(
    ("answer", "status", "error_type", "body"),
    [
        (RuntimeError("Unauthorized"), 401, "UnauthorizedException", '{"message":"Unauthorized"}'),
        (RuntimeError("unauthorized"), 500, "AuthorizerConfigurationException", '{"message":null}'),
        ({"isAuthorized": True}, 500, "AuthorizerConfigurationException", '{"message":null}'),
        ("allow", 500, "AuthorizerConfigurationException", '{"message":null}'),
        ({**ALLOW, "context": {"list": [1]}}, 500, "AuthorizerConfigurationException",
         '{"message":null}'),
        ({**ALLOW, "principalId": {}}, 500, "AuthorizerConfigurationException", '{"message":null}'),
        ({"principalId": "p", "policyDocument": policy("Deny")}, 403, "AccessDeniedException",
         '{"Message":"User is not authorized to access this resource with an explicit deny in an '
         'identity-based policy"}'),
    ],
)  # fmt: skip
def test_what_keeps_out(answer: Any, status: int, error_type: str, body: str) -> None:
    gateway, _ = guarded(answer)
    result = gateway.get("/pets", headers={"Authorization": "t"})
    assert refused(result) == (status, error_type, body)


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "no bearer"}])
def test_what_is_refused_without_asking(headers: dict[str, str]) -> None:
    gateway, events = guarded(ALLOW, identityValidationExpression="Bearer .+")
    result = gateway.get("/pets", headers=headers)
    assert refused(result) == (401, "UnauthorizedException", '{"message":"Unauthorized"}')
    assert events == []


def test_a_request_authorizer_sees_the_request() -> None:
    source = "method.request.header.X-Auth, method.request.querystring.tenant"
    gateway, events = guarded(ALLOW, type="request", identitySource=source)
    assert gateway.get("/pets?tenant=", headers={"X-Auth": "a"}).status == 401
    assert gateway.get("/pets?tenant=one", headers={"X-Auth": "a"}).status == 200
    event = events[0]
    assert event["type"] == "REQUEST"
    assert event["queryStringParameters"] == {"tenant": "one"}
    assert event["pathParameters"] == {}
    assert event["requestContext"]["resourcePath"] == "/pets"
    assert "body" not in event


def with_policy(document: dict[str, Any]) -> Gateway:
    statement = {**document["Statement"][0], "Principal": "*"}
    body = definition(**{"x-amazon-apigateway-policy": {**document, "Statement": [statement]}})
    return Gateway(body, api_id="api1")


def test_a_resource_policy_on_an_open_method() -> None:
    home = {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}
    gateway = with_policy(policy("Allow", "execute-api:/dev/*/pets", **home))
    near, far = Caller("192.0.2.7"), Caller("203.0.113.9")
    assert gateway.get("/pets", caller=near).status == 200
    masked = "arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/pets"
    result = gateway.get("/pets", caller=far)
    assert refused(result) == (
        403,
        "AccessDeniedException",
        '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on '
        f'resource: {masked} because no resource-based policy allows the execute-api:Invoke action"}}',
    )
    step = next(step for step in result.answer.trace if step.stage == "admit")
    assert "its condition is not met" in describe(step)
    [statement] = [json.loads(each) for each in step.facts["statements"]]  # type: ignore[union-attr]
    assert (statement["expected"], statement["actual"]) == (["192.0.2.0/24"], ["203.0.113.9"])
    denied = with_policy(policy("Deny")).get("/pets")
    assert denied.text.endswith(f'{masked} with an explicit deny in a resource-based policy"}}')


def signed(gateway: Gateway, secret: str = "secret", path: str = "/dev/pets") -> dict[str, str]:
    aws = AWSRequest("GET", f"https://{gateway.api.host}{path}")
    SigV4Auth(Credentials("AKIDEXAMPLE", secret), "execute-api", "us-east-1").add_auth(aws)
    return {name: str(value) for name, value in aws.headers.items()}


def iam(policies: tuple[dict[str, Any], ...], *session: dict[str, Any]) -> Gateway:
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header",
              "x-amazon-apigateway-authtype": "awsSigv4"}  # fmt: skip
    identity = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012",
                        "AIDAANN", policies=tuple(map(json.dumps, policies)),
                        session_policies=tuple(map(json.dumps, session)))  # fmt: skip
    seen: list[Any] = []

    def function(event: Any) -> object:
        seen.append(event)
        return {"statusCode": 200, "body": json.dumps(event["requestContext"]["identity"])}

    gateway = Gateway(
        definition([{"auth": []}], scheme), api_id="api1", function=function,
        keys=[Key(identity, "secret")],
    )  # fmt: skip
    now = int(datetime.now(UTC).timestamp() * 1000)
    gateway.environment = type(ENVIRONMENT)(
        **{name: getattr(ENVIRONMENT, name) for name in ENVIRONMENT.__slots__} | {"time_ms": now}
    )
    return gateway


def test_a_signed_request_is_known_by_its_signer() -> None:
    gateway = iam((policy("Allow", ANY_METHOD),))
    result = gateway.get("/pets", headers=signed(gateway))
    assert result.status == 200, result.story
    identity = json.loads(result.text)
    assert (identity["userArn"], identity["caller"], identity["accessKey"]) == (
        "arn:aws:iam::123456789012:user/ann", "AIDAANN", "AKIDEXAMPLE",
    )  # fmt: skip


def test_signatures_that_are_not_good() -> None:
    gateway = iam((policy("Allow"),))
    assert refused(gateway.get("/pets")) == (
        403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}',
    )  # fmt: skip
    assert (
        gateway.get("/pets", headers={"Authorization": "Bearer x"}).response.headers.get(
            "x-amzn-ErrorType"
        )
        == "IncompleteSignatureException"
    )
    bare = gateway.get("/pets", headers=signed(gateway, path="/pets"))
    assert bare.response.headers.get("x-amzn-ErrorType") == "InvalidSignatureException"
    step = next(step for step in bare.answer.trace if step.stage == "authorize")
    assert "It left the stage out of the path that it signed." in describe(step)


def test_a_signer_whose_session_may_not() -> None:
    gateway = iam((policy("Allow", ANY_METHOD),), policy("Allow", "arn:aws:s3:::x"))
    status, _, text = refused(gateway.get("/pets", headers=signed(gateway)))
    assert status == 403
    assert text.endswith('because no session policy allows the execute-api:Invoke action"}')
    gateway = iam((policy("Allow", ANY_METHOD),), policy("Allow", ANY_METHOD))
    assert gateway.get("/pets", headers=signed(gateway)).status == 200


def test_a_signer_who_may_not() -> None:
    gateway = iam((policy("Allow", "arn:aws:s3:::x"),))
    result = gateway.get("/pets", headers=signed(gateway))
    assert refused(result) == (
        403,
        "AccessDeniedException",
        '{"Message":"User: arn:aws:iam::123456789012:user/ann is not authorized to perform: '
        "execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/"
        'pets because no identity-based policy allows the execute-api:Invoke action"}',
    )


def test_the_execution_log_tells_of_the_authorizer_before_the_usage_plan() -> None:
    """Logs-and-metrics, section 1: recorded in 2017; the integration's own call comes later."""
    gateway, _ = guarded(ALLOW)
    lines = gateway.get("/pets", headers={"Authorization": "secret-token"}).log
    bare = [line.partition(") ")[2] for line in lines]
    heads = [line.partition(":")[0] for line in bare]
    assert heads[:9] == [
        "Extended Request Id", "Starting authorizer", "Incoming identity", "Endpoint request URI",
        "Endpoint request headers", "Endpoint request body after transformations",
        "Sending request to https", "Authorizer result body before parsing",
        "Using valid authorizer policy for principal",
    ]  # fmt: skip
    assert bare[2] == "Incoming identity: ******-token"
    assert bare[9] == "Successfully completed authorizer execution"
    assert heads[10] == "Verifying Usage Plan for request"
    assert heads.count("Endpoint request URI") == 2
    kept = [line.partition(") ")[2] for line in
            gateway.get("/pets", headers={"Authorization": "secret-token"}).log]  # fmt: skip
    assert sum(line.startswith("Endpoint request URI") for line in kept) == 1


@pytest.mark.parametrize(
    ("answer", "headers", "last"),
    [
        (ALLOW, {}, ["Unauthorized request: {id}"]),
        (RuntimeError("Unauthorized"), {"Authorization": "t"}, ["Unauthorized request: {id}"]),
        ({"x": 1}, {"Authorization": "t"}, [
            'Execution failed due to configuration error: Invalid JSON in response: Unrecognized '
            'field "x" , not marked as ignorable', "AuthorizerConfigurationException"]),
        (None, {"Authorization": "t"}, [
            "Execution failed due to configuration error: Could not parse policy",
            "AuthorizerConfigurationException"]),
        ({**ALLOW, "context": {"roles": ["a"]}}, {"Authorization": "t"}, [
            "Execution failed due to configuration error: Invalid JSON in response: Can not "
            "deserialize instance of java.lang.String out of START_ARRAY token",
            "AuthorizerConfigurationException"]),
        (RuntimeError("no"), {"Authorization": "t"}, [
            "Execution failed due to configuration error: Authorizer error",
            "AuthorizerConfigurationException"]),
    ],
)  # fmt: skip
def test_the_execution_log_of_authorizers_that_let_nobody_in(
    answer: Any, headers: dict[str, str], last: list[str]
) -> None:
    gateway, _ = guarded(answer)
    lines = [line.partition(") ")[2] for line in gateway.get("/pets", headers=headers).log]
    assert lines[-len(last) :] == [line.format(id=ENVIRONMENT.request_id) for line in last]
    assert not any("Usage Plan" in line for line in lines)

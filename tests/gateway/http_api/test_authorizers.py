"""Who gets into an HTTP API: tokens, functions and signatures, as Amazon was recorded to answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.effects import BackendFailure, CheckToken
from inspector.gateway.identity import Identity
from inspector.gateway.narration import describe, evidence, remedy
from inspector.gateway.pipeline import converse
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.runtime.drive import drive, recorded
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result
from tests.gateway.jwt.minting import CLAIMS, ISSUER, jwks, token

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:{}"
INTEGRATION = {"type": "AWS_PROXY", "uri": FUNCTION.format("f"), "payloadFormatVersion": "2.0"}


def document(authorizer: dict[str, Any] | None, scopes: tuple[str, ...] = (), **route: Any) -> Any:
    secured: dict[str, Any] = {"x-amazon-apigateway-integration": INTEGRATION, **route}
    if authorizer is not None:
        secured["security"] = [{"auth": list(scopes)}]
    return {
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": secured}, "/b": {"get": secured}},
        "components": {"securitySchemes": {
            "auth": {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer or {}},
        } if authorizer else {}},
    }  # fmt: skip


def step_of(result: Result) -> Step:
    return next(step for step in result.answer.trace if step.stage == "authorize")


class Guarded:
    """A gateway whose functions remember their events; the authorizer answers what it is told."""

    def __init__(self, answer: Any = None, **options: Any) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.seen: list[dict[str, Any]] = []
        authorizer = {
            "type": "request", "identitySource": ["$request.header.Authorization"],
            "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            f"{FUNCTION.format('guard')}/invocations",
            "authorizerPayloadFormatVersion": "2.0", "enableSimpleResponses": True, **options,
        }  # fmt: skip
        self.gateway = Gateway(document(authorizer), function=self._function, api_id="api1")

    def _function(self, event: dict[str, Any]) -> Any:
        if event.get("type") != "REQUEST":
            self.seen.append(event)
            return {"statusCode": 200}
        self.asked.append(event)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def get(self, path: str = "/a", authorization: str | None = "t", **more: str) -> Result:
        headers = {} if authorization is None else {"Authorization": authorization}
        return self.gateway.get(path, headers={**headers, **more})

    @property
    def member(self) -> Any:
        return self.seen[-1]["requestContext"]["authorizer"]["lambda"]


def policy(effect: str = "Allow", resource: str = "*") -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def guarded_by_token(*scopes: str, **options: Any) -> Gateway:
    authorizer = {
        "type": "jwt", "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": ISSUER, "audience": ["aud1", "aud2"]}, **options,
    }  # fmt: skip
    return Gateway(
        document(authorizer, scopes), issuers={ISSUER: jwks()}, api_id="api1",
        function=lambda event: {
            "statusCode": 200, "body": json.dumps(event["requestContext"]["authorizer"])
        },
    )  # fmt: skip


def test_a_good_token_and_what_the_function_learns() -> None:
    result = guarded_by_token().get("/a", headers={"Authorization": f"Bearer {token()}"})
    assert result.status == 200
    assert list(result.json()["jwt"]["claims"].items()) == [
        ("aud", "aud1"), ("exp", "1700003600"), ("iat", "1699999990"),
        ("iss", ISSUER), ("sub", "ann"),
    ]  # fmt: skip
    assert result.json()["jwt"]["scopes"] is None
    scoped = token({**CLAIMS, "scope": "x a"})
    result = guarded_by_token("a", "b").get("/a", headers={"Authorization": scoped})
    assert result.json()["jwt"]["scopes"] == ["x", "a"]


def test_a_token_in_the_query() -> None:
    gateway = guarded_by_token(identitySource="$request.querystring.jwt")
    assert gateway.get(f"/a?jwt={token()}").status == 200
    assert gateway.get(f"/a?jwt=Bearer%20{token()}").status == 200
    assert gateway.get(f"/a?JWT={token()}").headers.get("www-authenticate") == "Bearer"


def test_the_challenge_stands_before_the_request_id() -> None:
    result = guarded_by_token().get("/a")
    assert (result.status, result.text) == (401, '{"message":"Unauthorized"}')
    assert [name for name, _ in result.headers][-2:] == ["www-authenticate", "apigw-requestid"]
    assert result.headers.get("www-authenticate") == "Bearer"
    assert "x-amzn-errortype" not in result.headers


def test_the_challenge_stands_behind_the_headers_of_cors() -> None:
    """As a user pasted it."""
    declared = {"type": "jwt", "identitySource": "$request.header.Authorization",
                "jwtConfiguration": {"issuer": ISSUER, "audience": ["aud1"]}}  # fmt: skip
    allowing = {"allowOrigins": ["http://localhost:5173"], "allowCredentials": True}
    gateway = Gateway(
        document(declared, ()) | {"x-amazon-apigateway-cors": allowing}, issuers={ISSUER: jwks()}
    )
    result = gateway.get("/a", headers={"Origin": "http://localhost:5173"})
    assert list(result.headers)[4:-1] == [
        ("access-control-allow-origin", "http://localhost:5173"), ("vary", "origin"),
        ("access-control-allow-credentials", "true"), ("www-authenticate", "Bearer"),
    ]  # fmt: skip


def test_a_missing_scope_is_forbidden() -> None:
    gateway = guarded_by_token("a", "b")
    result = gateway.get("/a", headers={"Authorization": token({**CLAIMS, "scope": "c"})})
    assert (result.status, result.text) == (403, '{"message":"Forbidden"}')
    assert result.headers.get("www-authenticate") == (
        'Bearer scope="a b" error="insufficient_scope" '
        'error_description="expected scopes within the token"'
    )
    assert describe(step_of(result)) == (
        "The token has none of the scopes that are asked for: wanted [a, b], found [c] "
        "(one of them is enough; it has none)."
    )


def test_an_issuer_with_another_ending_is_explained() -> None:
    gateway = guarded_by_token()
    result = gateway.get("/a", headers={"Authorization": token({**CLAIMS, "iss": f"{ISSUER}/"})})
    step = step_of(result)
    assert step.facts["failure"] == "issuer"
    assert "the token has a slash at the end, the authorizer has none" in describe(step)
    assert "to the last character" in str(remedy(step))
    rows = {row.label: row for row in evidence(step)}
    assert (rows["issuer"].ok, rows["issuer"].expected) == (False, ISSUER)
    assert (rows["signature"].ok, rows["audience"].ok) == (True, None)
    assert "never reached" in rows["audience"].value


def test_an_issuer_that_cannot_be_reached_is_told_in_amazons_words() -> None:
    gateway = guarded_by_token()
    gateway.issuers = {}
    result = gateway.get("/a", headers={"Authorization": token()})
    assert result.headers.get("www-authenticate") == (
        'Bearer scope="" error="invalid_token" '
        'error_description="OIDC discovery endpoint communication error"'
    )
    said = "invalid_token: OIDC discovery endpoint communication error"
    assert step_of(result).facts["access_log_error"] == said


def test_a_recorded_token_is_checked_again_offline() -> None:
    gateway = guarded_by_token()
    performed = []
    perform = gateway._perform

    def remember(effect: Any) -> Any:
        performed.append((effect, perform(effect)))
        return performed[-1][1]

    request = Request("GET", "/a", Headers.of([("Host", "x"), ("Authorization", token())]), b"")
    first = drive(converse(gateway._served, request, ENVIRONMENT), remember)
    assert isinstance(performed[0][0], CheckToken)
    again = drive(converse(gateway._served, request, ENVIRONMENT), recorded(performed))
    assert (again.response, again.trace) == (first.response, first.trace)
    later = replace(ENVIRONMENT, time_ms=ENVIRONMENT.time_ms + 7_200_000)
    expired = drive(converse(gateway._served, request, later), recorded(performed))
    assert "the token has expired" in str(expired.response.headers.get("www-authenticate"))


POLICY = {"principalId": "p", "policyDocument": policy()}
V1 = {"authorizerPayloadFormatVersion": "1.0", "enableSimpleResponses": False}
V2 = {"enableSimpleResponses": False}
SIMPLE: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("options", "answer", "status"),
    [
        (V1, POLICY, 200), (V2, POLICY, 200), (SIMPLE, {"isAuthorized": True}, 200),
        (V1, {"principalId": "p", "policyDocument": policy("Deny")}, 403),
        (V2, {"principalId": "p", "policyDocument": policy("Deny")}, 403),
        (V2, {"principalId": "p", "policyDocument": policy("Allow", "arn:aws:other")}, 403),
        (SIMPLE, {"isAuthorized": False}, 403),
        *((each, RuntimeError("Unauthorized"), 401) for each in (V1, V2, SIMPLE)),
        *((each, {"errorMessage": "Unauthorized"}, 401) for each in (V1, V2, SIMPLE)),
        *((each, {"unexpected": "x"}, 500) for each in (V1, V2, SIMPLE)),
        *((each, RuntimeError("other"), 500) for each in (V1, V2, SIMPLE)),
        *((each, BackendFailure("timeout", "10 s"), 500) for each in (V1, V2, SIMPLE)),
        *((each, [1], 500) for each in (V1, V2, SIMPLE)),
        (V1, {"isAuthorized": True}, 500), (V2, {"isAuthorized": True}, 500), (SIMPLE, POLICY, 500),
        (V1, {"isAuthorized": "true"}, 500), (V2, {"isAuthorized": "true"}, 500),
        (SIMPLE, {"isAuthorized": "true"}, 200), (SIMPLE, {"isAuthorized": "no"}, 500),
        *((V1, {**POLICY, "context": {"x": value}}, 500) for value in ([1], {"a": 1}, None)),
        (V1, {**POLICY, "context": {"claims": "x"}}, 500),
        (V2, {**POLICY, "context": {"claims": "x"}}, 200),
        (SIMPLE, {"isAuthorized": True, "context": "x"}, 500),
        (V1, {"policyDocument": policy()}, 200),
        (V1, {**POLICY, "policyDocument": "x"}, 500),
    ],
)  # fmt: skip
def test_what_a_function_may_answer(options: dict[str, Any], answer: Any, status: int) -> None:
    guarded = Guarded(answer, **options)
    result = guarded.get()
    assert result.status == status, result.story
    bodies = {401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}
    assert status == 200 or result.json() == {"message": bodies[status]}


def test_the_context_keeps_its_types_in_two_and_is_text_in_one() -> None:
    context = {"s": "x", "n": 7, "b": True, "e": "", "f": 1.5}
    more = {"l": [1], "m": {"a": None}, "z": None, "claims": {"sub": "x"}}
    guarded = Guarded({"isAuthorized": True, "context": {**context, **more}})
    assert guarded.get().status == 200
    assert list(guarded.member.items()) == sorted({**context, **more}.items())[:1] + [
        (name, value) for name, value in sorted({**context, **more}.items())[1:] if name != "claims"
    ]
    guarded = Guarded({**POLICY, "context": context}, **V1)
    assert guarded.get().status == 200
    assert guarded.member == {"s": "x", "n": "7", "b": "true", "e": "", "f": "1.5"}


@pytest.mark.parametrize(("authorization", "status", "asked"), [(None, 401, 0), ("", 200, 1)])
def test_only_an_absent_source_keeps_out(
    authorization: str | None, status: int, asked: int
) -> None:
    guarded = Guarded({"isAuthorized": True})
    assert guarded.get(authorization=authorization).status == status
    assert len(guarded.asked) == asked


def test_the_events_of_both_formats() -> None:
    guarded = Guarded({"isAuthorized": True})
    guarded.get("/a?x=1&x=2", Cookie="a=b")
    [two] = guarded.asked
    assert list(two) == [
        "version", "type", "routeArn", "identitySource", "routeKey", "rawPath", "rawQueryString",
        "cookies", "headers", "queryStringParameters", "requestContext",
    ]  # fmt: skip
    arn = "arn:aws:execute-api:us-east-1:123456789012:api1/$default/GET/a"
    assert (two["routeArn"], two["identitySource"]) == (arn, ["t"])
    guarded = Guarded(
        POLICY, **V1, identitySource="$request.header.Authorization,$context.routeKey"
    )
    guarded.get()
    [one] = guarded.asked
    assert list(one) == [
        "version", "type", "methodArn", "identitySource", "authorizationToken", "resource",
        "path", "httpMethod", "headers", "queryStringParameters", "pathParameters",
        "stageVariables", "requestContext",
    ]  # fmt: skip
    assert (one["methodArn"], one["identitySource"], one["resource"]) == (arn, "t,GET /a", "")
    assert (one["queryStringParameters"], one["pathParameters"]) == ({}, {})


def test_results_are_kept_by_their_sources() -> None:
    guarded = Guarded({"isAuthorized": True}, authorizerResultTtlInSeconds=60)
    assert [guarded.get(path).status for path in ("/a", "/a", "/b")] == [200, 200, 200]
    assert len(guarded.asked) == 1
    guarded.answer = {"isAuthorized": False}
    assert guarded.get("/b").status == 200
    assert guarded.get("/b", "other").status == 403
    kept = guarded.get("/b", "other")
    assert (kept.status, step_of(kept).facts["cache"], len(guarded.asked)) == (403, "hit", 2)
    assert "from its cache" in describe(step_of(kept))


def test_with_the_route_key_among_them_each_route_asks() -> None:
    sources = ["$request.header.Authorization", "$context.routeKey"]
    guarded = Guarded(
        {"isAuthorized": True}, authorizerResultTtlInSeconds=60, identitySource=sources
    )
    assert [guarded.get(path).status for path in ("/a", "/b", "/a")] == [200, 200, 200]
    assert len(guarded.asked) == 2


def test_a_kept_policy_is_judged_for_each_route() -> None:
    arn = "arn:aws:execute-api:us-east-1:123456789012:api1/$default/GET/a"
    guarded = Guarded(
        {"principalId": "p", "policyDocument": policy("Allow", arn)},
        authorizerResultTtlInSeconds=60, **V2,
    )  # fmt: skip
    assert guarded.get("/a").status == 200
    refused = guarded.get("/b")
    assert (refused.status, len(guarded.asked)) == (403, 1)
    assert "its Resource does not cover this ARN" in describe(step_of(refused))
    assert "cached policy" in str(remedy(step_of(refused)))


@pytest.mark.parametrize(("options", "asked"), [({}, 2), ({"identitySource": []}, 2)])
def test_nothing_is_kept_without_ttl_or_sources(options: dict[str, Any], asked: int) -> None:
    ttl = {"authorizerResultTtlInSeconds": 60} if options else {}
    guarded = Guarded({"isAuthorized": True}, **options, **ttl)
    guarded.get()
    guarded.get()
    assert len(guarded.asked) == asked


def iam(*policies: dict[str, Any], account: str = "123456789012") -> Gateway:
    identity = Identity("AKIDEXAMPLE", f"arn:aws:iam::{account}:user/ann", account, "AIDAANN",
                        policies=tuple(map(json.dumps, policies)))  # fmt: skip
    gateway = Gateway(
        document(None, **{"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}), api_id="api1",
        keys=[Key(identity, "secret")],
        function=lambda event: {"statusCode": 200, "body": json.dumps(
            [event["requestContext"]["authorizer"], sorted(event["headers"])])},
    )  # fmt: skip
    now = int(datetime.now(UTC).timestamp() * 1000)
    gateway.environment = replace(ENVIRONMENT, time_ms=now)
    return gateway


def signed(gateway: Gateway, secret: str = "secret", path: str = "/a") -> dict[str, str]:
    aws = AWSRequest("GET", f"https://{gateway.api.host}{path}")
    SigV4Auth(Credentials("AKIDEXAMPLE", secret), "execute-api", "us-east-1").add_auth(aws)
    return {name: str(value) for name, value in aws.headers.items()}


def test_a_signer_whose_policies_allow_it() -> None:
    gateway = iam(policy("Allow", "arn:aws:execute-api:*:*:api1/*/GET/a"))
    result = gateway.get("/a", headers=signed(gateway))
    assert result.status == 200, result.story
    authorizer, headers = result.json()
    assert list(authorizer["iam"].items()) == [
        ("accessKey", "AKIDEXAMPLE"), ("accountId", "123456789012"), ("callerId", "AIDAANN"),
        ("cognitoIdentity", None), ("principalOrgId", "aws:PrincipalOrgID"),
        ("userArn", "arn:aws:iam::123456789012:user/ann"), ("userId", "AIDAANN"),
    ]  # fmt: skip
    assert {"authorization", "x-amz-date"} <= set(headers)


def test_a_signature_in_the_query() -> None:
    gateway = iam(policy())
    aws = AWSRequest("GET", f"https://{gateway.api.host}/a")
    SigV4QueryAuth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1").add_auth(aws)
    target = str(aws.url).removeprefix(f"https://{gateway.api.host}")
    assert gateway.request("GET", raw_target=target).status == 200


def test_every_failure_of_a_signature_is_forbidden() -> None:
    gateway = iam(policy("Allow", "arn:aws:execute-api:*:*:api1/*/GET/b"))
    cases = [
        ({}, "authorize.signature-missing-token"),
        ({"Authorization": "Bearer x"}, "authorize.signature-no-equal-sign"),
        (signed(gateway, secret="other"), "authorize.signature-mismatch"),
        (signed(gateway), "authorize.not-allowed"),
    ]
    for headers, code in cases:
        result = gateway.get("/a", headers=headers)
        assert (result.status, result.text) == (403, '{"message":"Forbidden"}')
        assert (step_of(result).code, "www-authenticate" in result.headers) == (code, False)
    unsigned = step_of(gateway.get("/a")).facts["access_log_error"]
    assert unsigned == (
        "The request for the IAM Authorizer doesn't match the format that API Gateway expects."
    )
    stranger = iam(policy(), account="999999999999")
    assert stranger.get("/a", headers=signed(stranger)).status == 403

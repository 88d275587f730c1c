"""Resource policies through the pipeline: whom they concern, tables A and B, which line decided."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.environment import Caller
from inspector.gateway.identity import Identity
from inspector.gateway.narration import describe, remedy
from inspector.gateway.trace import Step
from inspector.runtime.keyring import Key
from inspector.testing import Gateway, Result
from tests.gateway.jwt.minting import CLAIMS, jwks, token

FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION.format("backend")}
ANN = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012", "AIDAANN")
ELSEWHERE = replace(ANN, arn="arn:aws:iam::999999999999:user/ann", account="999999999999")


def statement(effect: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*",
            **more}  # fmt: skip


def document(*statements: dict[str, Any] | None) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [each for each in statements if each]}


def gateway(
    policy: dict[str, Any] | None,
    *,
    identity: Identity | None = None,
    own: dict[str, Any] | None = None,
    private: bool = False,
) -> Gateway:
    """A method that asks for a signature where somebody is to sign, else an open one."""
    method: dict[str, Any] = {"responses": {}, "x-amazon-apigateway-integration": PROXY}
    body: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": "policies", "version": "1"},
        "paths": {"/pets": {"get": method}},
    }
    keys = []
    if identity is not None:
        method["security"] = [{"auth": []}]
        scheme = {"type": "apiKey", "name": "Authorization", "in": "header",
                  "x-amazon-apigateway-authtype": "awsSigv4"}  # fmt: skip
        body["components"] = {"securitySchemes": {"auth": scheme}}
        keys = [Key(replace(identity, policies=(json.dumps(own),) if own else ()), "secret")]
    if policy is not None:
        body["x-amazon-apigateway-policy"] = policy
    if private:
        body["x-amazon-apigateway-endpoint-configuration"] = {"types": ["PRIVATE"]}
    served = Gateway(body, api_id="api1", keys=keys)
    now = int(datetime.now(UTC).timestamp() * 1000)
    served.environment = replace(served.environment, time_ms=now)
    return served


def call(served: Gateway, caller: Caller | None = None, *, sign: bool = False) -> Result:
    headers: dict[str, str] = {"User-Agent": "curl/8"}
    if sign:
        aws = AWSRequest("GET", f"https://{served.api.host}/dev/pets", headers)
        SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1").add_auth(aws)
        headers = {name: str(value) for name, value in aws.headers.items()}
    return served.get("/pets", headers=headers, caller=caller)


def step(result: Result) -> Step:
    return next(each for each in result.answer.trace if each.stage in ("admit", "authorize"))


OWN = {
    "allow": {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"},
    "deny": {"Effect": "Deny", "Action": "*", "Resource": "*"},
    "silent": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
}
RESOURCE = {"allow": statement("Allow"), "deny": statement("Deny"), "silent": None}
#: Guide, tables A and B: (own policy, resource policy) → who gets in.
LET_IN_A = {("allow", "allow"), ("allow", "silent"), ("silent", "allow")}
LET_IN_B = {("allow", "allow")}


@pytest.mark.parametrize(("own", "resource"), list(product(OWN, RESOURCE)))
@pytest.mark.parametrize("identity", [ANN, ELSEWHERE])
def test_tables_a_and_b(identity: Identity, own: str, resource: str) -> None:
    policy = document(RESOURCE[resource]) if RESOURCE[resource] else None
    served = gateway(policy, identity=identity, own=document(OWN[own]))
    result = call(served, sign=True)
    let_in = LET_IN_A if identity is ANN else LET_IN_B
    if (own, resource) in let_in:
        assert result.status == 200, result.story
        return
    assert result.status == 403
    message = json.loads(result.text)["Message"]
    by_resource = resource == "deny" or (own == "allow" and resource == "silent")
    kind = "a resource" if by_resource else "an identity"
    end = f"because no {kind.split()[1]}-based policy allows the execute-api:Invoke action"
    if "deny" in (own, resource):
        end = f"with an explicit deny in {kind}-based policy"
    start = f"User: {identity.arn} is not authorized to perform: execute-api:Invoke on resource: "
    assert message == f"{start}arn:aws:execute-api:us-east-1:********9012:api1/dev/GET/pets {end}"
    assert step(result).facts["decided_by"] == (
        "resource-policy" if by_resource else "identity-policy"
    )


def test_a_deny_for_all_but_one_signer_asks_for_the_signature_first() -> None:
    """Such a policy judged for nobody would keep everybody out."""
    others = statement("Deny")
    del others["Principal"]
    policy = document({**others, "NotPrincipal": {"AWS": ANN.arn}}, statement("Allow"))
    served = gateway(policy, identity=ANN)
    assert call(served, sign=True).status == 200
    other = replace(ANN, arn="arn:aws:iam::123456789012:user/bob")
    result = call(gateway(policy, identity=other, own=document(OWN["allow"])), sign=True)
    assert result.status == 403
    assert "Statement 0 is an explicit Deny" in describe(step(result))


def test_the_line_that_decided() -> None:
    """The Deny itself, or the part of the nearest Allow that does not fit."""
    home = {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}
    served = gateway(document(statement("Allow", Condition=home), statement("Deny", Action="s3:*")))
    result = call(served, Caller("203.0.113.9"))
    place = step(result).source
    assert place is not None
    assert place.pointer.endswith("/Statement/0/Condition/IpAddress/aws:SourceIp")
    assert "IpAddress aws:SourceIp 192.0.2.0/24, here 203.0.113.9" in describe(step(result))
    [first, second] = [json.loads(each) for each in step(result).facts["statements"]]  # type: ignore[union-attr]
    assert (first["line"], second["part"], second["expected"]) == (place.line, "action", ["s3:*"])
    denied = call(gateway(document(statement("Allow"), statement("Deny", Sid="No"))))
    assert (step(denied).source or place).pointer.endswith("/Statement/1")


ENDPOINT = Caller("10.0.0.5", "vpc-1", "vpce-1")


def test_a_private_api_and_its_endpoints() -> None:
    only = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
    policy = document(statement("Allow"), statement("Deny", Condition=only))
    served = gateway(policy, private=True)
    assert call(served, ENDPOINT).status == 200
    other = call(served, replace(ENDPOINT, vpc_endpoint="vpce-2"))
    assert json.loads(other.text)["Message"].startswith("User: anonymous is not authorized")
    assert call(served).status == 403, "a caller from nowhere has no endpoint"


def test_a_private_api_without_a_policy_lets_nobody_in() -> None:
    result = call(gateway(None, private=True), ENDPOINT)
    assert result.status == 403
    assert "has no resource policy" in describe(step(result))
    assert "VPC endpoints" in (remedy(step(result)) or "")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, 200),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, 403),  # absent behind an endpoint
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, 200),
        ({"Bool": {"aws:SecureTransport": "true"}}, 200),
        ({"StringLike": {"aws:UserAgent": "curl/*"}}, 200),
        ({"Null": {"aws:Referer": "true"}}, 200),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, 200),
        ({"NumericLessThan": {"aws:EpochTime": "1577836800"}}, 403),
        ({"StringEquals": {"aws:PrincipalAccount": "123456789012"}}, 403),  # nobody signed
    ],
)
def test_what_a_policy_may_ask_about(condition: dict[str, Any], status: int) -> None:
    served = gateway(document(statement("Allow", Condition=condition)), private=True)
    assert call(served, ENDPOINT).status == status


def test_a_policy_against_plain_http_says_what_to_do_locally() -> None:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    served = gateway(document(statement("Allow"), statement("Deny", Condition=plain)))
    assert call(served).status == 200
    served.environment = replace(served.environment, scheme="http")
    found = step(call(served))
    assert "call over https" in (remedy(found) or "")
    denying = json.loads(found.facts["statements"][1])  # type: ignore[index]
    assert denying["conditions"] == ["Bool aws:SecureTransport false"]


SESSION = Identity(
    "AKIDEXAMPLE", "arn:aws:sts::123456789012:assumed-role/reader/s1", "123456789012",
    "AROAREADER:s1", "o-1", conditions=(("aws:MultiFactorAuthPresent", "true"),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "identity", "status"),
    [
        ({"StringEquals": {"aws:username": "ann"}}, ANN, 200),
        ({"Null": {"aws:username": "true"}}, SESSION, 200),  # users only
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}, SESSION, 200),
        ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, SESSION, 200),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, SESSION, 200),
        ({"StringLike": {"aws:userid": "AROAREADER:*"}}, SESSION, 200),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, SESSION, 200),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, ANN, 403),
    ],
)
def test_what_a_policy_may_ask_about_a_signer(
    condition: dict[str, Any], identity: Identity, status: int
) -> None:
    served = gateway(document(statement("Allow", Condition=condition)), identity=identity)
    assert call(served, sign=True).status == status


@pytest.mark.parametrize(
    ("principal", "let_in"),
    [
        ({"AWS": "arn:aws:iam::123456789012:role/reader"}, True),
        ({"AWS": "AROAREADER"}, True),
        ({"AWS": ["arn:aws:iam::1:user/x", SESSION.arn]}, True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, True),
        ({"AWS": "123456789012"}, True),
        ({"AWS": "arn:aws:iam::123456789012:role/writer"}, False),
    ],
)
def test_principals(principal: dict[str, Any], let_in: bool) -> None:
    served = gateway(document(statement("Allow", Principal=principal)), identity=SESSION)
    assert (call(served, sign=True).status == 200) is let_in


def test_what_amazon_would_not_save_is_said_and_lets_nobody_in() -> None:
    served = gateway(document(statement("Allow", Condition={"StringSounds": {"aws:x": "y"}})))
    [found] = [each for each in served.diagnostics if each.code == "resource-policy"]
    assert found.source.pointer.endswith("/Condition/StringSounds/aws:x")
    assert call(served).status == 403
    broken = gateway(document(statement("allow")))
    [found] = [each for each in broken.diagnostics if each.code == "resource-policy"]
    assert found.source.pointer.endswith("/Statement/0/Effect")
    assert call(broken).status == 403


POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"


def pool(policy: dict[str, Any] | None) -> Gateway:
    """A method that asks for a user pool's token."""
    arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_pool"
    body: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": "pool", "version": "1"},
        "paths": {"/pets": {"get": {
            "responses": {}, "security": [{"pool": []}], "x-amazon-apigateway-integration": PROXY,
        }}},
        "components": {"securitySchemes": {"pool": {
            "type": "apiKey", "name": "Authorization", "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools", "providerARNs": [arn],
            },
        }}},
    }  # fmt: skip
    if policy is not None:
        body["x-amazon-apigateway-policy"] = policy
    return Gateway(body, api_id="api1", issuers={POOL: jwks()})


@pytest.mark.parametrize(
    ("resource", "known"),
    [("allow", 200), ("deny", 403), ("silent", 403), (None, 200)],
)
def test_behind_a_user_pool_the_policy_stands_alone_and_has_to_allow(
    resource: str | None, known: int
) -> None:
    """Guide: the token first, whatever the policy says; then an explicit Allow."""
    other = statement("Allow", Resource="execute-api:/dev/POST/*")
    policies = {"allow": document(RESOURCE["allow"]), "deny": document(RESOURCE["deny"]),
                "silent": document(other)}  # fmt: skip
    served = pool(None if resource is None else policies[resource])
    assert served.get("/pets").status == 401
    claims = {"iss": POOL, "aud": "client", "token_use": "id", "sub": "ann"}
    good = token({**CLAIMS, **claims})
    result = served.get("/pets", headers={"Authorization": f"Bearer {good}"})
    assert result.status == known, result.story
    if known == 403:
        assert json.loads(result.text)["Message"].startswith("User: anonymous is not authorized")
        stages = [each.stage for each in result.answer.trace]
        assert stages.index("authorize") < stages.index("admit")


def test_a_lambda_authorizer_and_a_silent_policy() -> None:
    """Table A: the function's Allow is enough, and the API's Allow is enough for its silence."""
    authorizer = {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "token", "authorizerUri": FUNCTION.format("guard"),
            "authorizerResultTtlInSeconds": 0,
        },
    }  # fmt: skip
    silent = statement("Allow", Resource="execute-api:/dev/POST/*")
    for own, resource, status in (
        ("allow", silent, 200), ("silent", statement("Allow"), 200), ("silent", silent, 403),
        ("deny", statement("Allow"), 403), ("allow", statement("Deny"), 403),
    ):  # fmt: skip
        served = Gateway(
            {
                "openapi": "3.0.1",
                "info": {"title": "custom", "version": "1"},
                "paths": {"/pets": {"get": {
                    "responses": {}, "security": [{"auth": []}],
                    "x-amazon-apigateway-integration": PROXY,
                }}},
                "components": {"securitySchemes": {"auth": authorizer}},
                "x-amazon-apigateway-policy": document(resource),
            },
            api_id="api1",
            function=lambda event, own=own: (
                {"principalId": "ann", "policyDocument": document(OWN[own])}
                if "methodArn" in event
                else {"statusCode": 200}
            ),
        )  # fmt: skip
        assert served.get("/pets", headers={"Authorization": "t"}).status == status, (own, resource)

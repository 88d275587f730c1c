"""Whether Amazon's gateway may invoke a function: roles, functions' policies, callers' own rights."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.definitions import Bundle, Options, read
from inspector.definitions.places import Places
from inspector.gateway.explain import Case, explain
from inspector.gateway.identity import Identity
from inspector.gateway.narration import describe, remedy
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result

ARN = "arn:aws:lambda:us-east-1:123456789012:function:fn"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"
ROLE = {"Fn::GetAtt": ["Role", "Arn"]}


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, **more}]}


def trust(service: str) -> dict[str, Any]:
    return statement("Allow", "sts:AssumeRole", Principal={"Service": service})


def role(
    *policies: dict[str, Any], service: str = "apigateway.amazonaws.com", **more: Any
) -> dict[str, Any]:
    listed = [{"PolicyName": f"p{at}", "PolicyDocument": each} for at, each in enumerate(policies)]
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": trust(service), "Policies": listed, **more}}  # fmt: skip


def permission(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::Lambda::Permission", "Properties": {
        "FunctionName": {"Ref": "Fn"}, "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com", **properties}}  # fmt: skip


def gateway(keys: Any = (), **options: Any) -> Gateway:
    return Gateway(document(**options), api_id="api1", keys=keys)


def document(
    credentials: Any = None, kind: str = "NONE", uri: str = URI, **resources: Any
) -> dict[str, Any]:
    integration: dict[str, Any] = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}
    if credentials is not None:
        integration["Credentials"] = credentials
    return {"Resources": {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "granting"}},
        "Pets": {"Type": "AWS::ApiGateway::Resource", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
            "PathPart": "{id}"}},
        "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": "Pets"}, "HttpMethod": "GET",
            "AuthorizationType": kind, "Integration": integration,
            **({"AuthorizerId": {"Ref": "Guard"}} if kind == "CUSTOM" else {})}},
        "Deployed": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["Get"],
                     "Properties": {"RestApiId": {"Ref": "Api"}}},
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {
            "RestApiId": {"Ref": "Api"}, "StageName": "dev", "DeploymentId": {"Ref": "Deployed"}}},
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "fn", "Runtime": "python3.11", "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/fn", "Code": {"ZipFile": "x"}}},
        **resources,
    }}  # fmt: skip


def code_of(result: Result) -> str | None:
    if result.status == 200:
        return None
    assert (result.status, result.invocations) == (500, ()), result.story
    assert result.headers.get("x-amzn-errortype") == "InternalServerErrorException"
    return next(step.code for step in result.answer.trace if step.stage == "integrate")


INVOKE = statement("Allow", "lambda:InvokeFunction", Resource=ARN)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (role(INVOKE), None),
        (role(statement("Allow", "lambda:*", Resource="*")), None),
        (role(), "integrate.role-lacks"),
        (role(statement("Allow", "s3:GetObject", Resource="*")), "integrate.role-lacks"),
        (role(statement("Allow", "lambda:InvokeFunction", Resource=f"{ARN}2")),
         "integrate.role-lacks"),
        (role(INVOKE, statement("Deny", "lambda:*", Resource="*")), "integrate.role-denied"),
        (role(INVOKE, service="lambda.amazonaws.com"), "integrate.role-not-trusting"),
        (role(ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWSLambdaRole"]), None),
        (role(ManagedPolicyArns=[
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
         "integrate.role-lacks"),
    ],
)  # fmt: skip
def test_a_role_needs_trust_and_the_right(declared: dict[str, Any], code: str | None) -> None:
    """Captures-2026, section 6: with a role the function's own policy is not asked."""
    elsewhere = permission(Principal="events.amazonaws.com")
    result = gateway(credentials=ROLE, Role=declared, Elsewhere=elsewhere).get("/7")
    assert code_of(result) == code


def test_a_policy_that_stands_by_itself() -> None:
    attached = {"Type": "AWS::IAM::Policy", "Properties": {
        "PolicyName": "p", "PolicyDocument": INVOKE, "Roles": [{"Ref": "Role"}]}}  # fmt: skip
    assert code_of(gateway(credentials=ROLE, Role=role(), Attached=attached).get("/7")) is None


def test_a_role_of_which_nothing_is_known_is_taken_as_good() -> None:
    arn = "arn:aws:iam::123456789012:role/made-elsewhere"
    assert code_of(gateway(credentials=arn, Role=role()).get("/7")) is None


API = "arn:aws:execute-api:us-east-1:123456789012:api1"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({}, None),
        ({"SourceArn": f"{API}/*"}, None),
        ({"SourceArn": f"{API}/*/GET/*"}, None),
        ({"SourceArn": f"{API}/dev/GET/{{id}}"}, None),
        ({"SourceArn": f"{API}/dev/GET/7"}, None),
        ({"SourceArn": f"{API}/prod/*"}, "integrate.permission-elsewhere"),
        ({"SourceArn": f"{API}/*/POST/*"}, "integrate.permission-elsewhere"),
        ({"SourceArn": "arn:aws:execute-api:us-east-1:123456789012:other/*"},
         "integrate.permission-elsewhere"),
        ({"SourceAccount": "999999999999"}, "integrate.permission-elsewhere"),
        ({"Principal": "events.amazonaws.com"}, "integrate.no-permission"),
        ({"Action": "lambda:GetFunction"}, "integrate.no-permission"),
        ({"Action": "lambda:*"}, None),
    ],
)  # fmt: skip
def test_without_a_role_the_functions_policy_counts(
    properties: dict[str, str], code: str | None
) -> None:
    result = gateway(P=permission(**properties)).get("/7")
    assert code_of(result) == code


def test_what_is_told_is_the_arn_to_permit() -> None:
    result = gateway(P=permission(SourceArn=f"{API}/prod/*")).get("/7")
    step = next(step for step in result.answer.trace if step.stage == "integrate")
    assert describe(step) == (
        f"The policy of function fn permits calls from {API}/prod/*, and this one comes from "
        f"{API}/dev/GET/{{id}}."
    )
    assert f"SourceArn {API}/dev/GET/{{id}}" in str(remedy(step))
    assert step.source is not None
    assert step.source.pointer == "/Resources/P"


def test_a_function_of_which_nothing_is_said_is_taken_as_good() -> None:
    assert code_of(gateway().get("/7")) is None


def test_a_qualified_call_needs_a_qualified_permission() -> None:
    live = URI.replace(":fn/", ":fn:live/")
    assert code_of(gateway(uri=live, P=permission()).get("/7")) == "integrate.permission-elsewhere"
    qualified = permission(FunctionName=f"{ARN}:live")
    assert code_of(gateway(uri=live, P=qualified).get("/7")) is None


@pytest.mark.parametrize("of_session", [False, True])
@pytest.mark.parametrize(("effect", "status"), [("Deny", 500), ("Allow", 200)])
def test_the_callers_own_rights(effect: str, status: int, of_session: bool) -> None:
    """Captures-2026, section 6: lambda-deny-sentinel. A session's policies count as well."""
    documents = (
        statement("Allow", "execute-api:*", Resource="*"),
        statement(effect, "lambda:InvokeFunction", Resource="*"),
    )
    texts = tuple(map(json.dumps, documents))
    identity = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012",
                        policies=texts[:1] if of_session else texts,
                        session_policies=texts if of_session else ())  # fmt: skip
    served = gateway([Key(identity, "secret")], credentials="arn:aws:iam::*:user/*", kind="AWS_IAM")
    now = int(datetime.now(UTC).timestamp() * 1000)
    served.environment = replace(ENVIRONMENT, time_ms=now)
    aws = AWSRequest("GET", f"https://{served.api.host}/dev/7")
    SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1").add_auth(aws)
    headers = {name: str(value) for name, value in aws.headers.items()}
    assert served.get("/7", headers=headers).status == status


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (f"{API}/authorizers/*", "authorize.function-error"),
        (f"{API}/*/GET/*", "authorize.permission-elsewhere"),
    ],
)
def test_an_authorizers_function_has_to_permit_too(source: str, code: str) -> None:
    authorizer = {"Type": "AWS::ApiGateway::Authorizer", "Properties": {
        "RestApiId": {"Ref": "Api"}, "Name": "guard", "Type": "TOKEN", "AuthorizerUri": URI,
        "IdentitySource": "method.request.header.Authorization"}}  # fmt: skip
    guarded = gateway(kind="CUSTOM", Guard=authorizer, P=permission(SourceArn=source))

    def fail(_event: Any) -> object:
        raise RuntimeError("called")

    guarded.function = fail
    result = guarded.get("/7", headers={"Authorization": "x"})
    assert (result.status, result.text) == (500, '{"message":null}')
    assert [step.code for step in result.answer.trace if step.stage == "authorize"] == [code]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"P": permission(SourceArn=f"{API}/prod/*")}, "/Resources/P/Properties/SourceArn"),
        ({"P": permission(Principal="s3.amazonaws.com")}, "/Resources/P/Properties/Principal"),
        ({"P": permission(Action="lambda:Get*")}, "/Resources/P/Properties/Action"),
        ({"credentials": ROLE, "Role": role(INVOKE, service="ec2.amazonaws.com")},
         "/Resources/Role/Properties/AssumeRolePolicyDocument"),
        ({"credentials": ROLE, "Role": role()}, "/Resources/Role/Properties/Policies"),
    ],
)  # fmt: skip
def test_the_line_that_should_have_let_it_in_is_named(more: dict[str, Any], pointer: str) -> None:
    template, result = document(**more), gateway(**more).get("/7")
    bundle = Bundle({"definition.json": json.dumps(template, indent=1)}, Options(api_id="api1"))
    found = explain(Case(result.request, result.environment, result.answer,
                         read(bundle).definition, Places.of(bundle)))  # fmt: skip
    assert found.source is not None
    assert found.source.pointer == pointer


@pytest.mark.parametrize(("policies", "status"), [((INVOKE,), 200), ((), 500)])
def test_a_stage_variable_may_name_the_role_of_an_http_api(
    policies: tuple[dict[str, Any], ...], status: int
) -> None:
    """Developer guide, "AWS integration credentials"."""
    api = {"Ref": "Http"}
    found = document(Role=role(*policies, RoleName="caller"))
    for name in ("Api", "Pets", "Get", "Deployed", "Stage"):
        del found["Resources"][name]
    found["Resources"] |= {
        "Http": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "h", "ProtocolType": "HTTP"}},
        "I": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": URI,
            "PayloadFormatVersion": "2.0",
            "CredentialsArn": "arn:aws:iam::123456789012:${stageVariables.role}"}},
        "R": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
            "ApiId": api, "RouteKey": "GET /a", "Target": {"Fn::Sub": "integrations/${I}"}}},
        "S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {
            "ApiId": api, "StageName": "$default", "AutoDeploy": True,
            "StageVariables": {"role": "role/caller"}}},
    }  # fmt: skip
    assert Gateway(found).get("/a").status == status

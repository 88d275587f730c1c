"""Cases of kind `authorizer` about who may invoke an integration's function, as a template says it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.identity import Identity
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway
from tests.facts.answered import answer_checks
from tests.facts.compare import checks, differs
from tests.facts.shortfall import Shortfall, unknown

GIVEN = {"credentials", "functionPolicy", "authorizationType", "callerLambdaDeny"}
_NOT_TAKEN = ("caller-credentials", "credentials")
_ACCOUNT = "123456789012"
_ARN = f"arn:aws:lambda:us-east-1:{_ACCOUNT}:function:fn"
_URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{_ARN}/invocations"
_CALLER = "arn:aws:iam::*:user/*"


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Call the method, signed where the case says so."""
    given, request, expect = case["given"], case["request"], case["expect"]
    yield from (unknown(key) for key in given.keys() - GIVEN)
    gateway = Gateway(_template(given), api_id="api1", account=_ACCOUNT, keys=[_key(given)])
    headers: dict[str, str] = {}
    if request.get("signed"):
        now = int(datetime.now(UTC).timestamp() * 1000)
        gateway.environment = replace(ENVIRONMENT, time_ms=now)
        aws = AWSRequest("GET", f"https://{gateway.api.host}/dev/x")
        SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1").add_auth(aws)
        headers = {name: str(value) for name, value in aws.headers.items()}
    result = gateway.get("/x", headers=headers)
    # Amazon takes no such credentials; here they are noted, and the rest is served all the same.
    taken = all(each.code not in _NOT_TAKEN for each in gateway.diagnostics)
    yield from checks(
        expect,
        {
            **answer_checks(result.response),
            "configAccepted": lambda wanted: differs("configAccepted", wanted, taken),
            "integrationInvoked": lambda wanted: differs(
                "integrationInvoked", wanted, bool(result.invocations)
            ),
        },
    )


def _key(given: Mapping[str, Any]) -> Key:
    documents = [_statement("Allow", "execute-api:*", Resource="*")]
    if given.get("callerLambdaDeny"):
        documents.append(_statement("Deny", "lambda:InvokeFunction", Resource="*"))
    identity = Identity("AKIDEXAMPLE", f"arn:aws:iam::{_ACCOUNT}:user/ann", _ACCOUNT,
                        policies=tuple(map(json.dumps, documents)))  # fmt: skip
    return Key(identity, "secret")


def _template(given: Mapping[str, Any]) -> dict[str, Any]:
    said = str(given["credentials"])
    integration: dict[str, Any] = {
        "Type": "AWS_PROXY",
        "IntegrationHttpMethod": "POST",
        "Uri": _URI,
    }
    if said == _CALLER:
        integration["Credentials"] = _CALLER
    elif "does not exist" in said:
        integration["Credentials"] = f"arn:aws:iam::{_ACCOUNT}:role/absent"
    elif "no credentials" not in said:
        integration["Credentials"] = {"Fn::GetAtt": ["Role", "Arn"]}
    permitted = given.get("functionPolicy", False) and "no function policy" not in said
    principal = "apigateway.amazonaws.com" if permitted else "events.amazonaws.com"
    return {"Resources": {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "granted"}},
        "X": {"Type": "AWS::ApiGateway::Resource", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
            "PathPart": "x"}},
        "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": "X"}, "HttpMethod": "GET",
            "AuthorizationType": given.get("authorizationType", "NONE"),
            "Integration": integration}},
        "Deployed": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": ["Get"],
                     "Properties": {"RestApiId": {"Ref": "Api"}}},
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {
            "RestApiId": {"Ref": "Api"}, "StageName": "dev", "DeploymentId": {"Ref": "Deployed"}}},
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "fn", "Runtime": "python3.11", "Handler": "index.handler",
            "Role": f"arn:aws:iam::{_ACCOUNT}:role/fn", "Code": {"ZipFile": "x"}}},
        "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "Fn"}, "Action": "lambda:InvokeFunction",
            "Principal": principal}},
        "Role": role(said),
    }}  # fmt: skip


def role(said: str, account: str = _ACCOUNT) -> dict[str, Any]:
    """The role that a case describes: whom it trusts, and whether it may invoke."""
    service = "lambda" if "trusts another" in said or "wrong trust" in said else "apigateway"
    documents = []
    if "lacks" not in said and "missing permission" not in said:
        arn = f"arn:aws:lambda:us-east-1:{account}:function:*"
        documents.append(_statement("Allow", "lambda:InvokeFunction", Resource=arn))
    if "deny" in said or "denies" in said or "denied" in said:
        documents.append(_statement("Deny", "lambda:InvokeFunction", Resource="*"))
    return {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": _statement(
            "Allow", "sts:AssumeRole", Principal={"Service": f"{service}.amazonaws.com"}),
        "Policies": [{"PolicyName": f"p{at}", "PolicyDocument": each}
                     for at, each in enumerate(documents)],
    }}  # fmt: skip


def _statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, **more}]}

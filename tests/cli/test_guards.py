"""Guards that cannot do their work here are told, and with --strict nothing starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.cli import guards
from inspector.cli.exit import CommandError
from inspector.cli.guards import Known, unguarded
from inspector.definitions import Bundle, Options, read
from inspector.definitions.diagnostics import ACCESS_NOT_ENFORCED
from inspector.runtime.issuer_places import IssuerPlaces
from tests.cli.gateway import running
from tests.gateway.websocket import apis

FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)


def template(**resources: Any) -> dict[str, Any]:
    made = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api",
                "Properties": {"Name": "guarded", "ProtocolType": "HTTP"}},
        "I": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": {"Ref": "Api"}, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET",
            "IntegrationUri": "http://127.0.0.1:1/", "PayloadFormatVersion": "1.0"}},
        "S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {
            "ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True}},
        **resources,
    }  # fmt: skip
    return {"Resources": made}


def route(kind: str, authorizer: str | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "ApiId": {"Ref": "Api"}, "RouteKey": "GET /a", "AuthorizationType": kind,
        "Target": {"Fn::Sub": "integrations/${I}"},
    }  # fmt: skip
    if authorizer is not None:
        properties["AuthorizerId"] = {"Ref": authorizer}
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}


def jwt(issuer: str, *audience: str) -> dict[str, Any]:
    return {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
        "ApiId": {"Ref": "Api"}, "Name": "tokens", "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": issuer, "Audience": list(audience)}}}  # fmt: skip


def function(name: str) -> dict[str, Any]:
    return {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
        "ApiId": {"Ref": "Api"}, "Name": "fn", "AuthorizerType": "REQUEST",
        "AuthorizerUri": FUNCTION.format(name), "AuthorizerPayloadFormatVersion": "2.0",
        "IdentitySource": ["$request.header.Authorization"]}}  # fmt: skip


def found(
    document: dict[str, Any], *, functions: tuple[str, ...] = (), keys: int = 0,
    issuers: dict[str, str] | None = None,
) -> list[str]:  # fmt: skip
    loaded = read(Bundle({"api.json": json.dumps(document, indent=1)}, Options()))
    assert not loaded.broken
    known = Known(lambda name: name in functions, keys, IssuerPlaces(issuers))
    told = unguarded(loaded, known)
    assert {each.code for each in told} <= {ACCESS_NOT_ENFORCED}
    assert all(each.source.line > 1 for each in told)
    return [each.message for each in told]


def test_signatures_without_a_key() -> None:
    document = template(R=route("AWS_IAM"))
    [message] = found(document)
    assert "no access key is known" in message
    assert found(document, keys=1) == []


def test_a_function_without_code() -> None:
    document = template(A=function("guard"), R=route("CUSTOM", "A"))
    [message] = found(document)
    assert message.startswith("authorizer fn: no code is known for its function guard")
    assert found(document, functions=("guard",)) == []
    assert found(template(A=function("guard"), R=route("NONE"))) == []


def test_issuers_that_let_nobody_in() -> None:
    good = template(A=jwt("https://x.example", "a"), R=route("JWT", "A"))
    assert found(good) == []
    plain = template(A=jwt("http://127.0.0.1:9", "a"), R=route("JWT", "A"))
    assert "over https only" in found(plain)[0]
    assert found(plain, issuers={"http://127.0.0.1:9": "http://127.0.0.1:9"}) == []
    assert "names no audience" in found(document(audience=[]))[0]


def document(**settings: Any) -> dict[str, Any]:
    """A template would be refused for what an import may leave as it is."""
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": {
        "type": "jwt", "identitySource": settings.pop("source", "$request.header.Authorization"),
        "jwtConfiguration": {"issuer": "https://x.example", "audience": ["a"], **settings}}}  # fmt: skip
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:1/",
                   "payloadFormatVersion": "1.0"}  # fmt: skip
    operation = {"security": [{"tokens": []}], "x-amazon-apigateway-integration": integration}
    return {"openapi": "3.0.1", "info": {"title": "guarded", "version": "1"},
            "paths": {"/a": {"get": operation}},
            "components": {"securitySchemes": {"tokens": scheme}}}  # fmt: skip


def test_an_identity_source_that_is_none() -> None:
    [message] = found(document(source="method.request.header.Authorization"))
    assert "identity source 'method.request.header.Authorization' is none" in message


def test_a_web_acl_is_told() -> None:
    document = {"Resources": {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {
            "openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {
                "responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}}}}}},
        "W": {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": {
            "WebACLArn": "arn:x",
            "ResourceArn": {"Fn::Sub": "arn:aws:apigateway:us-east-1::/restapis/${Api}/stages/dev"}}},
    }}  # fmt: skip
    assert found(document) == ["W: the web ACL is not evaluated, every caller passes it"]
    strict = read(Bundle({"api.json": json.dumps(document)}, Options(strict=True)))
    assert strict.broken


@pytest.mark.slow
def test_strict_refuses(inspector: Any, tmp_path: Path) -> None:
    document = template(A=function("guard"), R=route("CUSTOM", "A"))
    (tmp_path / "api.json").write_text(json.dumps(document), "utf-8")
    lax = inspector("invoke", "api.json", "GET", "/a", "-H", "Authorization: x")
    assert lax.returncode == 1
    assert "no code is known for its function guard" in lax.stderr
    strict = inspector("invoke", "api.json", "GET", "/a", "--strict")
    assert strict.returncode == 3
    with pytest.raises(CommandError):
        guards.refuse(unguarded(read(Bundle({"a.json": json.dumps(document)}, Options())),
                                Known(lambda _: False, 0, IssuerPlaces())), strict=True)  # fmt: skip


@pytest.mark.slow
def test_up_says_it_as_long_as_it_runs_and_strict_does_not_start(
    inspector: Any, tmp_path: Path
) -> None:
    document = template(A=function("guard"), R=route("CUSTOM", "A"))
    (tmp_path / "api.json").write_text(json.dumps(document), "utf-8")
    refused = inspector("up", "api.json", "--headless", "--strict", "--listen", "127.0.0.1:0")
    assert refused.returncode == 3
    assert "Not guarded as at Amazon" in refused.stderr
    with running(tmp_path, "api.json") as up:
        up.wait_told("no code is known for its function guard")
        assert up.client.get("/a").status_code == 401
        assert up.client.get("/a", headers={"Authorization": "x"}).status_code == 500
        (tmp_path / "api.json").write_text(json.dumps(template(R=route("NONE"))), "utf-8")
        up.wait_told("All that guards these APIs works here")


def test_the_sources_of_a_websocket_api_are_its_own():
    """They begin with `route.request.`; those of an HTTP API are refused on reading."""
    parts = apis.guarded(IdentitySource=["route.request.header.X", "stageVariables.v"])
    document = apis.template({"$connect": parts["connect"]}, Guard=parts["Guard"])
    assert found(document, functions=("guard",)) == []
    assert "no code is known for its function guard" in found(document)[0]

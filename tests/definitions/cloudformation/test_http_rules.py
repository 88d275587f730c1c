"""What Amazon refuses in the parts of an HTTP API's template, in its words, at the property."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Diagnostic, Loaded, Options, read
from inspector.model import HttpApi

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
INVOKE = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
LOG = {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g",
       "Format": "$context.requestId"}  # fmt: skip


def template(
    *, api: Any = None, route: Any = None, stage: Any = None, authorizer: Any = None, **more: Any
) -> dict[str, Any]:
    """A good template; each keyword changes properties of one resource (None takes one away)."""
    ref = {"Ref": "Api"}
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "Api": ("Api", {"Name": "n", "ProtocolType": "HTTP", **(api or {})}),
        "Integration": ("Integration", {
            "ApiId": ref, "IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION,
            "PayloadFormatVersion": "2.0", **more.pop("integration", {})}),
        "Route": ("Route", {"ApiId": ref, "RouteKey": "GET /a",
                            "Target": {"Fn::Sub": "integrations/${Integration}"}, **(route or {})}),
        "Stage": ("Stage", {"ApiId": ref, "StageName": "$default", "AutoDeploy": True,
                            **(stage or {})}),
    }  # fmt: skip
    if authorizer is not None:
        parts["Authorizer"] = ("Authorizer", {"ApiId": ref, "Name": "a", **authorizer})
    for name, properties in more.items():
        parts[name] = (name, {"ApiId": ref, **properties})
    return {"Resources": {
        name: {"Type": f"AWS::ApiGatewayV2::{kind}",
               "Properties": {key: value for key, value in properties.items() if value is not None}}
        for name, (kind, properties) in parts.items()
    }}  # fmt: skip


def load(document: dict[str, Any], **options: Any) -> Loaded:
    return read(Bundle({"t.json": json.dumps(document, indent=1)}, Options(**options)))


def errors(loaded: Loaded) -> list[Diagnostic]:
    return [each for each in loaded.diagnostics if each.level == "error"]


FUNCTION_GUARD = {"AuthorizerType": "REQUEST", "AuthorizerUri": INVOKE,
                  "AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": True,
                  "IdentitySource": ["$request.header.Authorization"]}  # fmt: skip
TOKENS = {"AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"],
          "JwtConfiguration": {"Issuer": "https://i.example", "Audience": ["a"]}}  # fmt: skip
GUARDED = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Authorizer"}}
WITH_JWT = {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "Authorizer"}}


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"route": GUARDED, "authorizer": FUNCTION_GUARD},
        {"route": {**WITH_JWT, "AuthorizationScopes": ["s"]}, "authorizer": TOKENS},
        {"stage": {"AccessLogSettings": LOG, "StageVariables": {"v_1": "a-b.c_d~e:/f?g#h&i=j,"},
                   "RouteSettings": {"GET /a": {"ThrottlingBurstLimit": 1}},
                   "DefaultRouteSettings": {"DataTraceEnabled": False}}},
        {"api": {"CorsConfiguration": {"AllowOrigins": ["*"], "MaxAge": -1},
                 "RouteSelectionExpression": "${request.method} ${request.path}"}},
        {"stage": {"StageName": "a-b_C1"}},
    ],
)  # fmt: skip
def test_what_is_accepted(good: dict[str, Any]) -> None:
    assert errors(load(template(**good))) == []


@pytest.mark.parametrize(
    ("change", "sentence", "line"),
    [
        ({"integration": {"PayloadFormatVersion": None}},
         "PayloadFormatVersion is a required parameter for integration", '"Integration": {'),
        ({"route": {"ApiKeyRequired": True}},
         "ApiKeyRequired is not currently supported for HTTP APIs.", "ApiKeyRequired"),
        ({"route": {"AuthorizationScopes": ["s"]}},
         "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type",
         "AuthorizationScopes"),
        ({"authorizer": TOKENS, "route": {
            **WITH_JWT, "AuthorizationScopes": ["s"], "AuthorizationType": "AWS_IAM"}},
         "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type",
         "AuthorizationType"),
        ({"route": {"AuthorizationType": "JWT"}},
         "Setting the authorization type to JWT requires a valid JWT authorizer.",
         "AuthorizationType"),
        ({"route": WITH_JWT, "authorizer": FUNCTION_GUARD},
         "Setting the authorization type to JWT requires a valid JWT authorizer.",
         "AuthorizerId"),
        ({"authorizer": {**FUNCTION_GUARD, "AuthorizerPayloadFormatVersion": None,
                         "EnableSimpleResponses": None}},
         "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
         '"Authorizer": {'),
        ({"authorizer": {**FUNCTION_GUARD, "AuthorizerPayloadFormatVersion": "1.0"}},
         'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".',
         "AuthorizerPayloadFormatVersion"),
        ({"authorizer": {**FUNCTION_GUARD, "AuthorizerResultTtlInSeconds": 3601}},
         "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.",
         "AuthorizerResultTtlInSeconds"),
        ({"authorizer": {**FUNCTION_GUARD, "AuthorizerResultTtlInSeconds": 1,
                         "IdentitySource": []}},
         "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
         "AuthorizerResultTtlInSeconds"),
        ({"authorizer": {**FUNCTION_GUARD, "IdentitySource": ["route.request.header.a"]}},
         "Invalid identity source expression: route.request.header.a. The source must be a request "
         "header, request querystring, stage variable or context parameter", "route.request"),
        ({"authorizer": {**TOKENS, "JwtConfiguration": {"Issuer": "https://i.example"}}},
         "Authorizer: a JWT authorizer has to name an audience", "JwtConfiguration"),
        ({"stage": {"StageName": "a.b"}}, "Stage name only allows a-zA-Z0-9_", "StageName"),
        ({"stage": {"StageVariables": {"a-b": "c"}}},
         "Invalid stage variable name: a-b. Please use names with only word characters.", "a-b"),
        ({"stage": {"StageVariables": {"a": "b c"}}},
         "Invalid stage variable value of key a.", "b c"),
        ({"stage": {"RouteSettings": {"GET /b": {"ThrottlingBurstLimit": 1}}}},
         "Unable to find Route by key GET /b within the provided RouteSettings", "GET /b"),
        ({"stage": {"DefaultRouteSettings": {"LoggingLevel": "OFF"}}},
         "Execution logs are not supported on protocolType HTTP", "LoggingLevel"),
        ({"stage": {"RouteSettings": {"GET /a": {"DataTraceEnabled": True}}}},
         "Execution logs are not supported on protocolType HTTP", "DataTraceEnabled"),
        ({"stage": {"AccessLogSettings": {"Format": "$context.requestId"}}},
         "Access Log value missing. Expected destinationArn and format.", "AccessLogSettings"),
        ({"stage": {"AccessLogSettings": {**LOG, "DestinationArn":
                    "arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-x"}}},
         "the access log of such an API goes to a log group of CloudWatch Logs only",
         "DestinationArn"),
        ({"api": {"Name": None}}, "Invalid API name specified", '"Api": {'),
        ({"api": {"RouteSelectionExpression": "$request.body.action"}},
         'Route selection expression is currently limited to "${request.method} ${request.path}"',
         "RouteSelectionExpression"),
        ({"api": {"CorsConfiguration": {"AllowOrigins": ["*"], "AllowCredentials": True}}},
         "allow-credentials is not supported if 'allow-origin' is *", "CorsConfiguration"),
        ({"RouteResponse": {"RouteId": {"Ref": "Route"}, "RouteResponseKey": "$default"}},
         "RouteResponses are currently not supported for this API protocol type.",
         '"RouteResponse": {'),
        ({"IntegrationResponse": {"IntegrationId": {"Ref": "Integration"},
                                  "IntegrationResponseKey": "/200/"}},
         "IntegrationResponses are currently not supported for this API protocol type.",
         '"IntegrationResponse": {'),
        ({"Model": {"Name": "m", "Schema": {}}},
         "Currently, Models are not permitted for APIs with a protocol type of HTTP",
         '"Model": {'),
    ],
)  # fmt: skip
def test_what_is_refused(change: dict[str, Any], sentence: str, line: str) -> None:
    loaded = load(template(**change))
    [wrong] = errors(loaded)
    assert wrong.message == sentence
    assert wrong.remedy
    found = loaded.bundle.files["t.json"].splitlines()[wrong.source.line - 1]
    assert (
        line in found or line in loaded.bundle.files["t.json"].splitlines()[wrong.source.line - 2]
    )


def test_quotas_that_can_be_raised_are_warnings() -> None:
    document = template()
    for number in range(300):
        document["Resources"][f"Route{number}"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": f"GET /{number}",
                           "Target": {"Fn::Sub": "integrations/${Integration}"}},
        }  # fmt: skip
    loaded = load(document)
    assert not loaded.broken
    assert "Routes per API: 301, and the quota of an account is 300" in [
        each.message for each in loaded.diagnostics
    ]


def test_quotas_that_cannot_are_errors() -> None:
    scopes = {**WITH_JWT, "AuthorizationScopes": [f"s{number}" for number in range(11)]}
    [wrong] = errors(load(template(route=scopes, authorizer=TOKENS)))
    assert wrong.message == "Scopes per route: 11, and Amazon takes 10"


def body(**more: Any) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": FUNCTION,
                   "payloadFormatVersion": "2.0"}  # fmt: skip
    return {"openapi": "3.0.1", "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://a.example/v1/x"}],
            "paths": {"/a": {"get": {"x-amazon-apigateway-integration": integration}}},
            **more}  # fmt: skip


@pytest.mark.parametrize(
    ("how", "key"),
    [(None, "GET /a"), ("ignore", "GET /a"), ("prepend", "GET /v1/x/a"), ("split", "GET /x/a")],
)
def test_the_base_path_is_treated_as_the_api_says(how: str | None, key: str) -> None:
    properties = {"Body": body(), **({} if how is None else {"BasePath": how})}
    loaded = load({"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api",
                                         "Properties": properties}}})  # fmt: skip
    [api] = loaded.apis
    assert isinstance(api, HttpApi)
    assert list(api.routes) == [key]


@pytest.mark.parametrize("fail", [True, False, None])
def test_warnings_fail_the_import_where_the_api_says_so(fail: bool | None) -> None:
    document = body()
    document["paths"]["$default"] = {
        "x-amazon-apigateway-any-method": document["paths"]["/a"]["get"]
    }
    properties = {"Body": document, **({} if fail is None else {"FailOnWarnings": fail})}
    loaded = load({"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api",
                                         "Properties": properties}}})  # fmt: skip
    found = [each.message for each in errors(loaded)]
    sentence = "Parse issue: attribute paths. Resource $default should start with /"
    assert found == ([f"Warnings found during import: {sentence}"] if fail else [])


def test_what_is_only_ours_to_warn_of_fails_no_import() -> None:
    document = body(**{"x-amazon-apigateway-gateway-responses": {}})
    operation = document["paths"]["/a"]["get"]
    operation["x-amazon-apigateway-integration"]["connectionId"] = "not-looked-at"
    properties = {"Body": document, "FailOnWarnings": True}
    loaded = load({"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api",
                                         "Properties": properties}}})  # fmt: skip
    assert any(each.level == "warning" for each in loaded.diagnostics)
    assert errors(loaded) == []


def with_domain(domain: dict[str, Any], mapping: dict[str, Any]) -> dict[str, Any]:
    document = template()
    document["Resources"] |= {
        "Domain": {"Type": "AWS::ApiGatewayV2::DomainName",
                   "Properties": {"DomainName": "api.example.com", **domain}},
        "Mapping": {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": {
            "DomainName": {"Ref": "Domain"}, "ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"},
            **mapping}},
    }  # fmt: skip
    return document


@pytest.mark.parametrize(
    ("domain", "mapping", "sentence"),
    [
        ({}, {"ApiMappingKey": "v1/$-_.+!*'()"}, None),
        ({"DomainName": "*.example.com"}, {}, None),
        ({"DomainNameConfigurations": [{"EndpointType": "EDGE"}]}, {},
         "EDGE endpoint type is not supported for APIGatewayV2 domainName"),
        ({"DomainName": "Api.example.com"}, {}, "a custom domain cannot be called 'Api.example.com'"),
        ({}, {"ApiMappingKey": "v1/{id}"},
         "API mappings must contain only letters, numbers and the characters $-_.+!*'()/"),
        ({}, {"ApiMappingKey": "v" * 301}, "the path in an API mapping has 301 characters"),
        ({}, {"Stage": "prod"}, "Invalid stage identifier specified: prod"),
    ],
)  # fmt: skip
def test_domains_and_their_mappings(
    domain: dict[str, Any], mapping: dict[str, Any], sentence: str | None
) -> None:
    found = [each.message for each in errors(load(with_domain(domain, mapping)))]
    assert found == ([] if sentence is None else [sentence])


@pytest.mark.parametrize(
    ("depends", "told"),
    [(None, True), ("Route", False), (["Integration", "Route"], False), ("Integration", True)],
)
def test_a_deployment_has_to_wait_for_routes(depends: Any, told: bool) -> None:
    document = template(stage={"AutoDeploy": None, "DeploymentId": {"Ref": "Deployment"}},
                        Deployment={})  # fmt: skip
    if depends is not None:
        document["Resources"]["Deployment"]["DependsOn"] = depends
    found = [each for each in load(document).diagnostics if each.code == "depends-on"]
    assert bool(found) is told
    assert all("At least one route is required before deploying the Api." in each.message
               for each in found)  # fmt: skip


def test_a_stage_has_a_name_and_a_deployment_of_its_own() -> None:
    document = template(stage={"DeploymentId": "abc123", "AutoDeploy": None})
    document["Resources"]["Twin"] = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
    }
    assert [each.message for each in errors(load(document))] == [
        "Deployment id abc123 does not exist in this template", "Stage already exists",
    ]  # fmt: skip


def test_a_route_stands_in_the_body_or_beside_it() -> None:
    document = template(api={"Name": None, "ProtocolType": None, "Body": body()})
    [wrong] = errors(load(document))
    assert wrong.message == "Route with key GET /a already exists for this API"

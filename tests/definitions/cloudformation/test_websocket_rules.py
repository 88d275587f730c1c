"""What Amazon refuses in a WebSocket API's template, in its words, at the property."""

from __future__ import annotations

from typing import Any

import pytest

from tests.definitions.cloudformation.socket_template import (
    FUNCTION,
    INVOKE,
    TWO_WAY,
    found,
    line_of,
    load,
    template,
)

GUARD = {"Name": "a", "AuthorizerType": "REQUEST", "AuthorizerUri": INVOKE,
         "IdentitySource": ["route.request.header.Authorization"]}  # fmt: skip
GUARDED = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Authorizer"}}
HTTP = {
    "IntegrationType": "HTTP",
    "IntegrationUri": "https://a.example/",
    "IntegrationMethod": "POST",
}
SOURCES = (
    "The sources must be separated by comma, and each source must be either a request parameter, "
    "matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
    "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'"
)  # fmt: skip
LOG = {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g",
       "Format": "$context.requestId"}  # fmt: skip


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"Connect": GUARDED, "Authorizer": GUARD},
        {"Connect": GUARDED, "Authorizer": {**GUARD, "IdentitySource": [
            "route.request.header.Auth, route.request.querystring.Name", "stageVariables.a",
            "context.stage"]}},
        {"Authorizer": {**GUARD, "IdentitySource": []}},
        {"Authorizer": {**GUARD, "IdentitySource": [""], "AuthorizerPayloadFormatVersion": ""}},
        {"Connect": {"AuthorizationType": "AWS_IAM"}},
        {"Connect": {"ApiKeyRequired": True}},
        {"Api": {"ApiKeySelectionExpression": "$context.authorizer.usageIdentifierKey"}},
        {"Api": {"RouteSelectionExpression": "${request.body.a}/${request.body.b}"}},
        {"Send": {**TWO_WAY, "AuthorizationType": "NONE"},
         "RouteResponse": {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "$default"}},
        {"Integration": {"PayloadFormatVersion": "1.0", "TimeoutInMillis": 50}},
        {"Stage": {"DefaultRouteSettings": {"LoggingLevel": "INFO", "DataTraceEnabled": True},
                   "RouteSettings": {"$connect": {"ThrottlingBurstLimit": 1}},
                   "AccessLogSettings": LOG}},
        {"Integration": {**HTTP, "RequestParameters": {
            "integration.request.header.x": "context.connectionId",
            "integration.request.querystring.y": "route.request.body.a.b",
            "integration.request.path.z": "'literal'"}}},
        {"Send": {"RequestModels": {"send": "Message"}, "ModelSelectionExpression": "send"},
         "MessageModel": {"Name": "Message", "Schema": {"type": "object"}}},
        {"IntegrationResponse": {"IntegrationId": {"Ref": "Integration"},
                                 "IntegrationResponseKey": "/2\\d\\d/"},
         "Integration": HTTP},
    ],
)  # fmt: skip
def test_what_is_accepted(good: dict[str, Any]) -> None:
    assert found(load(template(**good)), "error") == []


@pytest.mark.parametrize(
    ("change", "sentence", "line"),
    [
        ({"Api": {"RouteSelectionExpression": None}}, "Invalid routeSelectionExpression", '"Api"'),
        ({"Api": {"Name": None}}, "Invalid API name specified", '"Api"'),
        ({"Api": {"CorsConfiguration": {"AllowOrigins": ["*"]}}},
         "Cors is not supported for WEBSOCKET protocolType", "CorsConfiguration"),
        ({"Api": {"Target": FUNCTION}}, "Target is for HTTP APIs only", "Target"),
        ({"Api": {"Body": {"openapi": "3.0.1"}}}, "Body is for HTTP APIs only", "Body"),
        ({"Api": {"ApiKeySelectionExpression": "$request.header.x-key"}},
         "ApiKeySelectionExpression '$request.header.x-key' is none that Amazon takes",
         "ApiKeySelectionExpression"),
        ({"Authorizer": {**GUARD, "AuthorizerResultTtlInSeconds": 0}},
         "AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis.",
         "AuthorizerResultTtlInSeconds"),
        ({"Authorizer": {**GUARD, "AuthorizerResultTtlInSeconds": -1}},
         "AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis.",
         "AuthorizerResultTtlInSeconds"),
        ({"Authorizer": {**GUARD, "EnableSimpleResponses": False}},
         "EnableSimpleResponses cannot be set for WEBSOCKET protocol Apis.", "EnableSimple"),
        ({"Authorizer": {**GUARD, "AuthorizerPayloadFormatVersion": "2.0"}},
         "AuthorizerPayloadFormatVersion cannot be set for WEBSOCKET protocol Apis.",
         "AuthorizerPayloadFormatVersion"),
        ({"Authorizer": {**GUARD, "AuthorizerType": "JWT"}},
         "Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.", "JWT"),
        ({"Authorizer": {**GUARD, "IdentitySource": ["$request.header.a"]}},
         f"Invalid request identity source expression: $request.header.a. {SOURCES}",
         "$request.header.a"),
        ({"Authorizer": {**GUARD, "IdentitySource": ["route.request.header.a", "x y"]}},
         f"Invalid request identity source expression: x y. {SOURCES}", "x y"),
        ({"Authorizer": {**GUARD, "AuthorizerUri": None}},
         "Authorizer: an authorizer of type REQUEST needs AuthorizerUri", "AuthorizerType"),
        ({"Send": {"AuthorizationType": "AWS_IAM"}},
         "Currently, authorization is restricted to the $connect route only",
         "AuthorizationType"),
        ({"Send": GUARDED, "Authorizer": GUARD},
         "Currently, authorization is restricted to the $connect route only",
         "AuthorizationType"),
        ({"Connect": {"AuthorizationType": "CUSTOM"}},
         "Setting the authorization type to CUSTOM requires a valid REQUEST authorizer.",
         "AuthorizationType"),
        ({"Connect": {"AuthorizationType": "JWT"}},
         "Setting the authorization type to JWT requires a valid JWT authorizer.",
         "AuthorizationType"),
        ({"Send": {"RouteKey": "$send"}}, "The provided route key is not formatted properly",
         "RouteKey"),
        ({"Send": {"RouteKey": "$default"}}, "Route with key $default already exists for this API",
         "RouteKey"),
        ({"Send": {"Target": "Integration"}},
         "Unexpected or malformed target in route. Correct format should be "
         "integrations/<integration_id>.", "Target"),
        ({"Send": {"RouteResponseSelectionExpression": "$request.body.x"},
          "RouteResponse": {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "$default"}},
         "RouteResponseSelectionExpression is $default, not '$request.body.x'",
         "RouteResponseSelectionExpression"),
        ({"Send": TWO_WAY,
          "RouteResponse": {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "other"}},
         "Currently, only $default is supported as a RouteResponseKey.", "RouteResponseKey"),
        ({"Send": {"RequestModels": {"send": "Nothing"}, "ModelSelectionExpression": "send"}},
         "RequestModels.send names no model of this API: Nothing", "Nothing"),
        ({"AModel": {"Name": "a-b", "Schema": {}}}, "Model name must be alphanumeric: a-b", "a-b"),
        ({"Integration": {"TimeoutInMillis": 29001}},
         "Integration: Timeout should be between 50 ms and 29000 ms", "TimeoutInMillis"),
        ({"Integration": {"TimeoutInMillis": 49}},
         "Integration: Timeout should be between 50 ms and 29000 ms", "TimeoutInMillis"),
        ({"Integration": {"PayloadFormatVersion": "2.0"}},
         "Unsupported PayloadFormatVersion: 2.0", "PayloadFormatVersion"),
        ({"Integration": {"IntegrationMethod": "GET"}},
         "Integration: HttpMethod must be POST for AWS_PROXY IntegrationType",
         "IntegrationMethod"),
        ({"Integration": {**HTTP, "IntegrationMethod": None}},
         "Integration: HttpMethod parameter method must be specified for integrationType HTTP",
         '"Integration": {'),
        ({"Integration": {**HTTP, "IntegrationUri": FUNCTION}},
         f"Integration: Invalid HTTP endpoint specified for URI: {FUNCTION}", "IntegrationType"),
        ({"Integration": {**HTTP, "IntegrationUri": "a.example"}},
         "Integration: Invalid HTTP endpoint specified for URI: a.example", "IntegrationUri"),
        ({"Integration": {"IntegrationUri": None}},
         "Integration: an integration of type AWS_PROXY has to say where it leads",
         '"Integration": {'),
        ({"Integration": {"IntegrationUri": None, "IntegrationMethod": None}},
         "Integration: an integration of type AWS_PROXY has to say where it leads",
         "IntegrationType"),
        ({"Integration": {"IntegrationUri": "f"}},
         "Integration: Invalid ARN specified in the request", "IntegrationUri"),
        ({"Integration": {"IntegrationUri": "https://a.example/"}},
         "Integration: Invalid ARN specified in the request", "IntegrationType"),
        ({"Integration": {"IntegrationUri": "${stageVariables.a}"},
          "Stage": {"StageVariables": {"a": "https://a.example/"}}},
         "Integration: Invalid ARN specified in the request", "IntegrationType"),
        ({"Integration": {**HTTP, "ConnectionType": "VPC_LINK"}},
         "Integration: ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK",
         "ConnectionType"),
        ({"Integration": {"IntegrationSubtype": "SQS-SendMessage"}},
         "Integration: IntegrationSubtype is for integrations of HTTP APIs only",
         "IntegrationSubtype"),
        ({"Integration": {"IntegrationType": "LAMBDA"}}, "IntegrationType knows no 'LAMBDA'",
         "LAMBDA"),
        ({"Integration": {**HTTP, "RequestParameters": {
            "integration.request.header.x": "method.request.header.x"}}},
         "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
         "[Invalid mapping expression specified: method.request.header.x]",
         "method.request.header.x"),
        ({"Integration": {**HTTP, "RequestParameters": {"header.x": "'a'"}}},
         "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
         "[Invalid mapping expression specified: header.x]", "header.x"),
        ({"Stage": {"StageVariables": {"a": "b c"}}}, "Invalid stage variable value of key a.",
         "b c"),
        ({"Stage": {"RouteSettings": {"none": {"ThrottlingBurstLimit": 1}}}},
         "Unable to find Route by key none within the provided RouteSettings", "none"),
        ({"Stage": {"AccessLogSettings": {**LOG, "Format": "$context.status"}}},
         "The following errors are found in Access Log Format: Access Log format must include "
         "either $context.requestId or $context.extendedRequestId : '$context.status'",
         "AccessLogSettings"),
        ({"Stage": {"AccessLogSettings": {**LOG, "Format": "$context.requestId\n"}}},
         "The following errors are found in Access Log Format: Access Log format must be single "
         "line: '$context.requestId\n'", "Format"),
        ({"Stage": {"StageName": "a.b"}}, "Stage name only allows a-zA-Z0-9_", "StageName"),
        ({"ApiGatewayManagedOverrides": {"Stage": {}}},
         "ApiGatewayManagedOverrides overrides what quick create makes of an HTTP API",
         '"ApiGatewayManagedOverrides": {'),
        ({"OneIntegrationResponse": {"IntegrationId": {"Ref": "Integration"},
                                     "IntegrationResponseKey": "$default"},
          "TwoIntegrationResponse": {"IntegrationId": {"Ref": "Integration"},
                                     "IntegrationResponseKey": "$default"},
          "Integration": HTTP},
         "the integration has two responses with the key $default", "IntegrationResponseKey"),
        ({"OneRouteResponse": {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "$default"},
          "TwoRouteResponse": {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "$default"},
          "Send": TWO_WAY},
         "the route send has two responses with the key $default", "RouteId"),
        ({"IntegrationResponse": {"IntegrationId": {"Ref": "Integration"},
                                  "IntegrationResponseKey": ""}, "Integration": HTTP},
         "Property IntegrationResponseKey cannot be empty. (IntegrationResponse)",
         "IntegrationResponseKey"),
        ({"IntegrationResponse": {"IntegrationId": "none", "IntegrationResponseKey": "$default"}},
         "Invalid integration identifier specified: none", "IntegrationId"),
        ({"RouteResponse": {"RouteId": "none", "RouteResponseKey": "$default"}},
         "Invalid route identifier specified: none", "RouteId"),
    ],
)  # fmt: skip
def test_what_is_refused(change: dict[str, Any], sentence: str, line: str) -> None:
    loaded = load(template(**change))
    [wrong] = found(loaded, "error")
    assert wrong.message == sentence
    assert wrong.remedy
    assert line in line_of(loaded, wrong)
    assert loaded.broken


def test_a_misspelt_key_is_told_with_the_one_that_was_meant() -> None:
    [wrong] = found(load(template(Connect={"RouteKey": "$conect", **GUARDED}, Authorizer=GUARD)),
                    "error")  # fmt: skip
    assert wrong.remedy.startswith("Did you mean $connect")


def test_a_target_that_names_no_integration() -> None:
    wrong = found(load(template(Send={"Target": "integrations/none"})), "error")
    assert [each.message for each in wrong] == [
        "Invalid integration identifier specified: integrations/none"
    ]


def test_quotas_can_be_raised() -> None:
    keys = {f"N{number}Route": {"RouteKey": f"k{number}"} for number in range(300)}
    guards = {f"N{number}Authorizer": {**GUARD, "Name": f"a{number}"} for number in range(11)}
    loaded = load(template(**keys, **guards))
    assert found(loaded, "error") == []
    assert {each.message for each in found(loaded, "warning") if each.code == "quota"} == {
        "Routes per API: 303, and the quota of an account is 300",
        "Authorizers per API: 11, and the quota of an account is 10",
    }


def test_a_domain_leads_to_websockets_or_to_others() -> None:
    document = template()
    document["Resources"] |= {
        "Other": {"Type": "AWS::ApiGatewayV2::Api",
                  "Properties": {"Name": "h", "ProtocolType": "HTTP", "Target": FUNCTION}},
        "Domain": {"Type": "AWS::ApiGatewayV2::DomainName",
                   "Properties": {"DomainName": "ws.example.com"}},
        "One": {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": {
            "DomainName": {"Ref": "Domain"}, "ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}},
    }  # fmt: skip
    assert found(load(document), "error") == []
    document["Resources"]["One"]["Properties"]["ApiMappingKey"] = "a/b"
    [wrong] = found(load(document), "error")
    assert wrong.message.startswith("API mappings must contain only letters, numbers and the char")
    document["Resources"]["One"]["Properties"]["ApiMappingKey"] = "a"
    document["Resources"]["Two"] = {
        "Type": "AWS::ApiGatewayV2::ApiMapping",
        "Properties": {"DomainName": {"Ref": "Domain"}, "ApiId": {"Ref": "Other"},
                       "Stage": "$default", "ApiMappingKey": "h"},
    }  # fmt: skip
    [wrong] = found(load(document), "error")
    assert wrong.code == "mixed-domain"


def test_a_kind_that_is_asked_of_itself_is_a_circle() -> None:
    kind = {"ProtocolType": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}
    loaded = load(template(Api=kind))
    assert "circular" in {each.code for each in found(loaded, "error")}

"""WebSocket APIs for tests, as templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)
_OWN = {"ApiId": {"Ref": "Api"}}


def function(name: str = "f", **more: Any) -> dict[str, Any]:
    """A proxy integration with a function."""
    return {"IntegrationType": "AWS_PROXY", "IntegrationUri": _URI.format(name), **more}


def plain_function(name: str = "f", **more: Any) -> dict[str, Any]:
    """An integration with a function behind templates."""
    return {"IntegrationType": "AWS", "IntegrationMethod": "POST",
            "IntegrationUri": _URI.format(name), **more}  # fmt: skip


def mock(template: str = '{"statusCode":200}', **more: Any) -> dict[str, Any]:
    """A mock integration."""
    return {
        "IntegrationType": "MOCK",
        "RequestTemplates": {"$default": template},
        "TemplateSelectionExpression": r"\$default",
        **more,
    }


def http(**more: Any) -> dict[str, Any]:
    """An integration with an HTTP backend behind templates."""
    return {"IntegrationType": "HTTP", "IntegrationMethod": "POST",
            "IntegrationUri": "http://backend.example/in", **more}  # fmt: skip


def route(
    integration: Mapping[str, Any] | None = None,
    *,
    two_way: bool = False,
    responses: Mapping[str, Mapping[str, Any]] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """A route for `template`."""
    return {
        "integration": integration,
        "two_way": two_way,
        "responses": responses or {},
        "properties": properties,
    }


def template(
    routes: Mapping[str, Mapping[str, Any]],
    *,
    expression: str = "$request.body.action",
    stage: Mapping[str, Any] | None = None,
    api: Mapping[str, Any] | None = None,
    **resources: Any,
) -> dict[str, Any]:
    """An API of these routes, by their keys, with a stage `dev`."""
    made: dict[str, Any] = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {
            "Name": "chat", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": expression,
            **(api or {}),
        }},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {
            **_OWN, "StageName": "dev", "AutoDeploy": True, **(stage or {}),
        }},
    }  # fmt: skip
    for index, (key, each) in enumerate(routes.items()):
        made |= _route(f"R{index}", key, each)
    return {"Resources": {**made, **resources}}


def guarded(**properties: Any) -> dict[str, Any]:
    """A `$connect` route that an authorizer guards, and the authorizer, for `template`."""
    guard = {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
        **_OWN, "Name": "guard", "AuthorizerType": "REQUEST",
        "AuthorizerUri": _URI.format("guard"),
        "IdentitySource": ["route.request.querystring.token"], **properties,
    }}  # fmt: skip
    connect = route(AuthorizationType="CUSTOM", AuthorizerId={"Ref": "Guard"})
    return {"connect": connect, "Guard": guard}


def _route(name: str, key: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    properties = {**_OWN, "RouteKey": key, **declared["properties"]}
    made: dict[str, Any] = {name: {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}}
    if declared["integration"] is not None:
        properties["Target"] = {"Fn::Sub": f"integrations/${{{name}Integration}}"}
        made[f"{name}Integration"] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {**_OWN, **declared["integration"]},
        }
    if declared["two_way"]:
        properties["RouteResponseSelectionExpression"] = "$default"
        made[f"{name}Answer"] = {"Type": "AWS::ApiGatewayV2::RouteResponse", "Properties": {
            **_OWN, "RouteId": {"Ref": name}, "RouteResponseKey": "$default",
        }}  # fmt: skip
    for index, (response, more) in enumerate(declared["responses"].items()):
        made[f"{name}Reply{index}"] = {
            "Type": "AWS::ApiGatewayV2::IntegrationResponse",
            "Properties": {**_OWN, "IntegrationId": {"Ref": f"{name}Integration"},
                           "IntegrationResponseKey": response, **more},
        }  # fmt: skip
    return made

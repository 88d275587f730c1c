"""A template with a REST API, an HTTP API and custom domains that lead to both."""

from __future__ import annotations

from typing import Any

from tests.gateway.declared import declared

_FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:shop"
_CALLED = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{_FUNCTION}/invocations"
_REST = {"RestApiId": {"Ref": "Orders"}}
_HTTP = {"ApiId": {"Ref": "Carts"}}


def template(*, disabled: bool = False, **resources: Any) -> dict[str, Any]:
    """Domain `api.example.com`: `orders` → REST stage prod, `v2/carts` → HTTP API, `any` → REST."""
    parts = (_orders(disabled=disabled), _carts(disabled=disabled), _domain(), resources)
    return {"Resources": {name: each for part in parts for name, each in part.items()}}


def _orders(*, disabled: bool) -> dict[str, Any]:
    return {
        "Orders": declared(
            "ApiGateway::RestApi", Name="orders", DisableExecuteApiEndpoint=disabled
        ),
        "Proxy": declared(
            "ApiGateway::Resource",
            **_REST,
            ParentId={"Fn::GetAtt": ["Orders", "RootResourceId"]},
            PathPart="{proxy+}",
        ),
        "Any": declared(
            "ApiGateway::Method",
            **_REST,
            ResourceId={"Ref": "Proxy"},
            HttpMethod="ANY",
            AuthorizationType="NONE",
            Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": _CALLED},
        ),
        "Deployed": {**declared("ApiGateway::Deployment", **_REST), "DependsOn": ["Any"]},
        "Prod": declared(
            "ApiGateway::Stage", **_REST, DeploymentId={"Ref": "Deployed"}, StageName="prod"
        ),
    }


def _carts(*, disabled: bool) -> dict[str, Any]:
    return {
        "Carts": declared(
            "ApiGatewayV2::Api",
            Name="carts",
            ProtocolType="HTTP",
            DisableExecuteApiEndpoint=disabled,
        ),
        "Called": declared(
            "ApiGatewayV2::Integration",
            **_HTTP,
            IntegrationType="AWS_PROXY",
            IntegrationUri=_FUNCTION,
            PayloadFormatVersion="2.0",
        ),
        "Route": declared(
            "ApiGatewayV2::Route",
            **_HTTP,
            RouteKey="GET /{proxy+}",
            Target={"Fn::Sub": "integrations/${Called}"},
        ),
        "Live": declared("ApiGatewayV2::Stage", **_HTTP, StageName="live", AutoDeploy=True),
    }


def _domain() -> dict[str, Any]:
    domain = {"DomainName": "api.example.com"}
    mapping, mapping_v2 = "ApiGateway::BasePathMapping", "ApiGatewayV2::ApiMapping"
    return {
        "Domain": declared("ApiGateway::DomainName", DomainName="API.example.com"),
        "ToOrders": declared(mapping, **domain, **_REST, BasePath="orders", Stage="prod"),
        "ToAny": declared(mapping, **domain, **_REST, BasePath="any"),
        "ToCarts": declared(mapping_v2, **domain, **_HTTP, ApiMappingKey="v2/carts", Stage="live"),
    }

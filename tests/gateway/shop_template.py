"""A template with a REST API, an HTTP API and custom domains that lead to both."""

from __future__ import annotations

from typing import Any

_FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:shop/invocations"
)


def template(*, disabled: bool = False, **resources: Any) -> dict[str, Any]:
    """Domain `api.example.com`: `orders` → REST stage prod, `v2/carts` → HTTP API, `any` → REST."""
    rest = {"RestApiId": {"Ref": "Orders"}}
    http = {"ApiId": {"Ref": "Carts"}}
    domain = {"DomainName": "api.example.com"}
    greedy = {
        "Type": "AWS_PROXY",
        "IntegrationHttpMethod": "POST",
        "Uri": _FUNCTION,
    }
    return {
        "Resources": {
            "Orders": _of("ApiGateway::RestApi", Name="orders", DisableExecuteApiEndpoint=disabled),
            "Proxy": _of(
                "ApiGateway::Resource",
                **rest,
                ParentId={"Fn::GetAtt": ["Orders", "RootResourceId"]},
                PathPart="{proxy+}",
            ),
            "Any": _of(
                "ApiGateway::Method",
                **rest,
                ResourceId={"Ref": "Proxy"},
                HttpMethod="ANY",
                AuthorizationType="NONE",
                Integration=greedy,
            ),
            "Deployed": {**_of("ApiGateway::Deployment", **rest), "DependsOn": ["Any"]},
            "Prod": _of(
                "ApiGateway::Stage", **rest, DeploymentId={"Ref": "Deployed"}, StageName="prod"
            ),
            "Carts": _of(
                "ApiGatewayV2::Api",
                Name="carts",
                ProtocolType="HTTP",
                DisableExecuteApiEndpoint=disabled,
            ),
            "Called": _of(
                "ApiGatewayV2::Integration",
                **http,
                IntegrationType="AWS_PROXY",
                IntegrationUri="arn:aws:lambda:us-east-1:123456789012:function:shop",
                PayloadFormatVersion="2.0",
            ),
            "Route": _of(
                "ApiGatewayV2::Route",
                **http,
                RouteKey="GET /{proxy+}",
                Target={"Fn::Sub": "integrations/${Called}"},
            ),
            "Live": _of("ApiGatewayV2::Stage", **http, StageName="live", AutoDeploy=True),
            "Domain": _of("ApiGateway::DomainName", DomainName="API.example.com"),
            "ToOrders": _of(
                "ApiGateway::BasePathMapping", **domain, **rest, BasePath="orders", Stage="prod"
            ),
            "ToAny": _of("ApiGateway::BasePathMapping", **domain, **rest, BasePath="any"),
            "ToCarts": _of(
                "ApiGatewayV2::ApiMapping", **domain, **http, ApiMappingKey="v2/carts", Stage="live"
            ),
            **resources,
        }
    }


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}

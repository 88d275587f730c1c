"""An HTTP API as ExportApi gives it, and read again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Options, read
from inspector.definitions.exporting import Exported, export_http
from inspector.model import HttpApi
from tests.definitions.test_two_notations import without_sources

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
INVOCATION = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
NOW = 1_700_000_000_000

TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": "orders",
                "ProtocolType": "HTTP",
                "CorsConfiguration": {
                    "AllowOrigins": ["https://shop.example"],
                    "AllowMethods": ["GET"],
                    "AllowCredentials": True,
                    "MaxAge": 60,
                },
            },
        },
        "Jwt": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "AuthorizerType": "JWT",
                "Name": "users",
                "IdentitySource": ["$request.header.Authorization"],
                "JwtConfiguration": {"Audience": ["web"], "Issuer": "https://issuer.example"},
            },
        },
        "Function": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": FUNCTION,
                "PayloadFormatVersion": "2.0",
            },
        },
        "Web": {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "IntegrationType": "HTTP_PROXY",
                "IntegrationMethod": "ANY",
                "IntegrationUri": "https://web.example/{proxy}",
                "PayloadFormatVersion": "1.0",
                "TimeoutInMillis": 5000,
                "RequestParameters": {"overwrite:header.x-id": "$context.requestId"},
                "ResponseParameters": {
                    "404": {
                        "ResponseParameters": [
                            {"Destination": "overwrite:statuscode", "Source": "200"}
                        ]
                    }
                },
            },
        },
        "One": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "GET /orders/{id}",
                "OperationName": "one",
                "Target": {"Fn::Sub": "integrations/${Function}"},
                "AuthorizationType": "JWT",
                "AuthorizerId": {"Ref": "Jwt"},
                "AuthorizationScopes": ["orders:read"],
            },
        },
        "Rest": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "ANY /web/{proxy+}",
                "Target": {"Fn::Sub": "integrations/${Web}"},
                "AuthorizationType": "AWS_IAM",
            },
        },
        "Default": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "RouteKey": "$default",
                "Target": {"Fn::Sub": "integrations/${Function}"},
            },
        },
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "StageName": "$default",
                "AutoDeploy": True,
            },
        },
    }
}


def one_api(document: Any) -> HttpApi:
    bundle = Bundle({"api.json": json.dumps(document)}, Options())
    return read(bundle).definition.http_apis[0]


def exported(**options: Any) -> Exported:
    return export_http(one_api(TEMPLATE), "$default", now_ms=NOW, **options)


def test_the_document_has_amazons_order_and_words() -> None:
    document = exported().document
    assert list(document) == [
        "openapi",
        "info",
        "servers",
        "paths",
        "components",
        "x-amazon-apigateway-cors",
        "x-amazon-apigateway-importexport-version",
    ]
    assert document["info"] == {"title": "orders", "version": "2023-11-14 22:13:20UTC"}
    [server] = document["servers"]
    assert server["url"].endswith(".amazonaws.com/{basePath}")
    assert server["variables"] == {"basePath": {"default": ""}}
    assert document["x-amazon-apigateway-importexport-version"] == "1.0"
    cors = document["x-amazon-apigateway-cors"]
    assert list(cors) == ["allowMethods", "maxAge", "allowCredentials", "allowOrigins"]


def test_a_route_is_an_operation() -> None:
    item = exported().document["paths"]["/orders/{id}"]
    assert list(item) == ["get", "parameters"]
    assert item["get"] == {
        "operationId": "one",
        "responses": {"default": {"description": "Default response for GET /orders/{id}"}},
        "security": [{"users": ["orders:read"]}],
        "x-amazon-apigateway-integration": {
            "payloadFormatVersion": "2.0",
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": INVOCATION,
            "connectionType": "INTERNET",
        },
    }
    [parameter] = item["parameters"]
    assert parameter["description"] == "Generated path parameter for id"


def test_any_and_default_have_their_extensions() -> None:
    paths = exported().document["paths"]
    greedy = paths["/web/{proxy+}"]
    assert greedy["parameters"][0]["name"] == "proxy+"
    assert greedy["x-amazon-apigateway-any-method"]["x-amazon-apigateway-auth"] == {
        "type": "AWS_IAM"
    }
    default = paths["/$default"]["x-amazon-apigateway-any-method"]
    assert default["isDefaultRoute"] is True
    assert default["responses"]["default"]["description"] == "Default response for $default"


def test_a_jwts_scheme() -> None:
    assert exported().document["components"]["securitySchemes"]["users"] == {
        "type": "oauth2",
        "flows": {},
        "x-amazon-apigateway-authorizer": {
            "identitySource": "$request.header.Authorization",
            "jwtConfiguration": {"audience": ["web"], "issuer": "https://issuer.example"},
            "type": "jwt",
        },
    }


def test_without_extensions_nothing_of_amazons_is_in_it() -> None:
    text = json.dumps(exported(extensions=False).document)
    assert "x-amazon-apigateway-integration" not in text
    assert "x-amazon-apigateway-cors" not in text
    assert "x-amazon-apigateway-authorizer" not in text


def test_the_file_is_named_by_the_moment() -> None:
    assert exported().filename == "oas30_2023-11-14T22:13:20Z.json"


def routes_of(api: HttpApi) -> dict[str, Any]:
    """What each route does, whatever its integration is called."""
    found = {}
    for key, route in api.routes.items():
        integration = without_sources(api.integrations[route.integration or ""])
        uri = (integration.uri or "").split("/functions/")[-1].removesuffix("/invocations")
        shape = (
            integration.type,
            uri,
            integration.subtype,
            integration.payload_version,
            without_sources(integration.request_parameters),
            without_sources(integration.response_parameters),
            integration.timeout_ms,
            integration.tls_server_name,
            integration.connection_type,
            integration.connection_id,
            integration.credentials,
        )
        asked = (route.authorization_type, route.authorizer, route.authorization_scopes)
        found[key] = (route.operation_name, asked, shape)
    return found


def test_what_is_exported_is_read_again() -> None:
    api = one_api(TEMPLATE)
    again = one_api(exported().document)
    assert routes_of(again) == routes_of(api)
    assert without_sources(again.cors) == without_sources(api.cors)
    assert without_sources(dict(again.authorizers)) == without_sources(dict(api.authorizers))


LAMBDA_AUTHORIZER: dict[str, Any] = {
    "type": "request",
    "authorizerUri": INVOCATION,
    "authorizerPayloadFormatVersion": "2.0",
    "authorizerResultTtlInSeconds": 300,
    "identitySource": "$request.header.X-Key",
    "enableSimpleResponses": True,
    "authorizerCredentials": "arn:aws:iam::123456789012:role/auth",
}
QUEUE: dict[str, Any] = {
    "type": "AWS_PROXY",
    "integrationSubtype": "SQS-SendMessage",
    "credentials": "arn:aws:iam::123456789012:role/queue",
    "payloadFormatVersion": "1.0",
    "connectionType": "INTERNET",
    "requestParameters": {"QueueUrl": "$request.header.queue", "MessageBody": "$request.body.m"},
}
PRIVATE: dict[str, Any] = {
    "type": "HTTP_PROXY",
    "httpMethod": "GET",
    "uri": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/a/b/c",
    "connectionType": "VPC_LINK",
    "connectionId": "abc123",
    "tlsConfig": {"serverNameToVerify": "inside.example"},
    "payloadFormatVersion": "1.0",
    "description": "the inner one",
}


@pytest.mark.parametrize("integration", [QUEUE, PRIVATE], ids=["subtype", "private"])
def test_a_document_comes_back(integration: dict[str, Any]) -> None:
    scheme = {
        "type": "apiKey",
        "name": "X-Key",
        "in": "header",
        "x-amazon-apigateway-authorizer": LAMBDA_AUTHORIZER,
    }
    operation = {
        "responses": {"default": {"description": "any"}},
        "security": [{"keys": []}],
        "x-amazon-apigateway-integration": integration,
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "inner", "version": "7"},
        "paths": {"/a": {"post": operation}},
        "components": {"securitySchemes": {"keys": scheme}},
        "x-amazon-apigateway-cors": {"allowOrigins": ["*"], "maxAge": 0},
    }
    api = one_api(document)
    found = export_http(api, api.stages[0].name, now_ms=NOW).document
    assert found["info"]["version"] == "7"
    again = one_api(found)
    assert routes_of(again) == routes_of(api)
    assert without_sources(again.cors) == without_sources(api.cors)
    assert without_sources(dict(again.authorizers)) == without_sources(dict(api.authorizers))
    assert found["components"]["securitySchemes"]["keys"]["name"] == "X-Key"

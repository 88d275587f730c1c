"""An exported document says what was read: importing it again gives the same API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.definitions import Bundle, Options, read
from inspector.definitions.exporting import ExportType, export
from inspector.definitions.exporting.document import EXTENSIONS
from inspector.model import RestApi
from tests.definitions.documents import documents
from tests.definitions.test_two_notations import without_sources

KINDS: tuple[ExportType, ...] = ("oas30", "swagger")
DATA = Path(__file__).parents[2] / "data" / "aws"


def one_api(document: Any, **options: Any) -> RestApi:
    bundle = Bundle({"api.json": json.dumps(document)}, Options(api_type="rest", **options))
    return read(bundle).definition.rest_apis[0]


@pytest.mark.slow
@given(documents(), st.sampled_from(KINDS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_exported_is_what_was_imported(document: dict[str, Any], kind: ExportType) -> None:
    api = one_api(document)
    exported = export(api, "dev", kind, extensions=["apigateway"]).document
    assert without_sources(one_api(exported)) == without_sources(api)


DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "all", "version": "2", "description": "of it"},
    "paths": {
        "/pets/{id}": {
            "post": {
                "operationId": "post",
                "parameters": [
                    {"name": "q", "in": "query"},
                    {"name": "X-H", "in": "header", "required": True},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    }
                },
                "responses": {
                    "200": {
                        "description": "fine",
                        "headers": {"X-Seen": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                        },
                    }
                },
                "security": [{"auth": [], "key": []}],
                "x-amazon-apigateway-request-validator": "all",
                "x-amazon-apigateway-integration": {
                    "type": "http",
                    "httpMethod": "POST",
                    "uri": "http://backend.example/{id}",
                    "credentials": "arn:aws:iam::123456789012:role/r",
                    "cacheKeyParameters": ["method.request.path.id"],
                    "cacheNamespace": "ns",
                    "contentHandling": "CONVERT_TO_TEXT",
                    "timeoutInMillis": 5000,
                    "connectionType": "VPC_LINK",
                    "connectionId": "${stageVariables.link}",
                    "tlsConfig": {"insecureSkipVerification": True},
                    "requestParameters": {"integration.request.path.id": "method.request.path.id"},
                    "responses": {
                        "4\\d\\d": {"statusCode": "400"},
                        "default": {
                            "statusCode": "200",
                            "responseParameters": {"method.response.header.X-Seen": "'yes'"},
                            "contentHandling": "CONVERT_TO_TEXT",
                        },
                    },
                },
            },
            "get": {
                "responses": {"200": {"description": "fine"}},
                "security": [{"pool": ["a/b"]}],
                "x-amazon-apigateway-integration": {
                    "type": "mock", "requestTemplates": {"application/json": "{}"},
                },
            },
            "delete": {
                "responses": {"200": {"description": "fine"}},
                "security": [{"iam": []}],
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "properties": {"owner": {"$ref": "#/components/schemas/Owner"}},
            },
            "Owner": {"type": "object"},
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "iam": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            },
            "auth": {
                "type": "apiKey", "name": "Token", "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "token",
                    "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:a/invocations",
                    "identityValidationExpression": "^x.*",
                    "authorizerResultTtlInSeconds": 60,
                },
            },
            "unused": {
                "type": "apiKey", "name": "Unused", "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {
                    "type": "request",
                    "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:a/invocations",
                    "identitySource": "method.request.querystring.token",
                },
            },
            "pool": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {
                    "type": "cognito_user_pools",
                    "providerARNs": ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"],
                },
            },
        },
    },
    "x-amazon-apigateway-request-validators": {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    },
    "x-amazon-apigateway-gateway-responses": {
        "DEFAULT_4XX": {
            "statusCode": 499,
            "responseParameters": {"gatewayresponse.header.X": "'y'"},
            "responseTemplates": {"application/json": "{}"},
        }
    },
    "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": []},
    "x-amazon-apigateway-binary-media-types": ["image/*"],
    "x-amazon-apigateway-minimum-compression-size": 100,
    "x-amazon-apigateway-api-key-source": "AUTHORIZER",
    "x-amazon-apigateway-endpoint-configuration": {"disableExecuteApiEndpoint": True},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_is_declared_comes_back(kind: ExportType) -> None:
    api = one_api(DOCUMENT)
    exported = export(api, "dev", kind, extensions=["apigateway"]).document
    again = without_sources(one_api(exported))
    assert again == without_sources(api)


@pytest.mark.parametrize("kind", KINDS)
def test_without_extensions_nothing_of_amazons_is_exported(kind: ExportType) -> None:
    assert "x-amazon" not in json.dumps(export(one_api(DOCUMENT), "dev", kind).document)


def test_a_key_is_demanded_beside_the_authorizer() -> None:
    """As in a document that AWS exported: one requirement each."""
    exported = export(one_api(DOCUMENT), "dev", "oas30").document
    assert exported["paths"]["/pets/{id}"]["post"]["security"] == [{"auth": []}, {"api_key": []}]


def test_the_vpc_link_of_an_integration_is_named() -> None:
    post = export(one_api(DOCUMENT), "dev", "swagger", extensions=["integrations"]).document
    integration = post["paths"]["/pets/{id}"]["post"]["x-amazon-apigateway-integration"]
    assert integration["connectionType"] == "VPC_LINK"
    assert integration["connectionId"] == "${stageVariables.link}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_method_without_responses(kind: ExportType) -> None:
    """As in the guide's sample of API keys (exported in 2024)."""
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": "http://backend.example/"}
    paths = {"/pets": {"get": {"x-amazon-apigateway-integration": integration}}}
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths}
    exported = export(one_api(document), "v1", kind, extensions=["apigateway"]).document
    assert exported["paths"]["/pets"]["get"] == {
        **({"responses": {}} if kind == "swagger" else {}),
        "x-amazon-apigateway-integration": {**integration, "passthroughBehavior": "when_no_match"},
    }


def test_the_endpoint_is_configured_at_the_server() -> None:
    """As the guide says, and a document that AWS exported of a private API shows."""
    key, off = "x-amazon-apigateway-endpoint-configuration", {"disableExecuteApiEndpoint": True}
    api = one_api(DOCUMENT)
    exported = export(api, "dev", "oas30", extensions=["apigateway"]).document
    assert exported["servers"][0][key] == off
    assert key not in exported
    assert export(api, "dev", "swagger", extensions=["apigateway"]).document[key] == off


def test_extensions_are_chosen() -> None:
    api = one_api(DOCUMENT)
    only = {
        extension: json.dumps(export(api, "dev", "oas30", extensions=[extension]).document)
        for extension in EXTENSIONS
    }
    assert "x-amazon-apigateway-integration" in only["integrations"]
    assert "x-amazon-apigateway-authorizer" not in only["integrations"]
    assert "x-amazon-apigateway-authorizer" in only["authorizers"]
    assert "x-amazon-apigateway-integration" not in only["authorizers"]
    assert "x-amazon-apigateway-gateway-responses" in only["apigateway"]


def test_a_document_without_version_is_dated() -> None:
    document = {**DOCUMENT, "info": {"title": "undated"}}
    exported = export(one_api(document), "dev", "swagger", now_ms=1_700_000_000_000)
    assert exported.document["info"] == {"title": "undated", "version": "2023-11-14T22:13:20Z"}
    assert (
        exported.content_disposition == 'attachment; filename="swagger_2023-11-14T22:13:20Z.json"'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_recorded_document_comes_back(kind: ExportType) -> None:
    """Their APIs answer alike; Swagger may name more media types of models (`consumes`)."""
    seen = 0
    for file in sorted(DATA.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            case = json.loads(line)
            if "api" not in case or case.get("kind") in {"import", "gateway_response_table"}:
                continue
            api = one_api(case["api"])
            exported = export(api, api.stages[0].name, kind, extensions=["apigateway"]).document
            again = one_api(exported, stage=api.stages[0].name, api_id=api.id)
            left, right = without_sources(api), without_sources(again)
            assert [each.path for each in left.resources if each.methods] == [
                each.path for each in right.resources if each.methods
            ]
            for one, other in zip(left.resources, right.resources, strict=False):
                if one.path == other.path:
                    assert _integrations(one) == _integrations(other)
                    seen += 1
    assert seen > 100


def _integrations(resource: Any) -> dict[str, Any]:
    return {verb: method.integration for verb, method in resource.methods.items()}

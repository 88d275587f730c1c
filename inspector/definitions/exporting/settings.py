"""What is exported of the API as a whole, with `extensions=apigateway`."""

from __future__ import annotations

from typing import Any

from inspector.model import GatewayResponse, RestApi

_PREFIX = "x-amazon-apigateway-"


def extensions_of(api: RestApi) -> dict[str, Any]:
    """By key; nothing that is as it is by default."""
    found: dict[str, Any] = {
        "request-validators": {
            name: {
                "validateRequestParameters": each.validate_parameters,
                "validateRequestBody": each.validate_body,
            }
            for name, each in api.validators.items()
        },
        "gateway-responses": {
            kind: _gateway_response(each) for kind, each in api.gateway_responses.items()
        },
        "policy": {} if api.policy is None else dict(api.policy.document),
        "binary-media-types": list(api.binary_media_types),
    }
    if api.minimum_compression_size is not None:
        found["minimum-compression-size"] = api.minimum_compression_size
    if api.api_key_source != "HEADER":
        found["api-key-source"] = api.api_key_source
    kept = {name: value for name, value in found.items() if value not in ({}, [])}
    return {f"{_PREFIX}{name}": value for name, value in kept.items()}


def _gateway_response(response: GatewayResponse) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if response.status is not None:
        found["statusCode"] = response.status
    if response.parameters:
        found["responseParameters"] = {each.target: each.expression for each in response.parameters}
    if response.templates:
        found["responseTemplates"] = {name: each.text for name, each in response.templates.items()}
    return found


def endpoint_of(api: RestApi) -> dict[str, Any]:
    """The endpoint's configuration by its key: in Swagger at the top, in OpenAPI at the server."""
    found: dict[str, Any] = {}
    if api.disable_execute_api_endpoint:
        found["disableExecuteApiEndpoint"] = True
    if api.vpc_endpoint_ids:
        found["vpcEndpointIds"] = list(api.vpc_endpoint_ids)
    return {f"{_PREFIX}endpoint-configuration": found} if found else {}

"""`x-amazon-apigateway-integration` as Amazon exports it: defaults left out, names in lower case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inspector.model import (
    AwsService,
    Http,
    HttpProxy,
    Integration,
    IntegrationResponse,
    Lambda,
    LambdaProxy,
    Mock,
    ParameterMapping,
)
from inspector.model.integration import DEFAULT_TIMEOUT_MS, Templates

_TYPES: dict[type, str] = {
    Mock: "mock",
    Http: "http",
    HttpProxy: "http_proxy",
    Lambda: "aws",
    AwsService: "aws",
    LambdaProxy: "aws_proxy",
}


def integration_of(integration: Integration, *, swagger: bool) -> dict[str, Any]:
    """One integration. Swagger's begins with its type, OpenAPI's ends with it (recorded)."""
    found: dict[str, Any] = {"type": _TYPES[type(integration)]} if swagger else {}
    if integration.credentials:
        found["credentials"] = integration.credentials
    if not isinstance(integration, Mock):
        found["httpMethod"] = integration.http_method
        found["uri"] = integration.uri
    if integration.responses:
        found["responses"] = {
            each.selection_pattern or "default": _response(each) for each in integration.responses
        }
    found |= _parameters("requestParameters", integration.request_parameters)
    found |= _templates("requestTemplates", integration.request_templates)
    found["passthroughBehavior"] = integration.passthrough_behavior.lower()
    found |= _settings(integration)
    if not swagger:
        found["type"] = _TYPES[type(integration)]
    return found


def _settings(integration: Integration) -> dict[str, Any]:
    """What is not as it is by default."""
    found: dict[str, Any] = {}
    if integration.content_handling:
        found["contentHandling"] = integration.content_handling
    if integration.timeout_ms != DEFAULT_TIMEOUT_MS:
        found["timeoutInMillis"] = integration.timeout_ms
    if integration.cache_namespace:
        found["cacheNamespace"] = integration.cache_namespace
    if integration.cache_key_parameters:
        found["cacheKeyParameters"] = list(integration.cache_key_parameters)
    if isinstance(integration, Mock):
        return found
    if isinstance(integration, Http | HttpProxy):
        if integration.connection_type != "INTERNET":
            found["connectionType"] = integration.connection_type
        if integration.connection_id is not None:
            found["connectionId"] = integration.connection_id
    if integration.response_transfer_mode != "BUFFERED":
        found["responseTransferMode"] = integration.response_transfer_mode
    if integration.tls_insecure:
        found["tlsConfig"] = {"insecureSkipVerification": True}
    return found


def _response(response: IntegrationResponse) -> dict[str, Any]:
    found: dict[str, Any] = {"statusCode": response.status}
    found |= _parameters("responseParameters", response.parameters)
    found |= _templates("responseTemplates", response.templates)
    if response.content_handling:
        found["contentHandling"] = response.content_handling
    return found


def _parameters(name: str, mappings: Iterable[ParameterMapping]) -> dict[str, Any]:
    found = {each.target: each.expression for each in mappings}
    return {name: found} if found else {}


def _templates(name: str, templates: Templates) -> dict[str, Any]:
    found = {media_type: template.text for media_type, template in templates.items()}
    return {name: found} if found else {}

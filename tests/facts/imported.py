"""An API as Amazon's control plane shows it: GetMethod, GetAuthorizers and the like."""

from __future__ import annotations

from typing import Any

from inspector.model import (
    Authorizer,
    AwsService,
    CognitoAuthorizer,
    Http,
    HttpProxy,
    Integration,
    IntegrationResponse,
    Lambda,
    LambdaProxy,
    Method,
    MethodResponse,
    Mock,
    Resource,
    RestApi,
    TokenAuthorizer,
)

_TYPES: dict[type, str] = {
    Mock: "MOCK", Http: "HTTP", HttpProxy: "HTTP_PROXY", Lambda: "AWS", AwsService: "AWS",
    LambdaProxy: "AWS_PROXY",
}  # fmt: skip


def settings_of(api: RestApi) -> dict[str, Any]:
    """The API as a whole."""
    found: dict[str, Any] = {
        "name": api.name,
        "version": api.version,
        "description": api.description,
        "resources": [resource.path for resource in api.resources],
        "binaryMediaTypes": list(api.binary_media_types),
        "apiKeySource": api.api_key_source,
        "minimumCompressionSize": api.minimum_compression_size,
        "disableExecuteApiEndpoint": api.disable_execute_api_endpoint,
        "models": sorted(api.models),
        "policy": None if api.policy is None else dict(api.policy.document),
        "requestParameters": _only_request_parameters(api),
        "requestValidators": {
            name: {
                "validateRequestBody": each.validate_body,
                "validateRequestParameters": each.validate_parameters,
            }
            for name, each in api.validators.items()
        },
        "gatewayResponses": {
            kind: {
                "statusCode": None if each.status is None else str(each.status),
                "responseParameters": {one.target: one.expression for one in each.parameters},
            }
            for kind, each in api.gateway_responses.items()
        },
    }
    return found


def _only_request_parameters(api: RestApi) -> dict[str, str] | None:
    """The integration's parameters of the only method that has some."""
    found = [
        {mapping.target: mapping.expression for mapping in method.integration.request_parameters}
        for resource in api.resources
        for method in resource.methods.values()
        if method.integration is not None and method.integration.request_parameters
    ]
    return found[0] if found else None


def method_of(api: RestApi, resource: Resource, method: Method) -> dict[str, Any]:
    """GetMethod. What it leaves out is None here."""
    return {
        "httpMethod": method.http_method,
        "apiKeyRequired": method.api_key_required,
        "authorizationType": method.authorization_type,
        "authorizationScopes": list(method.authorization_scopes) or None,
        "operationName": method.operation_name,
        "requestParameters": dict(method.request_parameters) or None,
        "requestModels": dict(method.request_models) or None,
        "requestValidator": method.request_validator,
        "methodResponses": {
            status: _method_response(each) for status, each in method.responses.items()
        }
        or None,
        "methodIntegration": (
            None if method.integration is None else _integration(method.integration, resource)
        ),
    }


def _method_response(response: MethodResponse) -> dict[str, Any]:
    return {
        "statusCode": response.status,
        "responseParameters": dict.fromkeys(response.parameters, False) or None,
        "responseModels": dict(response.models) or None,
    }


def _integration(integration: Integration, resource: Resource) -> dict[str, Any]:
    called = None if isinstance(integration, Mock) else integration
    return {
        "type": _TYPES[type(integration)],
        "httpMethod": called.http_method if called else None,
        "uri": called.uri if called else None,
        "connectionType": getattr(integration, "connection_type", None),
        "credentials": integration.credentials,
        "requestParameters": {
            each.target: each.expression for each in integration.request_parameters
        }
        or None,
        "requestTemplates": {
            name: each.text for name, each in integration.request_templates.items()
        }
        or None,
        "passthroughBehavior": integration.passthrough_behavior,
        "contentHandling": integration.content_handling,
        "timeoutInMillis": integration.timeout_ms,
        "cacheNamespace": integration.cache_namespace or resource.id,
        "cacheKeyParameters": list(integration.cache_key_parameters),
        "integrationResponses": {
            each.status: _integration_response(each) for each in integration.responses
        }
        or None,
    }


def _integration_response(response: IntegrationResponse) -> dict[str, Any]:
    return {
        "statusCode": response.status,
        "selectionPattern": response.selection_pattern,
        "responseParameters": {each.target: each.expression for each in response.parameters}
        or None,
        "responseTemplates": {name: each.text for name, each in response.templates.items()} or None,
        "contentHandling": response.content_handling,
    }


def authorizer_of(authorizer: Authorizer) -> dict[str, Any]:
    """One of GetAuthorizers."""
    kind = {TokenAuthorizer: "TOKEN", CognitoAuthorizer: "COGNITO_USER_POOLS"}.get(type(authorizer))
    return {
        "name": authorizer.name,
        "type": kind or "REQUEST",
        "authType": authorizer.auth_type,
        "identitySource": authorizer.identity_source,
        "authorizerResultTtlInSeconds": authorizer.ttl_seconds,
        "authorizerUri": getattr(authorizer, "uri", None),
        "authorizerCredentials": getattr(authorizer, "credentials", None),
        "identityValidationExpression": getattr(authorizer, "identity_validation", None),
        "providerARNs": list(getattr(authorizer, "provider_arns", ())) or None,
    }

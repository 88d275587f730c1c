"""Authorizers, IAM and API keys as security schemes, and what a method demands of them."""

from __future__ import annotations

from typing import Any

from inspector.definitions.exporting.dialect import Dialect
from inspector.model import (
    Authorizer,
    CognitoAuthorizer,
    Method,
    RequestAuthorizer,
    RestApi,
    TokenAuthorizer,
)

_HEADER = "method.request.header."
#: The names that Amazon gives to what is no authorizer.
SIGV4, API_KEY = "sigv4", "api_key"


def schemes(api: RestApi, dialect: Dialect) -> dict[str, Any]:
    """By name: the authorizers, used or not, and what methods demand beside them."""
    found = {name: _authorizer(each, dialect) for name, each in api.authorizers.items()}
    methods = [method for resource in api.resources for method in resource.methods.values()]
    if any(method.authorization_type == "AWS_IAM" for method in methods):
        found[SIGV4] = _scheme("Authorization")
        if dialect.authorizers:
            found[SIGV4]["x-amazon-apigateway-authtype"] = "awsSigv4"
    if any(method.api_key_required for method in methods):
        found[API_KEY] = _scheme("x-api-key")
    return found


def requirements(method: Method) -> list[dict[str, list[str]]]:
    """What a caller has to bring, all of it: Amazon writes the key behind the rest, by itself.

    As exported from AWS with an authorizer and a key (published by Columbia University, 2019).
    """
    found: list[dict[str, list[str]]] = []
    if method.authorizer is not None and method.authorization_type != "NONE":
        found.append({method.authorizer: list(method.authorization_scopes)})
    elif method.authorization_type == "AWS_IAM":
        found.append({SIGV4: []})
    if method.api_key_required:
        found.append({API_KEY: []})
    return found


def _scheme(header: str) -> dict[str, Any]:
    return {"type": "apiKey", "name": header, "in": "header"}


def _authorizer(authorizer: Authorizer, dialect: Dialect) -> dict[str, Any]:
    source = authorizer.identity_source or ""
    # A REQUEST authorizer has sources of its own: Amazon writes a header that nobody reads.
    named = source.startswith(_HEADER) and not isinstance(authorizer, RequestAuthorizer)
    found = _scheme(source.removeprefix(_HEADER) if named else "Unused")
    if not dialect.authorizers:
        return found
    custom = not isinstance(authorizer, CognitoAuthorizer)
    default = "custom" if custom else "cognito_user_pools"
    found["x-amazon-apigateway-authtype"] = authorizer.auth_type or default
    found["x-amazon-apigateway-authorizer"] = _declaration(authorizer, named=named)
    return found


def _declaration(authorizer: Authorizer, *, named: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(authorizer, CognitoAuthorizer):
        found["type"] = "cognito_user_pools"
        found["providerARNs"] = list(authorizer.provider_arns)
    else:
        found["type"] = "request" if isinstance(authorizer, RequestAuthorizer) else "token"
        found["authorizerUri"] = authorizer.uri
        if authorizer.credentials:
            found["authorizerCredentials"] = authorizer.credentials
    if authorizer.identity_source and not named:
        found["identitySource"] = authorizer.identity_source
    if authorizer.ttl_seconds is not None:
        found["authorizerResultTtlInSeconds"] = authorizer.ttl_seconds
    if isinstance(authorizer, TokenAuthorizer | CognitoAuthorizer):
        expression = authorizer.identity_validation
        found |= {"identityValidationExpression": expression} if expression else {}
    return found

"""Runs a recorded case of `kind: import`: a document, and what Amazon's import made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.definitions import Bundle, Loaded, Options, read
from inspector.definitions.diagnostics import AMAZONS_WARNINGS, DEPLOY_CODES
from inspector.definitions.put import put
from inspector.model import Authorizer, CognitoAuthorizer, Method, RestApi, TokenAuthorizer


def shortfalls(case: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What is not as recorded: what, expected, got. Unknown expectations fall short too."""
    loaded = _imported(case)
    api = _resulting(case, loaded)
    for key, expected in case["expect"].items():
        got = _observed(key, loaded, api, expected)
        if got != expected:
            yield key, expected, got


def _imported(case: Mapping[str, Any]) -> Loaded:
    text = case.get("api_text") or json.dumps(case["api"])
    mode = case.get("parameters", {}).get("basepath", "ignore")
    return read(
        Bundle({"case.json" if "api" in case else "case": text}, Options(base_path_mode=mode))
    )


def _resulting(case: Mapping[str, Any], loaded: Loaded) -> RestApi | None:
    if not loaded.apis:
        return None
    api = loaded.apis[0]
    existing = case.get("existing")
    if existing is None:
        return api
    before = case["existing"].get("api") or {
        "openapi": "3.0.1",
        "info": {"title": "existing", "version": "1"},
        "paths": {},
        "x-amazon-apigateway-binary-media-types": existing.get("binaryMediaTypes", []),
    }
    (old,) = read(Bundle({"before.json": json.dumps(before)})).apis
    return put(old, api, case.get("mode", "merge"))


def _observed(key: str, loaded: Loaded, api: RestApi | None, expected: Any) -> Any:
    if key == "error":
        first = next((d for d in loaded.diagnostics if d.level == "error"), None)
        refused = first is not None and first.code not in DEPLOY_CODES
        return expected if refused and expected and first.message.startswith(expected) else None
    if key == "warnings":
        found = [d.message for d in loaded.diagnostics if d.code in AMAZONS_WARNINGS]
        return found or (expected if not expected else [])
    if api is None:
        return None
    observers = {
        "resources": lambda: [resource.path for resource in api.resources],
        "binaryMediaTypes": lambda: list(api.binary_media_types),
        "apiKeySource": lambda: api.api_key_source,
        "methods": lambda: _methods(api, expected),
        "authorizers": lambda: _authorizers(api, expected),
        "requestParameters": lambda: _request_parameters(api),
    }
    return observers[key]()


def _methods(api: RestApi, expected: Mapping[str, Mapping[str, Any]]) -> Any:
    by_path = {resource.path: resource for resource in api.resources}
    found = {}
    for name, wanted in expected.items():
        verb, path = name.split(" ", 1)
        described = _describe(by_path[path].methods[verb])
        found[name] = {key: described.get(key) for key in wanted}
    return found


def _describe(method: Method) -> dict[str, Any]:
    """A method as Amazon's GetMethod shows it."""
    return {
        "httpMethod": method.http_method,
        "apiKeyRequired": method.api_key_required,
        "authorizationType": method.authorization_type,
        "authorizationScopes": list(method.authorization_scopes) or None,
        "operationName": method.operation_name,
        "requestParameters": dict(method.request_parameters) or None,
        "requestModels": dict(method.request_models) or None,
    }


def _authorizers(api: RestApi, expected: list[Mapping[str, Any]]) -> Any:
    described = [_describe_authorizer(authorizer) for authorizer in api.authorizers.values()]
    return [
        {key: one.get(key) for key in wanted}
        for wanted, one in zip(expected, described, strict=True)
    ]


def _describe_authorizer(authorizer: Authorizer) -> dict[str, Any]:
    """An authorizer as Amazon's GetAuthorizers shows it."""
    kind = {TokenAuthorizer: "TOKEN", CognitoAuthorizer: "COGNITO_USER_POOLS"}.get(type(authorizer))
    return {
        "name": authorizer.name,
        "type": kind or "REQUEST",
        "authType": authorizer.auth_type,
        "identitySource": authorizer.identity_source,
        "authorizerResultTtlInSeconds": authorizer.ttl_seconds,
    }


def _request_parameters(api: RestApi) -> Any:
    """The integration parameters of the only method that has some."""
    found = [
        {mapping.target: mapping.expression for mapping in method.integration.request_parameters}
        for resource in api.resources
        for method in resource.methods.values()
        if method.integration is not None and method.integration.request_parameters
    ]
    return found[0] if found else None

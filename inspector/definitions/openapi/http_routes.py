"""`paths` of an HTTP API's document to routes and integrations."""

from __future__ import annotations

import hashlib

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import guess
from inspector.definitions.openapi.http_integrations import read_http_integration
from inspector.definitions.openapi.http_security import HttpSecurity
from inspector.definitions.openapi.paths import ANY_METHOD, base36
from inspector.definitions.route_keys import METHODS, check_route_key
from inspector.model import HttpApiIntegration, Route

_VERBS = {
    **{method.lower(): method for method in METHODS if method != "ANY"},
    ANY_METHOD: "ANY",
}
_INTEGRATION = "x-amazon-apigateway-integration"
#: How the route is written; without the slash an import warns and takes it (its own translator
#: wrote it so: aws/serverless-application-model#2297).
_DEFAULT_PATHS = ("/$default", "$default")
_OTHER_KEYS = frozenset({"$ref", "summary", "description", "servers", "parameters"})


def read_routes(
    context: Context, security: HttpSecurity, prefix: tuple[str, ...]
) -> tuple[dict[str, Route], dict[str, HttpApiIntegration]]:
    """Routes by key and integrations by id; `prefix` goes before each path."""
    routes: dict[str, Route] = {}
    integrations: dict[str, HttpApiIntegration] = {}
    for path, cursor in context.mapping(context.root, "paths"):
        if path.startswith("x-"):
            continue
        item = context.resolve(cursor)
        if item is None or not item.is_map:
            continue
        if path in _DEFAULT_PATHS[1:]:
            message = f"Parse issue: attribute paths. Resource {path} should start with /"
            context.notes.warning("resource-path", message, cursor.key_source, f"Write /{path}.")
        before = "" if path in _DEFAULT_PATHS else "".join(f"/{each}" for each in prefix)
        for name, operation in item.entries():
            key = _key(context, name, operation, before + path)
            if key is None:
                continue
            integration = _integration(context, operation, key)
            routes[key] = _route(context, security, operation, key, integration)
            if integration is not None:
                integrations[integration.id] = integration
    return routes, integrations


def _key(context: Context, name: str, operation: Cursor, path: str) -> str | None:
    """The key of an operation's route, None for what is no operation."""
    method = _VERBS.get(name)
    if method is None:
        if name not in _OTHER_KEYS and not name.startswith("x-"):
            message = f"{name!r} is no method of a path; left out"
            remedy = guess(name, [verb for verb in _VERBS if verb != ANY_METHOD])
            context.notes.warning("unknown-method", message, operation.key_source, remedy)
        return None
    if not operation.is_map:
        context.wrong_type(operation, "an operation")
        return None
    if path in _DEFAULT_PATHS:
        return "$default"
    key = f"{method} {path}"
    return key if check_route_key(key, operation.key_source, context.notes) else None


def _route(
    context: Context,
    security: HttpSecurity,
    operation: Cursor,
    key: str,
    integration: HttpApiIntegration | None,
) -> Route:
    access = security.access(operation)
    _note_ignored(context, operation)
    return Route(
        id=identifier(context.api_id, f"route {key}"),
        key=key,
        source=operation.key_source,
        integration=None if integration is None else integration.id,
        authorization_type=access.authorization_type,
        authorizer=access.authorizer,
        authorization_scopes=access.scopes,
        operation_name=context.text(operation, "operationId"),
    )


def _note_ignored(context: Context, operation: Cursor) -> None:
    """What Amazon's import tells as information: nothing is validated (developer guide)."""
    for name in ("requestBody", "x-amazon-apigateway-request-validator"):
        holder = operation.get(name)
        if holder is not None:
            message = f"{name} has no meaning for an HTTP API; Amazon ignores it"
            context.notes.info("ignored-by-http", message, holder.key_source)


def _integration(context: Context, operation: Cursor, key: str) -> HttpApiIntegration | None:
    declared = operation.get(_INTEGRATION)
    if declared is None or declared.is_null:
        message = f"No integration defined for route: {key}"
        remedy = f"Add {_INTEGRATION}; Amazon answers such a route 500."
        context.notes.error("no-integration", message, operation.key_source, remedy)
        return None
    resolved = context.resolve(declared)
    if resolved is None or not resolved.is_map:
        if resolved is not None:
            context.wrong_type(resolved, "a mapping")
        return None
    return read_http_integration(
        context, resolved, identifier(context.api_id, f"integration {key}"), key
    )


def identifier(api_id: str, name: str) -> str:
    """Seven lower-case letters and digits, the same on every read."""
    return base36(hashlib.sha256(f"{api_id} {name}".encode()).digest(), 7)

"""Whether a document describes a REST API or an HTTP API.

The user may say so (`--type`). Else a document is of an HTTP API if it holds anything that only
those have; Swagger 2.0 never is (HTTP APIs import OpenAPI 3.0 only), and a document that shows no
sign is of a REST API. `payloadFormatVersion` is a weak sign: Amazon imports it into REST APIs, too,
and ignores it there (recorded: LocalStack's validated tests of import with stage variables and of
Cognito's identity source), so whatever only REST APIs have outweighs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from inspector.definitions.bundle import Options
from inspector.definitions.cursor import Cursor

_PREFIX = "x-amazon-apigateway-"
_INTEGRATION = f"{_PREFIX}integration"
_AUTHORIZER = f"{_PREFIX}authorizer"
_WEAK = "payloadFormatVersion"
_OF_INTEGRATIONS = ("integrationSubtype", "responseParameters")
_OF_AUTHORIZERS = ("jwtConfiguration", "authorizerPayloadFormatVersion", "enableSimpleResponses")
_ACTIONS = ("append:", "overwrite:", "remove:")
_OF_REST_DOCUMENTS = (
    "request-validators", "request-validator", "gateway-responses", "binary-media-types",
    "api-key-source", "endpoint-configuration", "policy", "minimum-compression-size",
)  # fmt: skip
_REST_TYPES = frozenset(("mock", "http", "aws"))
_OF_REST_INTEGRATIONS = (
    "responses", "requestTemplates", "passthroughBehavior", "contentHandling", "cacheKeyParameters",
)  # fmt: skip


def kind_of(root: Cursor, options: Options, *, swagger: bool) -> Literal["rest", "http"]:
    """What the user says, else what the document shows."""
    if options.api_type is not None:
        return options.api_type
    if swagger:
        return "rest"
    if next(signs(root), None) is not None:
        return "http"
    return "http" if _weakly_http(root) and not _surely_rest(root) else "rest"


def signs(root: Cursor) -> Iterator[Cursor]:
    """What only documents of HTTP APIs have."""
    for key in (f"{_PREFIX}cors", f"{_PREFIX}importexport-version"):
        found = root.get(key)
        if found is not None:
            yield found
    tags = root.get("tags")
    for tag in tags.items() if tags is not None else ():
        value = tag.get(f"{_PREFIX}tag-value")
        if value is not None:
            yield value
    paths, components = root.get("paths"), root.get("components")
    if paths is not None:
        yield from _of_paths(paths)
    if components is not None:
        yield from _of_components(components)


def _of_paths(paths: Cursor) -> Iterator[Cursor]:
    for name in ("/$default", "$default"):
        default = paths.get(name)
        if default is not None:
            yield default
    for _, item in paths.entries():
        for _, operation in item.entries():
            yield from _of_integration(operation.get(_INTEGRATION))


def _of_components(components: Cursor) -> Iterator[Cursor]:
    """Shared integrations are for HTTP APIs only (guide); mocks among them are none of those."""
    shared = components.get(f"{_PREFIX}integrations")
    entries = list(shared.entries()) if shared is not None else []
    if entries and not any(_typed(each) in _REST_TYPES for _, each in entries):
        yield entries[0][1]
    for _, each in entries:
        yield from _of_integration(each)
    schemes = components.get("securitySchemes")
    for _, each in schemes.entries() if schemes is not None else ():
        yield from _of_scheme(each)


def _weakly_http(root: Cursor) -> bool:
    return any(each.get(_WEAK) is not None for each in _integrations(root))


def _surely_rest(root: Cursor) -> bool:
    if any(root.get(f"{_PREFIX}{name}") is not None for name in _OF_REST_DOCUMENTS):
        return True
    return any(
        _typed(each) in _REST_TYPES
        or any(each.get(key) is not None for key in _OF_REST_INTEGRATIONS)
        for each in _integrations(root)
    )


def _typed(integration: Cursor) -> str:
    found = integration.get("type")
    return "" if found is None else found.text.lower()


def _integrations(root: Cursor) -> Iterator[Cursor]:
    paths, components = root.get("paths"), root.get("components")
    for _, item in paths.entries() if paths is not None else ():
        for _, operation in item.entries():
            found = operation.get(_INTEGRATION)
            if found is not None:
                yield found
    shared = components.get(f"{_PREFIX}integrations") if components is not None else None
    for _, each in shared.entries() if shared is not None else ():
        yield each


def _of_integration(integration: Cursor | None) -> Iterator[Cursor]:
    if integration is None:
        return
    for key in _OF_INTEGRATIONS:
        found = integration.get(key)
        if found is not None:
            yield found
    mappings = integration.get("requestParameters")
    for target, expression in mappings.entries() if mappings is not None else ():
        if target.startswith(_ACTIONS) or expression.text.startswith("$request."):
            yield expression


def _of_scheme(scheme: Cursor) -> Iterator[Cursor]:
    authorizer = scheme.get(_AUTHORIZER)
    if authorizer is None:
        return
    for key in _OF_AUTHORIZERS:
        found = authorizer.get(key)
        if found is not None:
            yield found
    source = authorizer.get("identitySource")
    if source is not None and "$request." in source.text:
        yield source

"""`x-amazon-apigateway-integration` of an HTTP API."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cursor import Cursor
from inspector.definitions.http_integration_rules import (
    ONLY_PROXIES,
    OPENAPI,
    check_http_integration,
    where_in,
)
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import guess
from inspector.definitions.openapi.templates import read_parameters
from inspector.model import HTTP_TIMEOUT_MS, HttpApiIntegration

TYPES = ("AWS_PROXY", "HTTP_PROXY")
#: Those of REST APIs; an import warns of them and goes on (developer guide, "Import validation").
_OTHER_TYPES = ("AWS", "HTTP", "MOCK")
_PAYLOADS = ("1.0", "2.0")
_PROPERTIES = frozenset(
    {
        "connectionId",
        "connectionType",
        "credentials",
        "description",
        "httpMethod",
        "integrationSubtype",
        "integrationTarget",
        "payloadFormatVersion",
        "requestParameters",
        "responseParameters",
        "timeoutInMillis",
        "tlsConfig",
        "type",
        "uri",
    }
)


def read_http_integration(
    context: Context, cursor: Cursor, identifier: str, key: str
) -> HttpApiIntegration | None:
    """The integration of the route `key`, None (with the reason noted) where its type is wrong."""
    _check_properties(context, cursor)
    kind = (context.text(cursor, "type") or "").upper()
    if kind not in TYPES:
        _note_type(context, cursor, kind, key)
        return None
    timeout = context.integer(cursor, "timeoutInMillis")
    connection = (context.text(cursor, "connectionType") or "INTERNET").upper()
    tls = cursor.get("tlsConfig")
    subtype = context.text(cursor, "integrationSubtype")
    context.unenforced_of(cursor, "credentials" if subtype else None, "connectionId")
    integration = HttpApiIntegration(
        id=identifier,
        type=cast("Any", kind),
        source=cursor.source,
        uri=context.text(cursor, "uri"),
        method=_method(context, cursor),
        subtype=subtype,
        payload_version=cast("Any", _payload(context, cursor, kind, key)),
        request_parameters=read_parameters(context, cursor, "requestParameters", None),
        response_parameters={
            status: read_parameters(context, holder, status, None)
            for holder in (cursor.get("responseParameters"),)
            if holder is not None
            for status, _ in holder.entries()
        },
        timeout_ms=HTTP_TIMEOUT_MS if timeout is None else timeout,
        tls_server_name=context.text(tls, "serverNameToVerify") if tls is not None else None,
        connection_type="VPC_LINK" if connection == "VPC_LINK" else "INTERNET",
        connection_id=context.text(cursor, "connectionId"),
        credentials=context.text(cursor, "credentials"),
        description=context.text(cursor, "description"),
    )
    check_http_integration(
        integration, key, context.notes, where_in(cursor, OPENAPI, cursor.source), imported=True
    )
    return integration


def _note_type(context: Context, cursor: Cursor, kind: str, key: str) -> None:
    holder = cursor.get("type")
    source = holder.source if holder is not None else cursor.source
    remedy = "Use http_proxy or aws_proxy, or read this as a REST API (--type rest)."
    if kind in _OTHER_TYPES:
        message = f"{key}: {ONLY_PROXIES}; the route is left without one"
        context.notes.warning("integration-type", message, source, remedy)
        return
    message = f"{key}: an HTTP API has no integrations of the type {kind.lower()!r}"
    context.notes.error("integration-type", message, source, remedy)


def _method(context: Context, cursor: Cursor) -> str | None:
    method = context.text(cursor, "httpMethod")
    if method is None:
        return None
    return "ANY" if method.lower() in ("x-amazon-apigateway-any-method", "*") else method.upper()


def _payload(context: Context, cursor: Cursor, kind: str, key: str) -> str:
    """1.0 where the document does not say, which Amazon wants it to for functions."""
    version = context.text(cursor, "payloadFormatVersion")
    if version in _PAYLOADS:
        return version
    if version is not None:
        holder = cursor.get("payloadFormatVersion")
        message = f"{key}: there is no payload format {version!r}; 1.0 is assumed"
        source = holder.source if holder is not None else cursor.source
        context.notes.warning("payload-version", message, source, "Write '1.0' or '2.0'.")
    elif kind == "AWS_PROXY" and cursor.get("integrationSubtype") is None:
        message = f"{key} says no payloadFormatVersion; 1.0 is assumed"
        remedy = "Write payloadFormatVersion: '2.0' (or '1.0')."
        context.notes.warning("payload-version", message, cursor.source, remedy)
    return "1.0"


#: Properties of REST APIs' integrations, as in an export that is imported as an HTTP API.
_OF_REST = frozenset(
    {
        "cacheKeyParameters",
        "cacheNamespace",
        "contentHandling",
        "passthroughBehavior",
        "requestTemplates",
        "responses",
    }
)


def _check_properties(context: Context, cursor: Cursor) -> None:
    for name, value in cursor.entries():
        if name in _OF_REST:
            message = f"{name} has no meaning for an HTTP API; Amazon ignores it"
            context.notes.info("ignored-by-http", message, value.key_source)
        elif name not in _PROPERTIES and not name.startswith("x-"):
            message = f"an integration of an HTTP API has no property {name!r}; it is ignored"
            remedy = guess(name, sorted(_PROPERTIES))
            context.notes.warning("unknown-property", message, value.key_source, remedy)

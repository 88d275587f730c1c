"""`x-amazon-apigateway-integration`: what a method does with its request."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import check_integration
from inspector.definitions.openapi.integration_responses import read_responses
from inspector.definitions.openapi.place import Place
from inspector.definitions.openapi.templates import read_parameters, read_templates
from inspector.definitions.openapi.uris import complaint
from inspector.model import (
    DEFAULT_TIMEOUT_MS,
    AwsService,
    Http,
    HttpProxy,
    Integration,
    Lambda,
    LambdaProxy,
    Mock,
    Source,
)
from inspector.model.service_uri import parse_service

TYPES = ("http", "mock", "aws_proxy", "http_proxy", "aws")
_PASSTHROUGH = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
_HANDLING = ("CONVERT_TO_TEXT", "CONVERT_TO_BINARY")
_SHORTEST_MS = 50
#: The longest that a streamed answer may take (guide, "Stream the integration response": 15 min).
LONGEST_STREAM_MS = 900_000


class _Endpoint(TypedDict):
    http_method: str
    uri: str
    response_transfer_mode: Literal["BUFFERED", "STREAM"]
    tls_insecure: bool


def read_integration(context: Context, cursor: Cursor, place: Place) -> Integration | None:
    """The integration, or None (with an error noted) where its type or URI cannot be used."""
    resolved = context.resolve(cursor)
    if resolved is None or not resolved.is_map:
        if resolved is not None:
            context.wrong_type(resolved, "a mapping")
        return None
    cursor = resolved
    check_integration(cursor, context.notes)
    kind = (context.text(cursor, "type") or "").lower()
    if kind not in TYPES:
        _wrong_type_name(context, cursor, place)
        return None
    common = _common(context, cursor, place)
    if kind == "mock":
        return Mock(**common)
    endpoint = _endpoint(context, cursor, kind, place)
    if endpoint is None:
        return None
    if kind in ("http", "http_proxy"):
        connection = _choice(context, cursor, "connectionType", ("INTERNET", "VPC_LINK"))
        link = context.text(cursor, "connectionId")
        made = Http if kind == "http" else HttpProxy
        return made(
            **common, **endpoint, connection_type=connection or "INTERNET", connection_id=link
        )
    if kind == "aws_proxy" and ":firehose:" in endpoint["uri"]:
        message = f"{place.method} {place.path}: AWS_PROXY with Firehose is run like type AWS"
        remedy = "What Amazon sends to Firehose by itself is not known."
        context.notes.warning("firehose-proxy", message, cursor.source, remedy)
    return _aws(kind, common, endpoint)


def _aws(kind: str, common: dict[str, Any], endpoint: _Endpoint) -> Integration:
    parsed = parse_service(endpoint["uri"])
    if parsed is not None and (
        parsed.is_function or (parsed.service == "lambda" and kind == "aws_proxy")
    ):
        made = LambdaProxy if kind == "aws_proxy" else Lambda
        return made(**common, **endpoint)
    service, subdomain = (parsed.service, parsed.subdomain) if parsed else ("", "")
    return AwsService(**common, **endpoint, service=service, subdomain=subdomain)


def _wrong_type_name(context: Context, cursor: Cursor, place: Place) -> None:
    given = cursor.get("type")
    value = given.text if given is not None else ""
    reason = (
        f"Value '{value}' at 'type' failed to satisfy constraint: Member must satisfy "
        "enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]"
    )
    message = place.unable("put integration", reason)
    source = given.source if given is not None else cursor.source
    remedy = f"Give the integration one of the types {', '.join(TYPES)}."
    context.notes.error("integration-type", message, source, remedy)


def _common(context: Context, cursor: Cursor, place: Place) -> dict[str, Any]:
    """What all types of integration declare, as keyword arguments of their classes."""
    cache_keys = context.texts(cursor, "cacheKeyParameters")
    credentials = context.text(cursor, "credentials")
    context.unenforced_of(cursor, "credentials", "connectionId")
    timeout = context.integer(cursor, "timeoutInMillis")
    _check_timeout(context, cursor, timeout, place)
    passthrough = _choice(context, cursor, "passthroughBehavior", _PASSTHROUGH)
    return {
        "source": cursor.source,
        "request_parameters": read_parameters(context, cursor, "requestParameters", place),
        "request_templates": read_templates(context, cursor, "requestTemplates"),
        "passthrough_behavior": passthrough or "WHEN_NO_MATCH",
        "content_handling": _choice(context, cursor, "contentHandling", _HANDLING),
        "timeout_ms": DEFAULT_TIMEOUT_MS if timeout is None else timeout,
        "responses": read_responses(context, cursor, place),
        "cache_key_parameters": cache_keys,
        "cache_namespace": context.text(cursor, "cacheNamespace"),
        "credentials": credentials,
    }


def _endpoint(context: Context, cursor: Cursor, kind: str, place: Place) -> _Endpoint | None:
    uri = context.text(cursor, "uri")
    holder = cursor.get("uri")
    if uri is None and holder is not None and holder.is_map:
        return None
    reason = complaint(kind, uri or "")
    if uri is None or reason is not None:
        message = place.unable("put integration", str(reason))
        context.notes.error("integration-uri", message, _wrong(cursor, uri), _uri_remedy(kind))
        return None
    tls = cursor.get("tlsConfig")
    mode = _choice(context, cursor, "responseTransferMode", ("BUFFERED", "STREAM"))
    return {
        "http_method": _http_method(context, cursor, kind, place),
        "uri": uri,
        "response_transfer_mode": "STREAM" if mode == "STREAM" else "BUFFERED",
        "tls_insecure": bool(tls and context.flag(tls, "insecureSkipVerification")),
    }


def _wrong(cursor: Cursor, uri: str | None) -> Source:
    """The type where the URI would do for another one, or is missing; else the URI."""
    kind, holder = cursor.get("type"), cursor.get("uri")
    fits_another = uri is None or any(complaint(each, uri) is None for each in ("http", "aws"))
    if kind is not None and (holder is None or fits_another):
        return kind.source
    return cursor.source if holder is None else holder.source


def _uri_remedy(kind: str) -> str:
    if kind in ("http", "http_proxy"):
        return "Start it with http:// or https://; stage variables may follow."
    return (
        "Write arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION_ARN/invocations"
        " for a function, or arn:aws:apigateway:REGION:SERVICE:action|path/… for a service."
    )


def _http_method(context: Context, cursor: Cursor, kind: str, place: Place) -> str:
    method = (context.text(cursor, "httpMethod") or "").upper()
    if method in ("X-AMAZON-APIGATEWAY-ANY-METHOD", "*"):
        return "ANY"
    if method:
        return method
    if kind == "aws_proxy":
        message = f"{place.method} {place.path} says no httpMethod; POST is assumed"
        remedy = "Write httpMethod: POST, which is what functions are invoked with."
        context.notes.warning("no-http-method", message, cursor.source, remedy)
        return "POST"
    reason = "Enumeration value for HttpMethod must be non-empty"
    message = place.unable("put integration", reason)
    remedy = "Add httpMethod, the method the backend is called with (or ANY)."
    written = cursor.get("httpMethod")
    source = cursor.source if written is None else written.source
    context.notes.error("no-http-method", message, source, remedy)
    return place.method


def _choice(context: Context, cursor: Cursor, key: str, allowed: tuple[str, ...]) -> Any | None:
    """One of `allowed` in any case (fact 266); Amazon's default, with a warning, for the rest."""
    value = context.text(cursor, key)
    if not value or value.upper() in allowed:
        return value.upper() if value else None
    holder = cursor.get(key)
    message = f"{key} knows no {value!r}; left out"
    source = holder.source if holder is not None else cursor.source
    context.notes.warning("unknown-value", message, source, f"Use {' or '.join(allowed)}.")
    return None


def _check_timeout(context: Context, cursor: Cursor, timeout: int | None, place: Place) -> None:
    holder = cursor.get("timeoutInMillis")
    streams = (context.text(cursor, "responseTransferMode") or "").upper() == "STREAM"
    longest = LONGEST_STREAM_MS if streams else DEFAULT_TIMEOUT_MS
    if timeout is None or holder is None or _SHORTEST_MS <= timeout <= longest:
        return
    bounds = f"{_SHORTEST_MS} to {longest} ms"
    message = f"{place.method} {place.path} waits {timeout} ms; Amazon allows {bounds}"
    remedy = "Longer ones need a raised quota in the account, shorter ones are refused."
    context.notes.warning("timeout", message, holder.source, remedy)

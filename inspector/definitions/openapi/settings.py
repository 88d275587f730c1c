"""What a document says about the API as a whole."""

from __future__ import annotations

from typing import Any

from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.endpoint import endpoint_configuration
from inspector.definitions.openapi.resource_policy import read_policy

_ENDPOINT_TYPES = ("REGIONAL", "EDGE", "PRIVATE")
_PREFIX = "x-amazon-apigateway-"


def read_settings(context: Context) -> dict[str, Any]:
    """Keyword arguments of RestApi."""
    root = context.root
    _note_left_out(context)
    return {
        **read_info(context),
        **_endpoint(context),
        "binary_media_types": context.texts(root, f"{_PREFIX}binary-media-types"),
        "api_key_source": _api_key_source(context),
        "minimum_compression_size": context.integer(root, f"{_PREFIX}minimum-compression-size"),
        "policy": read_policy(context.root.get(f"{_PREFIX}policy"), context),
    }


def _note_left_out(context: Context) -> None:
    """Parts of the document that have no place in the model, said rather than dropped."""
    for key in ("security-policy", "endpoint-access-mode"):
        cursor = context.root.get(f"{_PREFIX}{key}")
        if cursor is not None:
            context.unenforced("tls-policy", cursor.key_source)
    for key, what in (("webhooks", "webhooks"), (f"{_PREFIX}documentation", "documentation parts")):
        cursor = context.root.get(key)
        if cursor is not None:
            context.notes.info("left-out", f"{what} change no answer; left out", cursor.key_source)


def read_info(context: Context) -> dict[str, Any]:
    """Name, version and description, as keyword arguments of any Api."""
    info = context.root.get("info")
    name = context.text(info, "title") if info is not None else None
    if name is None:
        message = "the document has no info.title; the file's name stands in"
        source = info.source if info is not None else context.root.source
        context.notes.warning("no-title", message, source, "Add info: {title: …, version: …}.")
        name = context.root.document.file.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "api"
    return {
        "name": name,
        "version": context.text(info, "version") if info is not None else None,
        "description": context.text(info, "description") if info is not None else None,
    }


def _endpoint(context: Context) -> dict[str, Any]:
    cursor = endpoint_configuration(context)
    if cursor is None:
        return {}
    found: dict[str, Any] = {"vpc_endpoint_ids": context.texts(cursor, "vpcEndpointIds")}
    types = context.texts(cursor, "types") or context.texts(cursor, "type")
    if types and types[0].upper() in _ENDPOINT_TYPES:
        found["endpoint_type"] = types[0].upper()
    elif types:
        message = f"the endpoint type {types[0]!r} is unknown; REGIONAL is assumed"
        remedy = f"Use one of {', '.join(_ENDPOINT_TYPES)}."
        context.notes.warning("endpoint-type", message, cursor.source, remedy)
    if found.get("endpoint_type") == "PRIVATE" or found["vpc_endpoint_ids"]:
        message = "a private API: here it is reached by its address, and its policy decides"
        remedy = "Say which VPC endpoint calls: --caller FILE with vpc_endpoint and vpc_id."
        context.notes.info("private-api", message, cursor.source, remedy)
    disabled = bool(context.flag(cursor, "disableExecuteApiEndpoint"))
    return {**found, "disable_execute_api_endpoint": disabled}


def _api_key_source(context: Context) -> str:
    value = (context.text(context.root, f"{_PREFIX}api-key-source") or "HEADER").upper()
    if value in ("HEADER", "AUTHORIZER"):
        return value
    holder = context.root.get(f"{_PREFIX}api-key-source")
    source = holder.source if holder is not None else context.root.source
    message = f"the API key source {value!r} is unknown; HEADER is assumed"
    context.notes.warning("unknown-value", message, source, "Use HEADER or AUTHORIZER.")
    return "HEADER"

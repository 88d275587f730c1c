"""The event of a Lambda proxy integration, payload format 1.0.

Sources: facts 36, 37, 41-44, 47, 48, 161-171 (recorded, keys in wire order).
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import orjson

from inspector.gateway import content, context, xray
from inspector.gateway.query import all_values
from inspector.gateway.results import Routed
from inspector.message import Field


def payload(routed: Routed) -> bytes:
    """The event as the JSON that the function gets."""
    return json_of(event(routed))


def json_of(value: dict[str, Any]) -> bytes:
    """Compact JSON; the standard library writes what orjson will not (half a character)."""
    try:
        return orjson.dumps(value)
    except TypeError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def event(routed: Routed) -> dict[str, Any]:
    """The event as values, keys in Amazon's order."""
    client, resolved = routed.client, routed.resolved
    fields = headers(routed)
    body, encoded = _body(routed)
    return {
        "resource": routed.plan.resource.path,
        "path": resolved.target.event_path,
        "httpMethod": resolved.request.method,
        "headers": dict(fields),
        "multiValueHeaders": all_values(tuple(fields)),
        "queryStringParameters": client.query_values or None,
        "multiValueQueryStringParameters": all_values(client.query) or None,
        "pathParameters": client.path_parameters or None,
        "stageVariables": dict(resolved.deployment.stage.variables) or None,
        "requestContext": context.of_routed(routed),
        "body": body,
        "isBase64Encoded": encoded,
    }


def headers(routed: Routed) -> list[Field]:
    """What the client sent and Amazon shows, and what it adds (facts 45, 167)."""
    environment, request = routed.resolved.environment, routed.resolved.request
    own = {
        xray.NAME: xray.value(request, environment),
        "X-Forwarded-For": environment.caller.source_ip,
        "X-Forwarded-Port": "443" if environment.scheme == "https" else "80",
        "X-Forwarded-Proto": environment.scheme,
    }
    names = {name.lower() for name in own}
    if routed.access.identity is not None:
        # A signature is for the gateway alone (recorded: rest_websocket_logs, 2026).
        names.add("authorization")
    shown = [
        # Whatever its case was (access-control facts, section 8: recorded).
        ("X-Api-Key", value) if name.lower() == "x-api-key" else (name, value)
        for name, value in routed.client.headers
        if name.lower() not in names
    ]
    return [*shown, *own.items()]


def _body(routed: Routed) -> tuple[str | None, bool]:
    request, api = routed.resolved.request, routed.resolved.deployment.api
    if not request.body:
        return None, False
    if content.listed(api.binary_media_types, request.headers.get("content-type")):
        return b64encode(request.body).decode("ascii"), True
    return routed.client.body_text, False

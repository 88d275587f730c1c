"""The request for an HTTP backend or, unsigned, for an AWS service.

Sources: as `stages.prepare` says; the rest follows the HTTP integrations of REST APIs.
"""

from __future__ import annotations

from inspector.gateway import query as query_strings
from inspector.gateway import xray
from inspector.gateway.effects import BackendRequest
from inspector.gateway.http_request import Mapped
from inspector.gateway.uri import UriTemplate
from inspector.gateway.visible import forwarded
from inspector.gateway.websocket.results import Chosen
from inspector.message import Field, Headers
from inspector.model import WebSocketIntegration

_BODYLESS = ("GET", "HEAD", "DELETE", "OPTIONS")


def build(
    chosen: Chosen,
    integration: WebSocketIntegration,
    uri: UriTemplate,
    mapped: Mapped,
    body: bytes,
) -> BackendRequest:
    """The request for one event; `body` is what a template or passthrough made."""
    method = integration.method or "POST"
    if method == "ANY":
        method = "POST" if body else "GET"
    path, query = uri.fill(mapped.path)
    parts = [query] if query else []
    for name, value in mapped.query:
        values = value if isinstance(value, list) else [value or ""]
        parts.append(query_strings.write((name, each) for each in values))
    whole = "&".join(parts)
    fields = _fields(chosen, integration, mapped, uri.host, body)
    if body or method not in _BODYLESS:
        fields.append(("Content-Length", str(len(body))))
    url = f"{uri.origin}{path}?{whole}" if whole else uri.origin + path
    return BackendRequest(method, url, Headers(tuple(fields)), body)


def _fields(
    chosen: Chosen, integration: WebSocketIntegration, mapped: Mapped, host: str, body: bytes
) -> list[Field]:
    joined = chosen.joined
    api_id = joined.deployment.api.id
    fields: list[Field] = [("Host", host)]
    if joined.socket.event == "CONNECT" and integration.type in ("HTTP", "HTTP_PROXY"):
        fields += [pair for pair in joined.request.headers.fields if forwarded(pair[0])]
    else:
        fields += [("Accept", "application/json"), ("User-Agent", f"AmazonAPIGateway_{api_id}")]
        if body:
            fields.append(("Content-Type", "application/json"))
    fields += [
        ("X-Amzn-Apigateway-Api-Id", api_id),
        (xray.NAME, xray.value(joined.request, joined.environment)),
    ]
    given = {name.lower() for name in mapped.headers}
    kept = [pair for pair in fields if pair[0].lower() not in given]
    for name, value in mapped.headers.items():
        kept += [(name, each) for each in (value if isinstance(value, list) else [value])]
    return kept

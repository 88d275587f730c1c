"""The request for an HTTP backend (or, unsigned, for an AWS service), as Amazon sends it.

Sources: facts 114-120, 125-127, 133-138, 148, 149 (recorded).
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway import method_override, xray
from inspector.gateway import query as query_strings
from inspector.gateway.client_view import ClientView
from inspector.gateway.effects import BackendRequest
from inspector.gateway.java.text import to_text
from inspector.gateway.parameters import CompiledMapping, Scope, Values, as_text
from inspector.gateway.results import Routed
from inspector.gateway.uri import UriTemplate
from inspector.gateway.visible import NOT_SENT, forwarded
from inspector.message import Field, Headers
from inspector.model import AwsService, Http, HttpProxy


class Mapped:
    """The values that request mappings gave, by place."""

    __slots__ = ("headers", "path", "query")

    def __init__(self, mappings: tuple[CompiledMapping, ...], scope: Scope) -> None:
        self.headers: dict[str, str | list[str]] = {}
        self.path: dict[str, str] = {}
        self.query: list[tuple[str, Values]] = []
        for mapping in mappings:
            value = mapping.get(scope)
            if value is None:
                continue
            if mapping.place == "querystring":
                self.query.append((mapping.name, value))
            elif mapping.place == "header":
                self.headers[mapping.name] = as_text(value) or ""
            elif mapping.place == "path":
                self.path[mapping.name] = as_text(value) or ""

    def override(self, overrides: Mapping[str, object]) -> None:
        """What a template set in `$context.requestOverride` goes before mappings and client."""
        self.headers.update(_texts(overrides.get("header")))
        for name, value in _texts(overrides.get("path")).items():
            self.path[name] = as_text(value) or ""
        for name, value in _texts(overrides.get("querystring")).items():
            self.query = [pair for pair in self.query if pair[0] != name]
            self.query.append((name, value))

    def shown(self) -> dict[str, str]:
        """The headers for the trace."""
        return {name: as_text(value) or "" for name, value in self.headers.items()}


def _texts(values: object) -> dict[str, str | list[str]]:
    """The members of an override map as text; a list is sent value by value (107)."""
    if not isinstance(values, Mapping):
        return {}
    return {
        name: [to_text(each) for each in value] if isinstance(value, list) else to_text(value)
        for name, value in values.items()
        if value is not None
    }


def build(
    routed: Routed,
    integration: Http | HttpProxy | AwsService,
    uri: UriTemplate,
    mapped: Mapped,
    body: bytes,
) -> BackendRequest:
    """The request for one exchange; `body` is what a template or passthrough made."""
    method = integration.http_method
    if method == "ANY":
        method = routed.resolved.request.method
    proxied = isinstance(integration, HttpProxy)
    path, uri_query = uri.fill(mapped.path)
    query = _query(uri_query, routed.client if proxied else None, mapped)
    headers = _proxied_headers(routed) if proxied else _own_headers(routed)
    fields = _overlaid(headers, mapped.headers, uri.host)
    fields.extend(_gateway_headers(routed, mapped))
    if body or method not in ("GET", "HEAD", "DELETE", "OPTIONS"):
        fields.append(("Content-Length", str(len(body))))
    url = f"{uri.origin}{path}?{query}" if query else uri.origin + path
    return BackendRequest(method, url, Headers(tuple(fields)), body)


def _query(uri_query: str, client: ClientView | None, mapped: Mapped) -> str:
    """The URI's own query, the client's (proxy only), the mapped: equal names add up (116)."""
    parts = [uri_query] if uri_query else []
    if client is not None and client.raw_query:
        parts.append(query_strings.write(client.query))
    for name, value in mapped.query:
        values = value if isinstance(value, list) else [value or ""]
        parts.append(query_strings.write((name, each) for each in values))
    return "&".join(parts)


def _proxied_headers(routed: Routed) -> list[Field]:
    """What the client sent, less what Amazon keeps back.

    A signature that was verified goes no further (access-control facts, section 3: recorded for
    functions; developer guide, known issues).
    """
    headers = routed.resolved.request.headers
    signed = routed.access.identity is not None
    return [
        pair
        for pair in headers.fields
        if forwarded(pair[0])
        and not (signed and pair[0].lower() == "authorization")
        and pair[0].lower() != method_override.NAME
    ]


def _own_headers(routed: Routed) -> list[Field]:
    """The defaults of an HTTP integration (133-135): the client's are not forwarded."""
    request = routed.resolved.request
    fields = [
        ("Accept", "application/json"),
        ("User-Agent", f"AmazonAPIGateway_{routed.resolved.deployment.api.id}"),
    ]
    declared = request.headers.get("content-type")
    if declared is not None and request.method != "GET":
        fields.append(("Content-Type", declared))
    elif request.body:
        fields.append(("Content-Type", "application/json"))
    return fields


def _overlaid(fields: list[Field], mapped: Mapping[str, str | list[str]], host: str) -> list[Field]:
    """A mapped header replaces one of the same name (115); the Host is the backend's (138)."""
    if not mapped:
        return [("Host", host), *fields]
    names = {name.lower() for name in mapped}
    kept = [pair for pair in fields if pair[0].lower() not in names]
    sent = [
        (name, each)
        for name, value in mapped.items()
        if name.lower() not in NOT_SENT
        for each in (value if isinstance(value, list) else (value,))
    ]
    first = [] if "host" in names else [("Host", host)]
    return [*first, *kept, *sent]


def _gateway_headers(routed: Routed, mapped: Mapped) -> list[Field]:
    resolved = routed.resolved
    own = [
        ("X-Amzn-Apigateway-Api-Id", resolved.deployment.api.id),
        (xray.NAME, xray.value(resolved.request, resolved.environment)),
    ]
    if not mapped.headers:
        return own
    given = {name.lower() for name in mapped.headers}
    return [pair for pair in own if pair[0].lower() not in given]

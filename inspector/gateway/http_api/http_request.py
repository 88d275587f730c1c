"""The request for the backend of an HTTP_PROXY integration.

Sources: http-api.md, sections 1 and 6: the client's request passes; the Host is the backend's;
`Forwarded`, `Via` and X-Amzn-Trace-Id are added, X-Forwarded-* are not; `$default` gets the whole
path behind the URI. What stands in `by=` is the address of Amazon's front, here our own.
"""

from __future__ import annotations

from inspector.gateway import xray
from inspector.gateway.effects import BackendRequest
from inspector.gateway.http_api.results import Matched
from inspector.gateway.http_api.routes import DEFAULT_ROUTE
from inspector.gateway.uri import UriTemplate
from inspector.message import Field, Headers
from inspector.model import HttpApiIntegration

VIA = "HTTP/1.1 AmazonAPIGateway"
_NOT_FORWARDED = frozenset(
    {
        "connection",
        "content-length",
        "forwarded",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-amzn-trace-id",
    }
)
_BODYLESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


def build(matched: Matched, integration: HttpApiIntegration, uri: UriTemplate) -> BackendRequest:
    """The request for one exchange, before its parameters are mapped."""
    request, target = matched.staged.request, matched.staged.target
    declared = (integration.method or "ANY").upper()
    method = request.method if declared == "ANY" else declared
    path, own_query = uri.fill(matched.client.path_parameters)
    if matched.plan.route.key == DEFAULT_ROUTE:
        path = path.rstrip("/") + target.path
    query = "&".join(part for part in (own_query, target.query) if part)
    url = f"{uri.origin}{path}?{query}" if query else uri.origin + path
    fields = [("Host", uri.host)]
    fields.extend(
        field for field in request.headers.fields if field[0].lower() not in _NOT_FORWARDED
    )
    fields.extend(_added(matched))
    if request.body or method not in _BODYLESS:
        fields.append(("Content-Length", str(len(request.body))))
    return BackendRequest(method, url, Headers(tuple(fields)), request.body)


def _added(matched: Matched) -> list[Field]:
    staged = matched.staged
    environment = staged.environment
    host = staged.request.host or staged.deployment.api.host
    client = environment.caller.source_ip
    return [
        ("Forwarded", f"by=127.0.0.1;for={client};host={host};proto={environment.scheme}"),
        ("Via", VIA),
        (xray.NAME, xray.value(staged.request, environment)),
    ]

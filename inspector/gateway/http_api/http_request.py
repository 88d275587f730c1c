"""The request for the backend of an HTTP_PROXY integration.

Sources: http-api.md, sections 1 and 6: the client's request passes; the Host is the backend's;
`Forwarded`, `Via` and X-Amzn-Trace-Id are added (both texts as backends of users have logged them),
X-Forwarded-* are not; `$default` gets the whole path behind the URI, a private integration all of
it, with the stage. What stands in `by=` is the address of Amazon's front, here our own. Users of
load balancers overwrite the Host, which is not reserved.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from inspector.gateway import xray
from inspector.gateway.effects import BackendRequest
from inspector.gateway.http_api.mapped_request import MappedRequest
from inspector.gateway.http_api.private_link import whole_path
from inspector.gateway.http_api.results import Matched
from inspector.gateway.http_api.routes import DEFAULT_ROUTE
from inspector.gateway.uri import UriTemplate
from inspector.message import Field, Headers
from inspector.model import HttpApiIntegration

VIA = "HTTP/1.1 AmazonAPIGateway"
_KEPT = "/:@!$&'()*+,;=~"
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


def build(
    mapped: MappedRequest, integration: HttpApiIntegration, uri: UriTemplate
) -> BackendRequest:
    """The request for one exchange."""
    matched = mapped.matched
    request, target = matched.staged.request, matched.staged.target
    declared = (integration.method or "ANY").upper()
    method = request.method if declared == "ANY" else declared
    path, own_query = uri.fill(_encoded(matched.client.path_parameters))
    if mapped.path is not None:
        path = quote(mapped.path, safe=f"{_KEPT}%")
    elif matched.plan.private:
        path = whole_path(target)
    elif matched.plan.route.key == DEFAULT_ROUTE:
        path = path.rstrip("/") + target.inner_path
    query = "&".join(part for part in (own_query, target.query) if part)
    url = f"{uri.origin}{path}?{query}" if query else uri.origin + path
    fields = [("Host", _mapped_host(mapped) or uri.host)]
    fields.extend(
        field for field in request.headers.fields if field[0].lower() not in _NOT_FORWARDED
    )
    fields.extend(_added(matched))
    if request.body or method not in _BODYLESS:
        fields.append(("Content-Length", str(len(request.body))))
    return BackendRequest(method, url, Headers(tuple(fields)), request.body)


def _mapped_host(mapped: MappedRequest) -> str | None:
    """The Host that a mapping sets, as users do for load balancers: it is not reserved."""
    for made in mapped.changes:
        change = made.change
        if change.place == "header" and change.name.lower() == "host" and made.value:
            return made.value
    return None


def _encoded(values: Mapping[str, str]) -> dict[str, str]:
    """Path variables are decoded; in a URL they have to be encoded again."""
    return {name: quote(value, safe=_KEPT) for name, value in values.items()}


def _added(matched: Matched) -> list[Field]:
    staged = matched.staged
    environment = staged.environment
    host = staged.request.host or staged.deployment.api.host
    client = environment.caller.source_ip
    # `by=` is seen where the API is called by Amazon's own name, not on custom domains.
    by = "by=127.0.0.1;" if ".execute-api." in host else ""
    return [
        ("Forwarded", f"{by}for={client};host={host};proto={environment.scheme}"),
        ("Via", VIA),
        (xray.NAME, xray.value(staged.request, environment)),
    ]

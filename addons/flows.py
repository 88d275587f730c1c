"""Flow ↔ message: pure conversions. Bytes become latin-1 text and come back unchanged."""

from __future__ import annotations

from mitmproxy import http

from inspector.message import Headers, Request, Response

#: What HTTP/2 forbids in an answer (RFC 9113 section 8.2.2).
_CONNECTION_FIELDS = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})
_BODYLESS = frozenset({204, 304})


def fields_of(headers: http.Headers) -> Headers:
    """Headers as the core knows them."""
    return Headers(
        tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.fields)
    )


def request_of(flow: http.HTTPFlow, body: bytes | None = None) -> Request:
    """The client's request; HTTP/2 carries its host outside of the headers, here it is a header."""
    request = flow.request
    headers = fields_of(request.headers)
    if request.is_http2 and "host" not in headers:
        authority = request.authority or request.pretty_host
        headers = Headers((("Host", authority), *headers.fields))
    content = request.raw_content if body is None else body
    return Request(request.method, request.path, headers, content or b"")


def response_of(response: http.Response, body: bytes | None = None) -> Response:
    """An answer of a host that is not ours."""
    content = response.raw_content if body is None else body
    return Response(response.status_code, fields_of(response.headers), content or b"")


def answer(flow: http.HTTPFlow, response: Response, now: float) -> http.Response:
    """The core's answer as mitmproxy sends it. HEAD, 204 and 304 go without a body."""
    second = flow.request.is_http2
    bodyless = response.status in _BODYLESS
    fields = tuple(
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in response.headers.fields
        if not (second and name.lower() in _CONNECTION_FIELDS)
        and not (bodyless and name.lower() == "content-length")
    )
    body = b"" if bodyless or flow.request.method == "HEAD" else response.body
    version = b"HTTP/2.0" if second else b"HTTP/1.1"
    return http.Response(version, response.status, b"", http.Headers(fields), body, None, now, now)

"""Flow ↔ message: pure conversions. Bytes become latin-1 text and come back unchanged."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus

from mitmproxy import http
from mitmproxy.net.http.status_codes import RESPONSES
from mitmproxy.net.http.url import parse_authority

from inspector.gateway.java.utf16 import printable
from inspector.message import Headers, Request, Response

#: What HTTP/2 forbids in an answer (RFC 9113 section 8.2.2).
_CONNECTION_FIELDS = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"})
_LENGTH = frozenset({b"content-length"})
_REASONS = {
    **{status.value: status.phrase.encode("ascii") for status in HTTPStatus},
    **{status: text.encode("ascii") for status, text in RESPONSES.items()},
}
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


def framing(headers: http.Headers) -> tuple[str, bool]:
    """Content-Length as it stands there ("" without one), and whether there is Transfer-Encoding.

    In one pass: mitmproxy's look-up by name costs three times as much, for each name.
    """
    length, encoded = "", False
    for name, value in headers.fields:
        if len(name) == 14 and name.lower() == b"content-length":
            length = length or value.decode("latin-1")
        elif len(name) == 17 and name.lower() == b"transfer-encoding":
            encoded = True
    return length, encoded


def host_of(request: http.Request) -> str:
    """What mitmproxy calls the pretty host; a client's header is read once, not at each request."""
    authority = request.host_header
    return _host(authority) if authority else request.host


@lru_cache(maxsize=256)
def _host(authority: str) -> str:
    return parse_authority(authority, check=False)[0]


def response_of(response: http.Response, body: bytes | None = None) -> Response:
    """An answer of a host that is not ours."""
    content = response.raw_content if body is None else body
    return Response(response.status_code, fields_of(response.headers), content or b"")


def answer(flow: http.HTTPFlow, response: Response, now: float) -> http.Response:
    """The core's answer as mitmproxy sends it. HEAD, 204 and 304 go without a body."""
    second = flow.request.is_http2
    bodyless = response.status in _BODYLESS
    fields = raw_fields(response)
    if second or bodyless:
        gone = (_CONNECTION_FIELDS if second else frozenset()) | (_LENGTH if bodyless else set())
        fields = tuple(pair for pair in fields if pair[0].lower() not in gone)
    body = b"" if bodyless or flow.request.method == "HEAD" else response.body
    version = b"HTTP/2.0" if second else b"HTTP/1.1"
    return http.Response(
        version,
        response.status,
        reason(response.status),
        http.Headers(fields),
        body,
        None,
        now,
        now,
    )


def reason(status: int) -> bytes:
    """The usual phrase, empty for a status that has none."""
    return _REASONS.get(status, b"")


def raw_fields(response: Response) -> tuple[tuple[bytes, bytes], ...]:
    """Header fields as bytes. A line break in a mapped value would begin another header: a blank."""
    fields = response.headers.fields
    text = "".join([name + value for name, value in fields])
    if "\n" in text or "\r" in text or "\0" in text:
        fields = tuple((_one_line(name), _one_line(value)) for name, value in fields)
    try:
        return tuple([(n.encode("latin-1"), v.encode("latin-1")) for n, v in fields])
    except UnicodeEncodeError:
        return tuple((_encoded(name), _encoded(value)) for name, value in fields)


def _one_line(text: str) -> str:
    return text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\0", "")


def _encoded(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return printable(text).encode()

"""Sends a request again: through the gateway, which records it, or straight to a backend."""

from __future__ import annotations

import httpx

from inspector.message import Headers, Request, Response

#: Tells the gateway which exchange is being replayed; it takes the header off again.
REPLAY_HEADER = "X-Inspector-Replay-Of"
#: Seconds: a little more than the longest integration may take.
PATIENCE = 35.0
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "expect"})


class ResendError(Exception):
    """The request could not be sent; the text says why."""


def through_gateway(request: Request, base: str, replay_of: int | None) -> Response:
    """Send `request` to the gateway at `base` (`http://127.0.0.1:8080`), as it was addressed."""
    fields = [pair for pair in request.headers.fields if pair[0].lower() not in _OWN]
    if replay_of is not None:
        fields.append((REPLAY_HEADER, str(replay_of)))
    return _send(request.method, base + request.target, fields, request.body)


def to_backend(request: Request, url: str) -> Response:
    """Send `request` straight to `url`; the name in its Host header is left to the URL."""
    dropped = _OWN | {"host"}
    fields = [pair for pair in request.headers.fields if pair[0].lower() not in dropped]
    return _send(request.method, url, fields, request.body)


def _send(method: str, url: str, fields: list[tuple[str, str]], body: bytes) -> Response:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    try:
        # The proxy variables of the shell point at the gateway itself.
        with httpx.Client(trust_env=False, timeout=PATIENCE, follow_redirects=False) as client:
            request = client.build_request(method, url, content=body or None)
            kept = [(n, v) for n, v in request.headers.raw if n.lower() == b"content-length"]
            host = [] if any(n.lower() == b"host" for n, _ in headers) else [request_host(request)]
            request.headers = httpx.Headers([*host, *headers, *kept])
            answer = client.send(request, stream=True)
            content = b"".join(answer.iter_raw())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ResendError(f"{url} did not answer: {error}") from error
    raw = ((n.decode("latin-1"), v.decode("latin-1")) for n, v in answer.headers.raw)
    return Response(answer.status_code, Headers.of(raw), content)


def request_host(request: httpx.Request) -> tuple[bytes, bytes]:
    """The Host header of a request's URL."""
    return b"Host", request.url.netloc

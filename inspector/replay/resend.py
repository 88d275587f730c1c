"""Sends a request again: through the gateway, which records it, or straight to a backend."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from inspector.message import Headers, Request, Response
from inspector.runtime.failures import BackendError
from inspector.runtime.urls import Places

#: Tells the gateway which exchange is being replayed; it takes the header off again.
REPLAY_HEADER = "X-Inspector-Replay-Of"
#: Seconds: a little more than the longest integration may take.
PATIENCE = 35.0
#: What fits into the recording's 64 bits.
_NUMBER = re.compile(r"[0-9]{1,18}")
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "expect"})


def replayed(value: str | None) -> int | None:
    """The exchange that the header names; None for what is no number of one."""
    return int(value) if value and _NUMBER.fullmatch(value) else None


class ResendError(Exception):
    """The request could not be sent; the text says why."""


def through_gateway(request: Request, base: str, replay_of: int | None) -> Response:
    """Send `request` to the gateway at `base` (`http://127.0.0.1:8080`), as it was addressed."""
    return _send(request.method, base + request.target, _fields(request, replay_of), request.body)


def through_proxy(request: Request, url: str, proxy: str, replay_of: int | None) -> Response:
    """Send `request` to `url`, a host of somebody else, with the gateway at `proxy` in between.

    What certificate that host has is looked at by the gateway, which shows us one of its own.
    """
    return _send(request.method, url, _fields(request, replay_of), request.body, proxy)


def to_backend(request: Request, url: str, places: Mapping[str, str] | None = None) -> Response:
    """Send `request` straight to `url`, or to what stands in for its host in `places`.

    As from the gateway, the Host header has the name in `url`. Raises `ResendError`.
    """
    try:
        origin, target = Places(places or {}).find(url)
    except BackendError as error:
        raise ResendError(str(error)) from error
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    scheme = "https" if origin.tls else "http"
    fields = [pair for pair in _fields(request, None) if pair[0].lower() != "host"]
    fields.insert(0, ("Host", url.partition("://")[2].partition("/")[0].partition("?")[0]))
    return _send(request.method, f"{scheme}://{host}:{origin.port}{target}", fields, request.body)


def _fields(request: Request, replay_of: int | None) -> list[tuple[str, str]]:
    fields = [pair for pair in request.headers.fields if pair[0].lower() not in _OWN]
    if replay_of is not None:
        fields.append((REPLAY_HEADER, str(replay_of)))
    return fields


def _send(
    method: str, url: str, fields: list[tuple[str, str]], body: bytes, proxy: str | None = None
) -> Response:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    try:
        # The proxy variables of the shell point at the gateway itself.
        with httpx.Client(
            trust_env=False,
            timeout=PATIENCE,
            follow_redirects=False,
            proxy=proxy,
            verify=proxy is None,
        ) as client:
            request = client.build_request(method, url, content=body or None)
            kept = [(n, v) for n, v in request.headers.raw if n.lower() == b"content-length"]
            host = [] if any(n.lower() == b"host" for n, _ in headers) else [request_host(request)]
            request.headers = httpx.Headers([*host, *headers, *kept])
            answer = client.send(request, stream=True)
            content = b"".join(answer.iter_raw())
    except httpx.ConnectError as error:
        reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error))
        raise ResendError(f"{url} did not answer: {reason}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ResendError(f"{url} did not answer: {error}") from error
    raw = ((n.decode("latin-1"), v.decode("latin-1")) for n, v in answer.headers.raw)
    return Response(answer.status_code, Headers.of(raw), content)


def request_host(request: httpx.Request) -> tuple[bytes, bytes]:
    """The Host header of a request's URL."""
    return b"Host", request.url.netloc

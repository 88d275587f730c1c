"""What can be copied of an exchange, and the key that follows `y` for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.message import Headers
from inspector.replay.curl import to_curl, url_of
from inspector.replay.edit import to_text
from inspector.replay.passed import passed_to
from inspector.replay.sockets import said_again
from inspector.replay.sockets import url_of as socket_url
from inspector.tui.reading import Opened


@dataclass(frozen=True, slots=True)
class Choice:
    """`make` gives the bytes to copy, from the exchange and the gateway's URL."""

    key: str
    word: str
    name: str
    make: Callable[[Opened, str], bytes]


def _answer(opened: Opened, _base: str) -> bytes:
    return opened.exchange.response.body if opened.exchange.response else b""


def _sent(opened: Opened, _base: str) -> bytes:
    return opened.exchange.request.body


def _url(opened: Opened, base: str) -> bytes:
    socket = opened.exchange.environment.socket
    if socket is not None:
        return socket_url(opened.exchange, socket).encode()
    return url_of(opened.exchange.request, _base(opened, base)).encode()


def _base(opened: Opened, base: str) -> str:
    return passed_to(opened.exchange) or base


def _headers(headers: Headers) -> bytes:
    return "\n".join(f"{name}: {value}" for name, value in headers).encode("latin-1", "replace")


def _request_headers(opened: Opened, _base: str) -> bytes:
    return _headers(opened.exchange.request.headers)


def _answer_headers(opened: Opened, _base: str) -> bytes:
    response = opened.exchange.response
    return _headers(response.headers) if response else b""


def _curl(opened: Opened, base: str) -> bytes:
    if opened.exchange.environment.socket is not None:
        return said_again(opened.exchange).encode("utf-8", "surrogateescape")
    return to_curl(opened.exchange.request, _base(opened, base)).encode()


def _curl_whole(opened: Opened, base: str) -> bytes:
    if opened.exchange.environment.socket is not None:
        return said_again(opened.exchange, secrets=True).encode("utf-8", "surrogateescape")
    return to_curl(opened.exchange.request, _base(opened, base), secrets=True).encode()


def _exchange(opened: Opened, _base: str) -> bytes:
    """Both messages as they are on the wire, readably."""
    exchange = opened.exchange
    socket = exchange.environment.socket
    if socket is not None and socket.event != "CONNECT":
        frames = [exchange.request.body, _answer(opened, _base)]
        return b"\n\n".join(filter(None, frames))
    parts = [to_text(exchange.request).text.encode("utf-8", "surrogateescape")]
    if exchange.response is not None:
        head = f"HTTP/1.1 {exchange.response.status}\n".encode()
        parts.append(head + _headers(exchange.response.headers) + b"\n\n" + exchange.response.body)
    return b"\n\n".join(parts)


CHOICES: tuple[Choice, ...] = (
    Choice("b", "answer's body", "answer's body", _answer),
    Choice("r", "request's body", "request's body", _sent),
    Choice("u", "URL", "URL", _url),
    Choice("h", "headers", "request's headers", _request_headers),
    Choice("H", "answer's headers", "answer's headers", _answer_headers),
    Choice("c", "curl", "curl command", _curl),
    Choice("C", "curl with secrets", "curl command", _curl_whole),
    Choice("y", "both messages", "exchange", _exchange),
)
#: Beside these, `l` copies the value on the cursor's line (a header, a JSON value), `L` the line.
LINE_KEYS = (("l", "this value"), ("L", "this line"))


def base_of(opened: Opened, url: str) -> str:
    """The gateway's URL, else the host that the exchange was sent to."""
    return url or f"{opened.exchange.environment.scheme}://{opened.exchange.host}"

"""A WebSocket's events, as they are named, copied and sent again."""

from __future__ import annotations

from shlex import quote

from inspector.gateway import narration
from inspector.gateway.environment import Socket
from inspector.gateway.websocket import close_words
from inspector.message import Request
from inspector.recording.exchange import Exchange
from inspector.recording.rows import Row
from inspector.replay.curl import MASK, SECRET_HEADERS, masked_pairs

#: Headers of a handshake that a client writes by itself.
_OWN = frozenset(
    ("host", "connection", "upgrade", "content-length", "sec-websocket-key",
     "sec-websocket-version", "sec-websocket-extensions")
)  # fmt: skip
#: Headers that browsers and libraries send with every handshake, which nothing depends on.
_USUAL = frozenset(
    ("user-agent", "accept", "accept-encoding", "accept-language", "cache-control", "pragma")
)
_CALL = "/@connections/"
#: What each event is called where there is room for seven letters.
SHORT = {"CONNECT": "CONNECT", "MESSAGE": "MESSAGE", "DISCONNECT": "CLOSED"}


def event_of(row: Row) -> str | None:
    """`CONNECT`, `MESSAGE` or `DISCONNECT`; None for a request that is no event of a WebSocket."""
    if row.connection is None or _CALL in row.path:
        return None
    return row.method if row.method in ("MESSAGE", "DISCONNECT") else "CONNECT"


def head(exchange: Exchange) -> tuple[str, str]:
    """What an exchange is, and where to: `MESSAGE`, `join`; `DISCONNECT`, `1009`; `GET`, `/pets`."""
    socket, request = exchange.environment.socket, exchange.request
    if socket is None:
        return request.method, request.target
    if socket.event == "CONNECT":
        return "CONNECT", request.target
    if socket.event == "MESSAGE":
        passed = exchange.api_id is None
        return "MESSAGE", request.target if passed else exchange.resource or "no route"
    return "DISCONNECT", str(socket.close_code or "without a code")


def surprise(exchange: Exchange) -> str | None:
    """What of an event surprises that nobody refused: a dropped answer, a limit that closed it."""
    socket = exchange.environment.socket
    if socket is None or exchange.api_id is None:
        return None
    if socket.event == "DISCONNECT":
        now_ms = exchange.environment.time_ms
        told = close_words.advice(socket, now_ms) is not None
        return f"{close_words.meaning(socket, now_ms)}." if told else None
    sent = next((each for each in exchange.trace if each.stage == "send"), None)
    told = sent is not None and sent.outcome == "ok" and narration.remedy(sent) is not None
    return narration.describe(sent) if sent is not None and told else None


def said_again(exchange: Exchange, *, secrets: bool = False) -> str:
    """The command that says a message again on its connection, or opens such a connection.

    What looks like a secret in a handshake is masked unless asked otherwise.
    """
    socket = exchange.environment.socket
    assert socket is not None
    if socket.event == "MESSAGE":
        text = exchange.request.body.decode("utf-8", "replace")
        if text.startswith(("@", "-")):  # would name a file, or an option
            return f"printf %s {quote(text)} | inspector connections say {quote(socket.id)} -"
        return f"inspector connections say {quote(socket.id)} {quote(text)}"
    url = url_of(exchange, socket)
    url = url if secrets else masked_pairs(url)
    return f"wscat -c {quote(url)}{_options(exchange, secrets=secrets)}"


def to_wscat(request: Request, base: str) -> str:
    """The handshake to `ws://HOST` as a command, secrets and all; Host where the URL has another."""
    host = request.host if request.host and not base.endswith(f"://{request.host}") else None
    named = "" if host is None else f" -H {quote(f'Host: {host}')}"
    options = "".join(
        f" -H {quote(f'{name}: {value}')}"
        for name, value in request.headers
        if name.lower() not in _OWN
    )
    return f"wscat{named} -c {quote(base + request.target)}{options}"


def why_not_sent(exchange: Exchange) -> str | None:
    """Why an event cannot be sent again by itself; None for what can be."""
    socket = exchange.environment.socket
    if socket is None:
        return None
    if exchange.api_id is None and socket.event != "CONNECT":
        return "It is of another host's WebSocket, which only its own client can say something on."
    if socket.event == "MESSAGE":
        return None
    if socket.event == "CONNECT":
        return (
            "A handshake opens a connection, and somebody has to hold it: connect with a client, "
            f"{said_again(exchange)}"
        )
    return (
        "The end of a connection cannot be sent again: `inspector connections close ID` ends one "
        "that is open."
    )


def url_of(exchange: Exchange, socket: Socket) -> str:
    """`ws://127.0.0.1:8080/live?token=…`."""
    scheme = "wss" if exchange.environment.scheme == "https" else "ws"
    target = exchange.request.target if socket.event == "CONNECT" else f"/{socket.stage}"
    return f"{scheme}://{exchange.request.host or exchange.host}{target}"


def _options(exchange: Exchange, *, secrets: bool) -> str:
    fields = exchange.request.headers.fields
    protocols = exchange.request.headers.get("sec-websocket-protocol")
    kept = [
        f" -H {quote(f'{name}: {value if secrets or name.lower() not in SECRET_HEADERS else MASK}')}"
        for name, value in fields
        if name.lower() not in _OWN | _USUAL and name.lower() != "sec-websocket-protocol"
    ]
    offered = "" if protocols is None else f" -s {quote(protocols)}"
    return offered + "".join(kept)

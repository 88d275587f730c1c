"""What the close of a connection means, and which sub-protocols a client offered.

Sources: RFC 6455, section 7.4 (codes); websocket.md, sections 1, 4 and 8 (guide: 1009 for messages
over 128 KB and frames over 32 KB, 1003 for binary frames, 10 minutes without traffic, 2 hours);
captures-2026.md, section 3 (recorded: `Binary is not supported`). That Amazon's own closes for age
and idleness come as 1001 `Going away` is users' word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspector.gateway.environment import Socket
from inspector.gateway.trace import Fact

IDLE_MS: Final = 10 * 60 * 1000
LONGEST_MS: Final = 2 * 60 * 60 * 1000
#: How far from a limit a close still counts as its work.
_NEAR_MS: Final = 5_000

_MEANINGS: Mapping[int, str] = {
    1000: "a normal close",
    1001: "the other end goes away",
    1002: "what was sent is no WebSocket protocol",
    1003: "a binary frame was sent, and API Gateway takes text alone",
    1005: "the client closed without a code",
    1006: "the connection broke off without a close",
    1007: "a text frame was no UTF-8",
    1008: "a rule of the other end was broken",
    1009: "the message was too large: 128 KB a message, 32 KB a frame",
    1011: "the other end broke down",
}


def protocols(offered: Fact) -> list[str]:
    """The sub-protocols in a header's value."""
    return [each.strip() for each in str(offered or "").split(",") if each.strip()]


def meaning(socket: Socket, now_ms: int) -> str:
    """Why a connection was closed, as far as its code tells: `1009: the message was too large …`."""
    code, age = socket.close_code, now_ms - socket.connected_ms
    said = f" ({socket.close_reason})" if socket.close_reason else ""
    if code is None:
        return f"without a code{said}"
    if code == 1001 and age >= LONGEST_MS - _NEAR_MS:
        return f"{code}{said}: the two hours that a connection may last are over"
    if code == 1001 and age >= IDLE_MS - _NEAR_MS:
        return f"{code}{said}: the other end goes away, or there was nothing for ten minutes"
    if 4000 <= code < 5000:
        return f"{code}{said}: a code of the application's own"
    return f"{code}{said}: {_MEANINGS.get(code, 'a code that RFC 6455 does not name')}"


def advice(socket: Socket, now_ms: int) -> str | None:
    """What to do about it; None where nothing is wrong."""
    code, age = socket.close_code, now_ms - socket.connected_ms
    if code == 1009:
        return "Send less at a time, or a link to it; --no-limit message lets it pass here."
    if code == 1003:
        return "Send text: base64 for what is binary."
    if code == 1007:
        return "Send valid UTF-8."
    if code == 1001 and age >= LONGEST_MS - _NEAR_MS:
        return "Let the client connect anew; --no-limit connection lets connections last here."
    if code == 1001 and age >= IDLE_MS - _NEAR_MS:
        return (
            "Let the client send something at least every ten minutes; --no-limit connection lets "
            "it be silent here."
        )
    return None

"""Ids of WebSocket connections and their messages, as Amazon's look.

Recorded in 2026 (websocket.md, section 2): `gbiku27WzQAYKEjhnA==`, 20 characters that are 13 bytes
in URL-safe base64. The first of them grow with the time, `QAYKE` is in all of them, and a message
(`gbgBq65bFQAYKEigjA==`) shares the last eleven with its connection (`gbgBq05a8QAYKEigjA==`).
"""

from __future__ import annotations

import secrets
import string

_DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_TAIL = "QAYKE"
#: Characters that a message shares with its connection.
SHARED = 11
#: Milliseconds to one count of the time within an id: measured on two recorded ids.
_TICK_MS = 50
_TIME_DIGITS, _CHANCE_DIGITS = 6, 3


def connection_id(now_ms: int) -> str:
    """An id for a connection that begins now (milliseconds since the epoch)."""
    return f"{_head(now_ms)}{_TAIL}{_drawn(3)}A=="


def message_id(connection: str, now_ms: int) -> str:
    """An id for a message that came now."""
    return _head(now_ms) + connection[-SHARED:]


def _head(now_ms: int) -> str:
    ticks = now_ms // _TICK_MS
    time = "".join(_DIGITS[ticks >> 6 * at & 63] for at in reversed(range(_TIME_DIGITS)))
    return time + _drawn(_CHANCE_DIGITS)


def _drawn(count: int) -> str:
    return "".join(_DIGITS[byte & 63] for byte in secrets.token_bytes(count))

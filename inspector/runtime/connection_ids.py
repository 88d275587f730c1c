"""Ids of WebSocket connections and their messages, as Amazon's look.

Recorded in 2026 (websocket.md, section 2): `gbiku27WzQAYKEjhnA==`, 20 characters that are 13 bytes
in URL-safe base64. The first of them grow with the time, `QAYKE` is in all of them, and a message
(`gbgBq65bFQAYKEigjA==`) shares the last eleven with its connection (`gbgBq05a8QAYKEigjA==`).
"""

from __future__ import annotations

import secrets
import string
from itertools import count

_DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
_TAIL = "QAYKE"
#: Characters that a message shares with its connection.
SHARED = 11
#: Milliseconds to one count of the time within an id: measured on two recorded ids.
_TICK_MS = 50
_TIME_DIGITS, _COUNT_DIGITS = 6, 3
_COUNTS = 1 << 6 * _COUNT_DIGITS
#: Odd, so that all counts come before one comes again; neighbours look unlike one another.
_STEP = 92_821
_numbers = count(secrets.randbelow(_COUNTS))


def connection_id(now_ms: int) -> str:
    """An id for a connection that begins now (milliseconds since the epoch)."""
    return f"{_head(now_ms)}{_TAIL}{_drawn(3)}A=="


def message_id(connection: str, now_ms: int) -> str:
    """An id for a message that came now."""
    return _head(now_ms) + connection[-SHARED:]


def _head(now_ms: int) -> str:
    """Never the same twice within a process."""
    number = next(_numbers) * _STEP % _COUNTS
    return _written(now_ms // _TICK_MS, _TIME_DIGITS) + _written(number, _COUNT_DIGITS)


def _written(value: int, digits: int) -> str:
    return "".join(_DIGITS[value >> 6 * at & 63] for at in reversed(range(digits)))


def _drawn(count: int) -> str:
    return "".join(_DIGITS[byte & 63] for byte in secrets.token_bytes(count))

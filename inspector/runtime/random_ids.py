"""Ids made of chance that is drawn ahead: one call to the system serves many of them."""

from __future__ import annotations

import os

_AT_ONCE = 512
#: A UUID's bits for version 4 and variant 1 (RFC 9562 section 5.4).
_CLEAR = ~(0xF << 76 | 0x3 << 62)
_SET = 4 << 76 | 2 << 62


class Chance:
    """Random bytes, `size` at a time. Belongs to one thread."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._drawn = b""
        self._next = 0

    def draw(self) -> bytes:
        """The next `size` bytes, never given before."""
        start = self._next
        if start == len(self._drawn):
            self._drawn, start = os.urandom(self._size * _AT_ONCE), 0
        self._next = start + self._size
        return self._drawn[start : self._next]


def uuid4(chance: bytes) -> str:
    """16 random bytes as a UUID of version 4, in text."""
    text = f"{int.from_bytes(chance) & _CLEAR | _SET:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

"""Strings as Java counts them: in UTF-16 units.

A character beyond U+FFFF is two units. Python's strings count it as one, so where a text holds any,
it is spread into surrogates first (`units`), cut there, and put together again (`joined`). Half a
pair may stay in a value, as it does in Java; `printable` makes the `?` of it that Java prints.
"""

from __future__ import annotations

import re
from typing import Final

_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF: Final = re.compile("[\ud800-\udfff]")


def units(text: str) -> str:
    """The text with every surrogate pair as two characters."""
    if text.isascii() or not _ASTRAL.search(text):
        return text
    return _ASTRAL.sub(_spread, text)


def joined(text: str) -> str:
    """The text with every surrogate pair as one character."""
    if text.isascii() or not _HALF.search(text):
        return text
    return _PAIR.sub(_join, text)


def printable(text: str) -> str:
    """The text as Java's UTF-8 encoder writes it: half a pair becomes `?`."""
    if text.isascii() or not _HALF.search(text):
        return text
    return _HALF.sub("?", joined(text))


def length(text: str) -> int:
    """`text.length()`."""
    return len(text) if text.isascii() else len(units(text))


def _spread(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _join(match: re.Match[str]) -> str:
    high, low = match[0][0], match[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + ord(low) - 0xDC00)

"""The few `java.lang.String` methods whose failures show through in Jayway's messages."""

from __future__ import annotations

from typing import Final

from inspector.gateway.jsonpath.errors import JsonPathError

_BLANK: Final = "".join(map(chr, range(0x21)))


class RuntimeFault(JsonPathError):
    """A Java runtime exception while a path is compiled; Jayway wraps it in its own."""

    def __init__(self, java_class: str, message: str = "") -> None:
        super().__init__(message)
        self.java_class = java_class


def trim(text: str) -> str:
    """`text.trim()`: without characters up to U+0020 at both ends."""
    return text.strip(_BLANK)


def char_at(text: str, index: int) -> str:
    """`text.charAt(index)`."""
    if not 0 <= index < len(text):
        message = f"String index out of range: {index}"
        raise RuntimeFault("java.lang.StringIndexOutOfBoundsException", message)
    return text[index]


def substring(text: str, begin: int, end: int) -> str:
    """`text.substring(begin, end)`."""
    if not 0 <= begin <= end <= len(text):
        message = f"begin {begin}, end {end}, length {len(text)}"
        raise RuntimeFault("java.lang.StringIndexOutOfBoundsException", message)
    return text[begin:end]


def parse_int(text: str) -> int:
    """`Integer.parseInt(text)`, of digits and minus signs."""
    try:
        value = int(text)
    except ValueError:
        value = 2**31
    if not -(2**31) <= value < 2**31:
        raise RuntimeFault("java.lang.NumberFormatException", f'For input string: "{text}"')
    return value

"""`java.lang.Character`."""

from __future__ import annotations

import unicodedata
from typing import Final

from inspector.gateway.java.equality import compare, equals, hash_code
from inspector.gateway.java.overloads import Function
from inspector.gateway.java.values import Char

_NOT_BLANK: Final = "\u00a0\u2007\u202f"
_BLANK: Final = "\t\n\x0b\f\r\x1c\x1d\x1e\x1f"


def is_whitespace(char: str) -> bool:
    """`Character.isWhitespace(char)`."""
    if char in _BLANK:
        return True
    return unicodedata.category(char) in {"Zs", "Zl", "Zp"} and char not in _NOT_BLANK


def _numeric(char: str) -> int:
    if unicodedata.category(char) == "Nd":
        return unicodedata.decimal(char)
    lower = char.lower()
    return ord(lower) - 87 if "a" <= lower <= "z" and len(lower) == 1 else -1


CHAR_METHODS: Final[dict[str, Function]] = {
    "charValue()": lambda c: c,
    "compareTo(Character)": compare,
    "compareTo(Object)": compare,
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "toString()": lambda c: c.value,
    "toString(char)": lambda _, c: c.value,
    "valueOf(char)": lambda _, c: c,
    "isDigit(char)": lambda _, c: unicodedata.category(c.value) == "Nd",
    "isLetter(char)": lambda _, c: unicodedata.category(c.value)[0] == "L",
    "isLetterOrDigit(char)": lambda _, c: (
        unicodedata.category(c.value)[0] == "L" or unicodedata.category(c.value) == "Nd"
    ),
    "isUpperCase(char)": lambda _, c: c.value.isupper(),
    "isLowerCase(char)": lambda _, c: c.value.islower(),
    "isWhitespace(char)": lambda _, c: is_whitespace(c.value),
    "toUpperCase(char)": lambda _, c: _one(c.value.upper(), c),
    "toLowerCase(char)": lambda _, c: _one(c.value.lower(), c),
    "getNumericValue(char)": lambda _, c: _numeric(c.value),
    "compare(char,char)": lambda _, a, b: ord(a.value) - ord(b.value),
}


def _one(changed: str, before: Char) -> Char:
    return Char(changed) if len(changed) == 1 else before

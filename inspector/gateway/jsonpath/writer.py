r"""Values to JSON text, as json-smart 2.2 writes it.

Two styles differ in one character: `$input.json(...)` leaves `/` alone (`json_text`), and the
`toString()` of a JSONArray writes it as `\/` (`array_text`). Both escape control characters,
U+007F-U+009F and U+2000-U+20FF in upper-case hexadecimal (facts/velocity.md, "$input and JSON").
"""

from __future__ import annotations

import json.encoder
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final

import orjson

from inspector.gateway.java.numbers import decimal_text, double_text, integer_text

_Write = Callable[[str], object]
_Quote = Callable[[str], str]

_SPECIAL: Final = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2000-\u20ff]')
_HIDDEN: Final = re.compile("[\x7f-\x9f\u2000-\u20ff]")
"""What json-smart escapes and other writers do not."""
_SHORT: Final = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"
}  # fmt: skip
# Doubles that Java prints otherwise than Python: with an exponent, below 0.001, from ten million on.
_ODD_NUMBER: Final = re.compile(r"[0-9]e[+-]|0\.000|[0-9]{8}\.[0-9]")
# The same once every digit is a zero: a few searches in C.
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
# Some releases of orjson write 1e16, others 1e+16.
_EXPONENTS: Final = ("e+", "e-") if b"+" in orjson.dumps(1e16) else ("e", "e")
_EXPONENT: Final = re.compile(r"[0-9]e[+-]?[0-9]")
_encode: Final = json.encoder.c_make_encoder(  # type: ignore[attr-defined]  # its own module's name
    None, None, encode_basestring, None, ":", ",", False, False, False
)
_INFINITE: Final = (float("inf"), float("-inf"))


def json_text(value: object) -> str:
    """What `$input.json` prints of a value (not of null, which it prints as two quotes)."""
    quick = _quickly(value)
    if quick is not None:
        return quick
    out: list[str] = []
    _write(value, out.append, encode_basestring)
    text = "".join(out)
    if _is_plain(text):
        return text
    out.clear()
    _write(value, out.append, quoted)
    return "".join(out)


def _quickly(value: object) -> str | None:
    """The text by orjson; None where json-smart may print a number or a character otherwise."""
    try:
        written = orjson.dumps(value)
    except TypeError:  # a value, or a key, that JSON does not have, or half a surrogate pair
        return _by_c(value)
    text = written.decode("utf-8")
    if not text.isascii() and _HIDDEN.search(text):
        return None
    if "\x7f" in text or ("\\" in text and "\\u00" in text):
        return None
    if "null" in text:  # which it also writes for NaN
        return _by_c(value)
    if "." in text or _EXPONENTS[0] in text or _EXPONENTS[1] in text:
        zeros = written.translate(_ZEROS).decode("latin-1")
        if "0e" in zeros and _EXPONENT.search(text):
            return None
        if "00000000.0" in zeros or "0.000" in text:
            return None
    return text


def _by_c(value: object) -> str | None:
    """The same by the standard library's encoder, which refuses NaN."""
    try:
        text = "".join(_encode(value, 0))
    except (TypeError, ValueError):  # a value JSON does not have, NaN or an infinity
        return None
    if not _is_plain(text):
        return None
    numbers = "." in text or "e+" in text or "e-" in text
    return None if numbers and _ODD_NUMBER.search(text) else text


def array_text(value: Iterable[object]) -> str:
    """`JSONArray.toString()`: compact JSON with `/` escaped."""
    quick = _quickly(value)
    if quick is not None:
        return quick.replace("/", "\\/")
    out: list[str] = []
    _write_array(value, out.append, quoted)
    # Outside of strings there is no slash in JSON.
    return "".join(out).replace("/", "\\/")


def quoted(text: str) -> str:
    """A JSON string literal."""
    literal = encode_basestring(text)
    return literal if _is_plain(literal) else f'"{_SPECIAL.sub(_escape, text)}"'


def _is_plain(literal: str) -> bool:
    """Whether Python's escapes, of control characters below U+0020 only, are json-smart's too."""
    return literal.isascii() and "\x7f" not in literal and "\\u00" not in literal


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return _SHORT.get(char) or f"\\u{ord(char):04X}"


def _double_text(value: float) -> str:
    return "null" if value in _INFINITE else double_text(value)


_LEAVES: Final[dict[type, Callable[[Any], str]]] = {
    int: integer_text,
    float: _double_text,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    Decimal: decimal_text,
}


def _write(value: object, out: _Write, quote: _Quote) -> None:
    kind = type(value)
    if kind is dict:
        _write_object(value, out, quote)  # type: ignore[arg-type]  # mypy does not narrow by kind
    elif kind is list:
        _write_array(value, out, quote)  # type: ignore[arg-type]
    elif kind in _LEAVES:
        out(_LEAVES[kind](value))
    else:
        _write_other(value, out, quote)


def _write_other(value: object, out: _Write, quote: _Quote) -> None:
    if isinstance(value, str):
        out(quote(value))
    elif isinstance(value, dict):
        _write_object(value, out, quote)
    elif isinstance(value, Iterable):
        _write_array(value, out, quote)
    elif isinstance(value, int | float):
        out(_LEAVES[int if isinstance(value, int) else float](value))
    else:  # no JSON type at all: json-smart would write a bean's members, and there are none
        out("{}")


def _write_object(value: dict[object, object], out: _Write, quote: _Quote) -> None:
    separator = "{"
    for key, member in value.items():
        name = quote(key if type(key) is str else _key_text(key))
        kind = type(member)
        if kind is str:
            out(f"{separator}{name}:{quote(member)}")  # type: ignore[arg-type]
        elif kind in _LEAVES:
            out(f"{separator}{name}:{_LEAVES[kind](member)}")
        else:
            out(f"{separator}{name}:")
            _write(member, out, quote)
        separator = ","
    out("}" if value else "{}")


def _write_array(value: Iterable[object], out: _Write, quote: _Quote) -> None:
    separator = "["
    for item in value:
        out(separator)
        separator = ","
        _write(item, out, quote)
    out("]" if separator == "," else "[]")


def _key_text(key: object) -> str:
    """A key that is no string, from a map that a template made: its Java text."""
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return integer_text(key)
    if isinstance(key, float):
        return double_text(key)
    return str(key)

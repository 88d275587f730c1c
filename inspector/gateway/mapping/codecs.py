"""The encodings behind `$util`, as Java and commons-lang 2.6 do them.

Failures raise `ValueError` with Java's message; all of them are `IllegalArgumentException`s there.
"""

from __future__ import annotations

import base64
import re
from typing import Final
from urllib.parse import quote_plus

_CONTROL: Final = re.compile(r"[\x00-\x1f]|[^\x00-\x7e]")
_SHORT: Final = {"\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


def escape_javascript(text: str) -> str:
    """`StringEscapeUtils.escapeJavaScript`: quotes, slashes, control characters, all non-ASCII.

    AWS documents the escaped `'`; the escaped `/` is commons-lang's and not recorded (fact 91).
    """
    # Four replacements of what is rarely there cost less than a pattern with a function to call.
    quick = text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'").replace("/", "\\/")
    if quick.isascii():
        if quick.isprintable():
            return quick
        quick = quick.replace("\n", "\\n")
        if quick.isprintable():
            return quick
    return _CONTROL.sub(_escape, quick)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SHORT:
        return _SHORT[char]
    if char == "\x7f":
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))


def url_encode(text: str) -> str:
    """`URLEncoder.encode(text, "UTF-8")`: form encoding (fact 87); half a surrogate pair is `?`."""
    encoded = quote_plus(text.encode("utf-8", "replace"), safe="*")
    return encoded.replace("~", "%7E")


def url_decode(text: str) -> str:
    """`URLDecoder.decode(text, "UTF-8")`."""
    return _ENCODED.sub(_decode, text) if "%" in text else text.replace("+", " ")


_ENCODED: Final = re.compile(r"(?:%.{0,2})+|\+", re.DOTALL)
_DIGIT: Final = re.compile("[0-9a-fA-F]")


def _decode(match: re.Match[str]) -> str:
    if match[0] == "+":
        return " "
    data = bytearray()
    for at in range(0, len(match[0]), 3):
        digits = match[0][at + 1 : at + 3]
        if len(digits) < 2:  # two digits an escape
            raise ValueError("URLDecoder: Incomplete trailing escape (%) pattern")
        data.append(_hexadecimal(digits))
    return utf8_text(data)


def _hexadecimal(digits: str) -> int:
    """`Integer.parseInt` of two characters in base 16, which takes a sign for one of them."""
    pattern = "URLDecoder: Illegal hex characters in escape (%) pattern - "
    signed = digits[0] in "+-"
    for at in range(1 if signed else 0, 2):
        if not _DIGIT.match(digits[at]):
            raise ValueError(f'{pattern}Error at index {at} in: "{digits}"')
    value = int(digits, 16)
    if value < 0:
        raise ValueError(f"{pattern}negative value")
    return value


_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def utf8_text(data: bytes | bytearray) -> str:
    """Bytes as text; Java puts one replacement character for an encoded surrogate."""
    return _SURROGATE.sub(b"\xef\xbf\xbd", data).decode("utf-8", "replace")


def base64_encode(text: str) -> str:
    """Standard base64 of the text's UTF-8 (fact 88)."""
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


_BASE64: Final = re.compile("((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?)(=*)")


def base64_decode(text: str) -> str:
    """`Base64.getDecoder().decode(text)` as UTF-8: strict, but padding may be absent as a whole."""
    match = _BASE64.fullmatch(text)
    if match is None or (match[2] and (len(match[2]) > 2 or len(text) % 4)):
        raise ValueError(_base64_fault(text.encode("latin-1", "replace")))
    if match[2] and not len(match[1]) % 4:
        raise ValueError(_base64_fault(text.encode("latin-1", "replace")))
    data = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4))
    return utf8_text(data)


def _base64_fault(data: bytes) -> str:
    """What Java finds first in data that it does not decode."""
    if len(data) < 2:  # the smallest encoded text
        return "Input byte[] should at least have 2 bytes for base64 bytes"
    count = 0
    for byte in data:
        if byte == ord("="):
            break
        if byte not in _ALPHABET:
            signed = byte - 256 if byte > 127 else byte  # Java's bytes have a sign
            return f"Illegal base64 character {signed:x}"
        count += 1
    rest, at = count % 4, count
    if count < len(data):
        at += 1
        if rest == 0 or (rest == 2 and data[at : at + 1] != b"="):
            return "Input byte array has wrong 4-byte ending unit"
        at += rest == 2
    if rest == 1:
        return "Last unit does not have enough valid bits"
    return f"Input byte array has incorrect ending byte at {at}"


_ALPHABET: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

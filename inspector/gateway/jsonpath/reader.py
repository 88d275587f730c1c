"""JSON text to values, as json-smart 2.2 reads it in permissive mode.

Strict JSON with numbers of ordinary length goes through orjson, other strict JSON through the
standard library's scanner; whatever that refuses, and the few strict texts that json-smart reads
differently, goes through `permissive`. Facts: velocity.md, "$input and JSON".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import orjson

from inspector.gateway.java.values import Float
from inspector.gateway.jsonpath.errors import InvalidJsonError
from inspector.gateway.jsonpath.permissive import floating_number, parse_permissive

MAX_DEPTH: Final = 400
"""Objects and arrays inside one another: json-smart's own limit since its release 2.4.9."""

_CONSTANTS: Final[dict[str, object]] = {
    "NaN": Float("nan"),
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
}

_OPENING: Final = ("{", "[", '"')
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))

# Numbers of 19 characters and more become BigIntegers and BigDecimals, or fit no C type.
_IN_NUMBERS: Final = b"0123456789+-.eE"
_NUMBERS: Final = bytes.maketrans(_IN_NUMBERS, b"0" * len(_IN_NUMBERS))
_LONG_NUMBER: Final = b"0" * 19

_decoder: Final = json.JSONDecoder(
    parse_float=floating_number, parse_constant=_CONSTANTS.__getitem__
)
# raw_decode would do, but this saves a call and a tuple of a position on each body.
_scan: Final[Callable[[str, int], tuple[object, int]]] = _decoder.scan_once  # type: ignore[attr-defined]


def parse_json(text: str) -> object:
    """The value of `text`; raises `InvalidJsonError` or `InvalidNumberError`.

    Text after an object, an array or a string is ignored, as json-smart does.
    """
    if len(text) > MAX_DEPTH and _deeper_than(text, MAX_DEPTH):
        raise InvalidJsonError(f"Malicious payload, having non natural depths (over {MAX_DEPTH})")
    start = text
    if text[:1] not in _OPENING:
        start = text.lstrip(" \t\r\n")
        if start[:1] not in _OPENING:
            return _fully(text)
    # json-smart drops a raw DEL from strings that hold an escape, which the quick readers keep.
    if "\x7f" not in text:
        try:
            if text.encode().translate(_NUMBERS).find(_LONG_NUMBER) < 0:
                return orjson.loads(text)
        except ValueError:
            pass
        try:
            value, _ = _scan(start, 0)
        except (ValueError, StopIteration):
            return _fully(text)
        except RecursionError as error:
            raise InvalidJsonError("The text is nested too deeply") from error
        else:
            return value
    return _fully(text)


def _fully(text: str) -> object:
    try:
        return parse_permissive(text)
    except RecursionError as error:
        raise InvalidJsonError("The text is nested too deeply") from error


def _deeper_than(text: str, limit: int) -> bool:
    """Whether brackets nest deeper than `limit`, brackets inside strings counted too.

    Takes the innermost pairs away, level by level: few short passes for usual documents.
    """
    if text.count("{") + text.count("[") <= limit:
        return False
    brackets = text.encode("utf-8", "replace").translate(None, _NO_BRACKETS)
    for _ in range(limit):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) <= limit or len(shorter) == len(brackets):
            brackets = shorter
            break
        brackets = shorter
    if len(brackets) <= limit:
        return False
    depth = deepest = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest > limit

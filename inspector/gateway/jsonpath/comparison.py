"""How a filter compares two values: Jayway's `safeCompare`, with its conversions in one direction.

The first value is the *expected* one, right of the operator. Text on the right is turned into what
stands on the left (`[?(@.id=='2')]` finds the number 2), never the other way round.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from typing import Final

from inspector.gateway.java.numbers import number_text
from inspector.gateway.jsonpath.errors import InvalidNumberError
from inspector.gateway.jsonpath.permissive import big_decimal

_EXACT: Final = 2**53


class IncomparableError(Exception):
    """The two values have no order; the condition is false, also for `!=`."""


def compare(expected: object, actual: object) -> int:
    """Negative, zero or positive; raises `IncomparableError` or `InvalidNumberError`.

    Null and the text `null` are one and the same, and less than everything else.
    """
    if expected is actual:
        return 0
    nothing, absent = is_nullish(expected), is_nullish(actual)
    if nothing or absent:
        return absent - nothing
    if isinstance(expected, str):
        if isinstance(actual, str):
            return _text_order(expected.replace("\\'", "'"), actual)
        if isinstance(actual, bool):
            return (expected.lower() == "true") - actual
        if isinstance(actual, int | float | Decimal):
            return _order(big_decimal(expected), _decimal(actual))
    elif isinstance(expected, bool):
        if isinstance(actual, bool):
            return expected - actual
    elif isinstance(expected, int | float | Decimal) and _is_number(actual):
        return _number_order(expected, actual)  # type: ignore[arg-type]  # just asked
    raise IncomparableError


def is_nullish(value: object) -> bool:
    """Null, or the text `null`, which a filter writes for it."""
    return value is None or value == "null"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _number_order(left: int | float | Decimal, right: int | float | Decimal) -> int:
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    if _is_small(left) and _is_small(right):
        return (left > right) - (left < right)
    return _order(_decimal(left), _decimal(right))


def _is_small(value: int | float | Decimal) -> bool:
    """Values whose printed digits are in the same order as their binary ones."""
    return not isinstance(value, Decimal) and -_EXACT < value < _EXACT


def _decimal(value: int | float | Decimal) -> Decimal:
    """`new BigDecimal(value.toString())`."""
    if isinstance(value, Decimal | int):
        return Decimal(value)
    if not isfinite(value):
        raise InvalidNumberError(number_text(value))
    return Decimal(number_text(value))


def _order(left: Decimal, right: Decimal) -> int:
    return (left > right) - (left < right)


_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


def _text_order(left: str, right: str) -> int:
    """`String.compareTo`, which goes by UTF-16 units."""
    if _ASTRAL.search(left) or _ASTRAL.search(right):
        one = left.encode("utf-16-be", "surrogatepass")
        two = right.encode("utf-16-be", "surrogatepass")
        return (one > two) - (one < two)
    return (left > right) - (left < right)

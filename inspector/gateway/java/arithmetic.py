"""Velocity's arithmetic and comparisons, which are those of its `MathUtils`.

Integers of every size keep their class and grow out of it; a BigInteger or BigDecimal beside a
floating-point number makes a BigDecimal. None means that there is no result: `#set` then does nothing.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_DOWN, Context, Decimal, Inexact, Overflow
from struct import pack, unpack
from typing import Final

from inspector.gateway.java.equality import equals
from inspector.gateway.java.errors import JavaError, ValueTooLargeError
from inspector.gateway.java.numbers import wrap_long
from inspector.gateway.java.text import to_text
from inspector.gateway.java.types import related
from inspector.gateway.java.values import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    BigInteger,
    Byte,
    Float,
    Long,
    Short,
    big,
    long,
)

Number = int | float | Decimal

_MAX_BITS: Final = 1 << 16
_EXACT: Final = Context(prec=20_000, Emax=99_999, Emin=-99_999, traps=[Inexact, Overflow])
_WIDE: Final = Context(prec=100_000)
_RANKS: Final[dict[type, int]] = {Byte: 0, Short: 1, Long: 3, BigInteger: -1}
_LIMITS: Final = ((-128, 127), (-(2**15), 2**15 - 1), (INT_MIN, INT_MAX))


_NUMBERS: Final = (int, float, Decimal)


def is_number(value: object) -> bool:
    """Whether Java's class of the value is a Number."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _rank(value: int) -> int:
    """The place among Byte 0, Short 1, Integer 2, Long 3; -1 for a BigInteger."""
    known = _RANKS.get(type(value))
    if known is not None:
        return known
    if INT_MIN <= value <= INT_MAX:
        return 2
    return 3 if LONG_MIN <= value <= LONG_MAX else -1


def _whole(value: int, left: int, right: int) -> int:
    """A result of two ranks, in the smallest class from the larger of them that holds it."""
    rank = max(left, right)
    while rank < 3 and not _LIMITS[rank][0] <= value <= _LIMITS[rank][1]:
        rank += 1
    if rank == 3:
        return long(value)
    return value if rank == 2 else (Byte(value) if rank == 0 else Short(value))


def _is_big(value: Number) -> bool:
    return isinstance(value, Decimal) or (isinstance(value, int) and _rank(value) == -1)


def _decimal(value: Number) -> Decimal:
    """`MathUtils.toBigDecimal`: all but BigIntegers go through a double."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and _rank(value) == -1:
        return Decimal(value)
    number = float(value)
    if math.isnan(number) or math.isinf(number):
        raise JavaError("java.lang.NumberFormatException", "Infinite or NaN")
    return Decimal(number)


def _uses_decimals(left: Number, right: Number) -> bool:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return True
    return (isinstance(left, float) or isinstance(right, float)) and (
        _is_big(left) or _is_big(right)
    )


def _floating(value: float, left: Number, right: Number) -> float:
    """A result in the class of the wider operand."""
    if any(isinstance(side, float) and not isinstance(side, Float) for side in (left, right)):
        return value
    return to_float(value)


def to_float(value: float) -> Float:
    """The nearest 32-bit float."""
    try:
        return Float(unpack("f", pack("f", value))[0])
    except OverflowError:
        return Float(math.copysign(math.inf, value))


def _checked(value: int) -> int:
    if value.bit_length() > _MAX_BITS:
        raise ValueTooLargeError
    return big(value)


def _exact(operation: str, left: Number, right: Number) -> Decimal:
    try:
        result: Decimal = getattr(_EXACT, operation)(_decimal(left), _decimal(right))
    except (Inexact, Overflow):
        raise ValueTooLargeError from None
    return result


def add(left: Number, right: Number) -> Number:
    """`left + right`."""
    if isinstance(left, int) and isinstance(right, int):
        a, b = _rank(left), _rank(right)
        total = int(left) + int(right)
        if a < 0 or b < 0 or not LONG_MIN <= total <= LONG_MAX:
            return _checked(total)
        return _whole(total, a, b)
    if _uses_decimals(left, right):
        return _exact("add", left, right)
    return _floating(float(left) + float(right), left, right)


def subtract(left: Number, right: Number) -> Number:
    """`left - right`."""
    if isinstance(left, int) and isinstance(right, int):
        a, b = _rank(left), _rank(right)
        total = int(left) - int(right)
        if a < 0 or b < 0 or not LONG_MIN <= total <= LONG_MAX:
            return _checked(total)
        return _whole(total, a, b)
    if _uses_decimals(left, right):
        return _exact("subtract", left, right)
    return _floating(float(left) - float(right), left, right)


def multiply(left: Number, right: Number) -> Number:
    """`left * right`."""
    if isinstance(left, int) and isinstance(right, int):
        a, b = _rank(left), _rank(right)
        product = int(left) * int(right)
        if a < 0 or b < 0:
            return _checked(product)
        if LONG_MIN <= product <= LONG_MAX:
            return _whole(product, a, b)
        if int(left) == LONG_MIN and int(right) == -1:  # the one overflow Velocity's check misses
            return _whole(LONG_MIN, a, b)
        return _checked(product)
    if _uses_decimals(left, right):
        return _exact("multiply", left, right)
    return _floating(float(left) * float(right), left, right)


def divide(left: Number, right: Number) -> Number | None:
    """`left / right`, truncated for integers; None for a division by zero."""
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        a, b = _rank(left), _rank(right)
        quotient = abs(int(left)) // abs(int(right))
        if (left < 0) != (right < 0):
            quotient = -quotient
        if a < 0 or b < 0:
            return big(quotient)
        return _whole(wrap_long(quotient), a, b)
    if _uses_decimals(left, right):
        return _divide_decimals(_decimal(left), _decimal(right))
    return _floating(_divide(float(left), float(right)), left, right)


def _divide(left: float, right: float) -> float:
    try:
        return left / right
    except OverflowError:
        return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _divide_decimals(left: Decimal, right: Decimal) -> Decimal:
    """At the scale of the dividend, half rounded down."""
    exponent = left.as_tuple().exponent
    assert isinstance(exponent, int)
    try:
        quotient = Context(prec=abs(exponent) + 2000).divide(left, right)
        return quotient.quantize(Decimal((0, (1,), exponent)), ROUND_HALF_DOWN, _WIDE)
    except (Inexact, Overflow):
        raise ValueTooLargeError from None


def modulo(left: Number, right: Number) -> Number | None:
    """`left % right`, with the sign of the left; None for a modulus of zero."""
    if not right:
        return None
    if isinstance(left, int) and isinstance(right, int):
        a, b = _rank(left), _rank(right)
        if a < 0 or b < 0:
            if right < 0:
                raise JavaError("java.lang.ArithmeticException", "BigInteger: modulus not positive")
            return big(int(left) % int(right))
        rest = abs(int(left)) % abs(int(right))
        return _whole(-rest if left < 0 else rest, a, b)
    if _uses_decimals(left, right):
        message = "Cannot calculate the modulo of BigDecimals."
        raise JavaError("java.lang.ArithmeticException", message)
    a_float, b_float = float(left), float(right)
    rest_float = math.nan if math.isinf(a_float) else math.fmod(a_float, b_float)
    return _floating(rest_float, left, right)


def order(left: Number, right: Number) -> int:
    """-1, 0 or 1; NaN is neither less nor more than anything, so it is 0."""
    if _uses_decimals(left, right):
        a, b = _decimal(left), _decimal(right)
        return (a > b) - (a < b)
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    x, y = float(left), float(right)
    if isinstance(left, Float | int) and isinstance(right, Float | int):
        x, y = to_float(x), to_float(y)
    return (x > y) - (x < y)


def loosely_equal(left: object, right: object) -> bool:
    """Velocity's `==`: numbers by value, else `equals` where the classes relate, else by text."""
    if type(left) is str and type(right) is str:
        return left == right
    if is_number(left) and is_number(right):
        return order(left, right) == 0  # type: ignore[arg-type]  # is_number is no guard to mypy
    if left is None or right is None:
        return left is right
    if related(left, right):
        return equals(left, right)
    left_text, right_text = to_text(left), to_text(right)
    return left_text == right_text

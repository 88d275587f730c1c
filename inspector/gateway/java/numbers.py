"""How Java's numbers print: `Double.toString`, `BigDecimal.toString`, integers of any length.

Templates on API Gateway print numbers by Java's rules (facts/velocity.md, "Literals and strings"):
`10000000.0` prints `1.0E7`, `1e400` is Infinity and prints `null` inside JSON.
"""

from __future__ import annotations

from decimal import Decimal
from math import isinf, isnan
from typing import Final

from inspector.gateway.java.doubles import double_digits, float_digits

INT_MIN: Final = -(2**31)
INT_MAX: Final = 2**31 - 1
LONG_MIN: Final = -(2**63)
LONG_MAX: Final = 2**63 - 1


def double_text(value: float) -> str:
    """`Double.toString(value)`."""
    text = repr(value)
    # Most doubles in templates: plain notation in both languages, the point between digits.
    if "e" not in text and 1e-3 <= abs(value) < 1e7:
        return text
    if isnan(value):
        return "NaN"
    sign = "-" if text[0] == "-" else ""
    magnitude = abs(value)
    if magnitude == 0.0:
        return sign + "0.0"
    if isinf(magnitude):
        return sign + "Infinity"
    return sign + _layout(*double_digits(magnitude))


def float_text(value: float) -> str:
    """`Float.toString(value)` of a value that a Float can hold."""
    magnitude = abs(value)
    if isnan(value) or magnitude == 0.0 or isinf(magnitude):
        return double_text(float(value))
    return ("-" if value < 0 else "") + _layout(*float_digits(magnitude))


def decimal_text(value: Decimal) -> str:
    """`BigDecimal.toString()`, which has no negative zero."""
    return str(value or abs(value))


def integer_text(value: int) -> str:
    """The decimal digits of an Integer, Long or BigInteger, however long."""
    try:
        return str(value)
    except ValueError:  # Python refuses to print integers of more than 4,300 digits
        return format(Decimal(value), "f")


def number_text(value: int | float | Decimal) -> str:
    """`toString()` of any Java number, as templates see them (no booleans here)."""
    if isinstance(value, int):
        return integer_text(value)
    return double_text(value) if isinstance(value, float) else decimal_text(value)


def integer_class(value: int) -> str:
    """The Java class that Velocity and json-smart choose for this integer, by its range."""
    if INT_MIN <= value <= INT_MAX:
        return "java.lang.Integer"
    if LONG_MIN <= value <= LONG_MAX:
        return "java.lang.Long"
    return "java.math.BigInteger"


def number_class(value: int | float | Decimal) -> str:
    """The Java class of a number."""
    if isinstance(value, int):
        return integer_class(value)
    return "java.lang.Double" if isinstance(value, float) else "java.math.BigDecimal"


def wrap_int(value: int) -> int:
    """The 32 bits that an `int` keeps of an overflowing result."""
    return ((value + 2**31) & 0xFFFFFFFF) - 2**31


def wrap_long(value: int) -> int:
    """The 64 bits that a `long` keeps of an overflowing result."""
    return ((value + 2**63) & 0xFFFFFFFFFFFFFFFF) - 2**63


def _layout(digits: str, exponent: int) -> str:
    if not -3 <= exponent < 7:
        return f"{digits[0]}.{digits[1:] or '0'}E{exponent}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return f"{whole}.{digits[exponent + 1 :] or '0'}"

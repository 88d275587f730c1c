"""The methods of Double, Float, BigDecimal and Boolean."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Final

from inspector.gateway.java.arithmetic import to_float
from inspector.gateway.java.equality import compare, equals, hash_code
from inspector.gateway.java.errors import JavaError, null_pointer, number_format
from inspector.gateway.java.formatting import hexadecimal
from inspector.gateway.java.numbers import (
    decimal_text,
    double_text,
    float_text,
    wrap_int,
    wrap_long,
)
from inspector.gateway.java.overloads import Function
from inspector.gateway.java.values import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    Byte,
    Float,
    Short,
    big,
    long,
)

_EXACT: Final = Context(prec=100_000)
_DOUBLE: Final = re.compile(
    r"[\x00-\x20]*([+-]?)(NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)[\x00-\x20]*",
    re.ASCII,
)


def _cast(value: float, low: int, high: int) -> int:
    """`(int) value`: saturates, and NaN is 0."""
    if value != value:
        return 0
    return low if value <= low else high if value >= high else int(value)


def _to_int(value: float) -> int:
    return _cast(value, INT_MIN, INT_MAX)


def _narrowed(value: float, bits: int) -> int:
    half = 1 << (bits - 1)
    return ((_to_int(value) + half) & ((1 << bits) - 1)) - half


def parse_double(text: str | None) -> float:
    """`Double.parseDouble(text)`. Raises `JavaError`."""
    if text is None:
        raise null_pointer()
    found = _DOUBLE.fullmatch(text)
    if found is None:
        if not text.strip():
            raise JavaError("java.lang.NumberFormatException", "empty String")
        raise number_format(text)
    body = found[2] if found[2] in {"NaN", "Infinity"} else found[2].rstrip("fFdD")
    value = float(body)
    return -value if found[1] == "-" else value


_FLOATING: Final[dict[str, Function]] = {
    "intValue()": _to_int,
    "longValue()": lambda n: long(_cast(n, LONG_MIN, LONG_MAX)),
    "shortValue()": lambda n: Short(_narrowed(n, 16)),
    "byteValue()": lambda n: Byte(_narrowed(n, 8)),
    "doubleValue()": lambda n: float(n),
    "floatValue()": to_float,
    "isNaN()": lambda n: n != n,
    "isInfinite()": math.isinf,
    "equals(Object)": equals,
    "hashCode()": hash_code,
}


def _hexadecimal(value: float) -> str:
    if value != value or math.isinf(value):
        return double_text(value)
    return ("-" if math.copysign(1, value) < 0 else "") + hexadecimal(abs(value))


DOUBLE_METHODS: Final[dict[str, Function]] = {
    **_FLOATING,
    "toString()": double_text,
    "compareTo(Double)": compare,
    "compareTo(Object)": compare,
    "toString(double)": lambda _, n: double_text(float(n)),
    "toHexString(double)": lambda _, n: _hexadecimal(float(n)),
    "valueOf(double)": lambda _, n: float(n),
    "valueOf(String)": lambda _, text: parse_double(text),
    "parseDouble(String)": lambda _, text: parse_double(text),
    "isNaN(double)": lambda _, n: n != n,
    "isInfinite(double)": lambda _, n: math.isinf(n),
    "isFinite(double)": lambda _, n: math.isfinite(n),
    "compare(double,double)": lambda _, a, b: compare(float(a), float(b)),
    "max(double,double)": lambda _, a, b: float(max(a, b)),
    "min(double,double)": lambda _, a, b: float(min(a, b)),
    "sum(double,double)": lambda _, a, b: float(a) + float(b),
}

FLOAT_METHODS: Final[dict[str, Function]] = {
    **_FLOATING,
    "toString()": float_text,
    "compareTo(Float)": compare,
    "compareTo(Object)": compare,
    "valueOf(float)": lambda _, n: to_float(n),
    "valueOf(String)": lambda _, text: to_float(parse_double(text)),
    "parseFloat(String)": lambda _, text: to_float(parse_double(text)),
    "isNaN(float)": lambda _, n: n != n,
    "isInfinite(float)": lambda _, n: math.isinf(to_float(n)),
    "isFinite(float)": lambda _, n: math.isfinite(to_float(n)),
    "toString(float)": lambda _, n: float_text(to_float(n)),
    "compare(float,float)": lambda _, a, b: compare(to_float(a), to_float(b)),
    "max(float,float)": lambda _, a, b: to_float(max(a, b)),
    "min(float,float)": lambda _, a, b: to_float(min(a, b)),
    "sum(float,float)": lambda _, a, b: to_float(a + b),
}


def _scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


_MODES: Final = {
    0: "ROUND_UP", 1: "ROUND_DOWN", 2: "ROUND_CEILING", 3: "ROUND_FLOOR", 4: ROUND_HALF_UP,
    5: "ROUND_HALF_DOWN", 6: "ROUND_HALF_EVEN",
}  # fmt: skip


def _set_scale(value: Decimal, scale: int, mode: int = 7) -> Decimal:
    if not -10_000 < scale < 10_000:
        raise JavaError("java.lang.ArithmeticException", "Overflow")
    unit = Decimal((0, (1,), -scale))
    if mode in _MODES:
        return value.quantize(unit, _MODES[mode], _EXACT)
    rounded = value.quantize(unit, ROUND_HALF_UP, _EXACT)
    if rounded != value:
        raise JavaError("java.lang.ArithmeticException", "Rounding necessary")
    return rounded


def _given(value: Decimal | None) -> Decimal:
    if value is None:
        raise null_pointer()
    return value


def _quotient(left: Decimal, right: Decimal | None) -> Decimal:
    """Exact, at the preferred scale where that holds it."""
    if not _given(right):
        raise JavaError("java.lang.ArithmeticException", "Division by zero")
    assert right is not None
    exact = Context(prec=3000, traps=[])
    result = exact.divide(left, right)
    if exact.multiply(result, right) != left:
        message = "Non-terminating decimal expansion; no exact representable decimal result."
        raise JavaError("java.lang.ArithmeticException", message)
    wanted = _scale(left) - _scale(right)
    try:
        return result.quantize(Decimal((0, (1,), -max(wanted, _scale(result)))), context=_EXACT)
    except InvalidOperation:
        return result


def _stripped(value: Decimal) -> Decimal:
    return value.normalize(_EXACT) if value else Decimal(0)


BIG_DECIMAL_METHODS: Final[dict[str, Function]] = {
    "intValue()": lambda n: wrap_int(int(n)),
    "longValue()": lambda n: long(wrap_long(int(n))),
    "doubleValue()": float,
    "floatValue()": lambda n: to_float(float(n)),
    "compareTo(BigDecimal)": compare,
    "compareTo(Object)": compare,
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "toString()": decimal_text,
    "toPlainString()": lambda n: format(n, "f"),
    "toBigInteger()": lambda n: big(int(n)),
    "add(BigDecimal)": lambda a, b: _EXACT.add(a, _given(b)),
    "subtract(BigDecimal)": lambda a, b: _EXACT.subtract(a, _given(b)),
    "multiply(BigDecimal)": lambda a, b: _EXACT.multiply(a, _given(b)),
    "divide(BigDecimal)": _quotient,
    "max(BigDecimal)": lambda a, b: a if a >= _given(b) else b,
    "min(BigDecimal)": lambda a, b: a if a <= _given(b) else b,
    "negate()": lambda n: n.copy_negate(),
    "abs()": lambda n: n.copy_abs(),
    "signum()": lambda n: (n > 0) - (n < 0),
    "scale()": _scale,
    "precision()": lambda n: len(n.as_tuple().digits),
    "unscaledValue()": lambda n: big(int(n.scaleb(_scale(n), _EXACT))),
    "setScale(int)": _set_scale,
    "setScale(int,int)": _set_scale,
    "stripTrailingZeros()": _stripped,
    "valueOf(long)": lambda _, n: Decimal(n),
    "valueOf(double)": lambda _, n: Decimal(double_text(float(n))),
}


def _parse_boolean(_: bool, text: str | None) -> bool:  # the receiver
    return text is not None and text.lower() == "true"


BOOLEAN_METHODS: Final[dict[str, Function]] = {
    "booleanValue()": lambda b: b,
    "toString()": lambda b: "true" if b else "false",
    "toString(boolean)": lambda _, b: "true" if b else "false",
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "hashCode(boolean)": lambda _, b: hash_code(b),
    "compareTo(Boolean)": compare,
    "compareTo(Object)": compare,
    "compare(boolean,boolean)": lambda _, a, b: int(a) - int(b),
    "parseBoolean(String)": _parse_boolean,
    "valueOf(String)": _parse_boolean,
    "valueOf(boolean)": lambda _, b: b,
    "logicalAnd(boolean,boolean)": lambda _, a, b: a and b,
    "logicalOr(boolean,boolean)": lambda _, a, b: a or b,
    "logicalXor(boolean,boolean)": lambda _, a, b: a != b,
}

__all__ = ["BIG_DECIMAL_METHODS", "BOOLEAN_METHODS", "DOUBLE_METHODS", "FLOAT_METHODS", "Float"]

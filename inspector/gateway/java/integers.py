"""The methods of Integer, Long, Byte, Short and BigInteger."""

from __future__ import annotations

import math
from typing import Final

from inspector.gateway.java.arithmetic import to_float
from inspector.gateway.java.equality import compare, equals, hash_code
from inspector.gateway.java.errors import (
    JavaError,
    ValueTooLargeError,
    null_pointer,
    number_format,
)
from inspector.gateway.java.numbers import integer_text, wrap_int, wrap_long
from inspector.gateway.java.overloads import Function, sized
from inspector.gateway.java.values import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    Byte,
    Short,
    big,
    long,
)

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def in_radix(value: int, radix: int) -> str:
    """`Integer.toString(value, radix)`; an impossible radix counts as 10."""
    if not 2 <= radix <= 36:
        radix = 10
    if radix == 10:
        return integer_text(value)
    digits, rest = [], abs(value)
    while rest:
        rest, digit = divmod(rest, radix)
        digits.append(_DIGITS[digit])
    return ("-" if value < 0 else "") + ("".join(reversed(digits)) or "0")


def parse(text: str | None, radix: int, low: int, high: int) -> int:
    """`parseInt` and `parseLong`. Raises `JavaError` for what is no number or too large."""
    if text is None:
        raise JavaError("java.lang.NumberFormatException", "null")
    digits = text[1:] if text[:1] in {"+", "-"} else text
    try:
        plain = digits.isalnum() and "_" not in digits
        value = int(digits, radix) if plain and 2 <= radix <= 36 and len(digits) < 4000 else None
    except ValueError:
        value = None
    if value is not None and text[0] == "-":
        value = -value
    if value is None or not low <= value <= high:
        raise number_format(text, radix)
    return value


def _parse_int(_: int, text: str | None, radix: int = 10) -> int:
    return parse(text, radix, INT_MIN, INT_MAX)


def _parse_long(_: int, text: str | None, radix: int = 10) -> int:
    return long(parse(text, radix, LONG_MIN, LONG_MAX))


def _decode(text: str | None, low: int, high: int) -> int:
    if text is None:
        raise null_pointer()
    sign = "-" if text.startswith("-") else ""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    for prefix, radix in (("0x", 16), ("0X", 16), ("#", 16), ("0", 8)):
        if rest.startswith(prefix) and len(rest) > len(prefix):
            return parse(sign + rest[len(prefix) :], radix, low, high)
    if not text:
        raise JavaError("java.lang.NumberFormatException", "Zero length string")
    return parse(sign + rest, 10, low, high)


def _signum(value: int) -> int:
    return (value > 0) - (value < 0)


def _leading(value: int, bits: int) -> int:
    return bits - (value & ((1 << bits) - 1)).bit_length()


def _trailing(value: int, bits: int) -> int:
    return bits if value == 0 else (value & -value).bit_length() - 1


def _highest(value: int, bits: int) -> int:
    pattern = value & ((1 << bits) - 1)
    return 1 << (pattern.bit_length() - 1) if pattern else 0


def _reversed(value: int, bits: int) -> int:
    return int(f"{value & ((1 << bits) - 1):0{bits}b}"[::-1], 2)


def _rotated(value: int, by: int, bits: int) -> int:
    pattern, by = value & ((1 << bits) - 1), by % bits
    return ((pattern << by) | (pattern >> (bits - by))) & ((1 << bits) - 1)


def _order(a: int, b: int) -> int:
    return (a > b) - (a < b)


def _narrow(value: int, bits: int) -> int:
    half = 1 << (bits - 1)
    return ((int(value) + half) & ((1 << bits) - 1)) - half


def _double(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


NUMBER: Final[dict[str, Function]] = {
    "intValue()": wrap_int,
    "longValue()": lambda n: long(wrap_long(n)),
    "shortValue()": lambda n: Short(_narrow(n, 16)),
    "byteValue()": lambda n: Byte(_narrow(n, 8)),
    "doubleValue()": _double,
    "floatValue()": lambda n: to_float(_double(n)),
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "toString()": integer_text,
}

INTEGER_METHODS: Final[dict[str, Function]] = {
    **NUMBER,
    "compareTo(Integer)": compare,
    "compareTo(Object)": compare,
    "hashCode(int)": lambda _, n: n,
    "toString(int)": lambda _, n: integer_text(n),
    "toString(int,int)": lambda _, n, radix: in_radix(n, radix),
    "parseInt(String)": _parse_int,
    "parseInt(String,int)": _parse_int,
    "valueOf(int)": lambda _, n: n,
    "valueOf(String)": _parse_int,
    "valueOf(String,int)": _parse_int,
    "decode(String)": lambda _, text: _decode(text, INT_MIN, INT_MAX),
    "toHexString(int)": lambda _, n: in_radix(n & 0xFFFFFFFF, 16),
    "toOctalString(int)": lambda _, n: in_radix(n & 0xFFFFFFFF, 8),
    "toBinaryString(int)": lambda _, n: in_radix(n & 0xFFFFFFFF, 2),
    "toUnsignedString(int)": lambda _, n: str(n & 0xFFFFFFFF),
    "toUnsignedLong(int)": lambda _, n: long(n & 0xFFFFFFFF),
    "compare(int,int)": lambda _, a, b: _order(a, b),
    "max(int,int)": lambda _, a, b: max(a, b),
    "min(int,int)": lambda _, a, b: min(a, b),
    "sum(int,int)": lambda _, a, b: wrap_int(a + b),
    "signum(int)": lambda _, n: _signum(n),
    "bitCount(int)": lambda _, n: (n & 0xFFFFFFFF).bit_count(),
    "reverse(int)": lambda _, n: wrap_int(_reversed(n, 32)),
    "highestOneBit(int)": lambda _, n: wrap_int(_highest(n, 32)),
    "lowestOneBit(int)": lambda _, n: wrap_int(n & -n),
    "numberOfLeadingZeros(int)": lambda _, n: _leading(n, 32),
    "numberOfTrailingZeros(int)": lambda _, n: _trailing(n, 32),
    "reverseBytes(int)": lambda _, n: wrap_int(_bytes_reversed(n, 4)),
    "divideUnsigned(int,int)": lambda _, a, b: wrap_int(_unsigned(a, b, 32)[0]),
    "remainderUnsigned(int,int)": lambda _, a, b: wrap_int(_unsigned(a, b, 32)[1]),
    "compareUnsigned(int,int)": lambda _, a, b: _order(a & 0xFFFFFFFF, b & 0xFFFFFFFF),
    "rotateLeft(int,int)": lambda _, n, by: wrap_int(_rotated(n, by, 32)),
    "rotateRight(int,int)": lambda _, n, by: wrap_int(_rotated(n, -by, 32)),
}

LONG_METHODS: Final[dict[str, Function]] = {
    **NUMBER,
    "compareTo(Long)": compare,
    "compareTo(Object)": compare,
    "hashCode(long)": lambda _, n: hash_code(long(n)),
    "toString(long)": lambda _, n: integer_text(n),
    "toString(long,int)": lambda _, n, radix: in_radix(n, radix),
    "parseLong(String)": _parse_long,
    "parseLong(String,int)": _parse_long,
    "valueOf(long)": lambda _, n: long(n),
    "valueOf(String)": _parse_long,
    "valueOf(String,int)": _parse_long,
    "decode(String)": lambda _, text: long(_decode(text, LONG_MIN, LONG_MAX)),
    "toHexString(long)": lambda _, n: in_radix(n & 0xFFFFFFFFFFFFFFFF, 16),
    "toOctalString(long)": lambda _, n: in_radix(n & 0xFFFFFFFFFFFFFFFF, 8),
    "toBinaryString(long)": lambda _, n: in_radix(n & 0xFFFFFFFFFFFFFFFF, 2),
    "toUnsignedString(long)": lambda _, n: str(n & 0xFFFFFFFFFFFFFFFF),
    "compare(long,long)": lambda _, a, b: _order(a, b),
    "max(long,long)": lambda _, a, b: long(max(a, b)),
    "min(long,long)": lambda _, a, b: long(min(a, b)),
    "sum(long,long)": lambda _, a, b: long(wrap_long(a + b)),
    "signum(long)": lambda _, n: _signum(n),
    "bitCount(long)": lambda _, n: (n & 0xFFFFFFFFFFFFFFFF).bit_count(),
    "highestOneBit(long)": lambda _, n: long(wrap_long(_highest(n, 64))),
    "lowestOneBit(long)": lambda _, n: long(wrap_long(n & -n)),
    "numberOfLeadingZeros(long)": lambda _, n: _leading(n, 64),
    "numberOfTrailingZeros(long)": lambda _, n: _trailing(n, 64),
    "reverse(long)": lambda _, n: long(wrap_long(_reversed(n, 64))),
    "reverseBytes(long)": lambda _, n: long(wrap_long(_bytes_reversed(n, 8))),
    "rotateLeft(long,int)": lambda _, n, by: long(wrap_long(_rotated(n, by, 64))),
    "rotateRight(long,int)": lambda _, n, by: long(wrap_long(_rotated(n, -by, 64))),
    "divideUnsigned(long,long)": lambda _, a, b: long(wrap_long(_unsigned(a, b, 64)[0])),
    "remainderUnsigned(long,long)": lambda _, a, b: long(wrap_long(_unsigned(a, b, 64)[1])),
    "compareUnsigned(long,long)": lambda _, a, b: _order(a & (1 << 64) - 1, b & (1 << 64) - 1),
}


def _bytes_reversed(value: int, size: int) -> int:
    return int.from_bytes((value & (1 << size * 8) - 1).to_bytes(size, "little"), "big")


def _unsigned(left: int, right: int, bits: int) -> tuple[int, int]:
    """Quotient and remainder of what the bits are without a sign."""
    mask = (1 << bits) - 1
    if not right:
        raise JavaError("java.lang.ArithmeticException", "/ by zero")
    return divmod(left & mask, right & mask)


def _small(kind: type[Byte | Short], name: str, bits: int) -> dict[str, Function]:
    """The methods of a Byte or a Short; `name` is `byte` or `short`."""
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def read(_: int, text: str | None, radix: int = 10) -> int:
        return kind(parse(text, radix, low, high))

    box = name.capitalize()
    return {
        **NUMBER,
        f"compareTo({box})": compare,
        "compareTo(Object)": compare,
        f"parse{box}(String)": read,
        f"parse{box}(String,int)": read,
        "valueOf(String)": read,
        "valueOf(String,int)": read,
        f"valueOf({name})": lambda _, n: kind(n),
        f"toString({name})": lambda _, n: integer_text(int(n)),
        f"compare({name},{name})": lambda _, a, b: int(a) - int(b),
    }


BYTE_METHODS: Final = _small(Byte, "byte", 8)
SHORT_METHODS: Final = _small(Short, "short", 16)


def _divisor(value: int | None) -> int:
    if value is None:
        raise null_pointer()
    if not value:
        raise JavaError("java.lang.ArithmeticException", "BigInteger divide by zero")
    return int(value)


def _quotient(left: int, right: int | None) -> int:
    by = _divisor(right)
    whole = abs(int(left)) // abs(by)
    return big(-whole if (left < 0) != (by < 0) else whole)


def _remainder(left: int, right: int | None) -> int:
    rest = abs(int(left)) % abs(_divisor(right))
    return big(-rest if left < 0 else rest)


def _mod(left: int, right: int | None) -> int:
    if right is not None and right <= 0:
        raise JavaError("java.lang.ArithmeticException", "BigInteger: modulus not positive")
    return big(int(left) % _divisor(right))


@sized
def _pow(limit: int, value: int, exponent: int) -> int:
    if exponent < 0:
        raise JavaError("java.lang.ArithmeticException", "Negative exponent")
    if value.bit_length() * exponent > min(limit, 1 << 20) * 3:
        raise ValueTooLargeError
    return big(int(value) ** exponent)


def _of(value: int | None) -> int:
    if value is None:
        raise null_pointer()
    return int(value)


BIG_INTEGER_METHODS: Final[dict[str, Function]] = {
    **NUMBER,
    "compareTo(BigInteger)": compare,
    "compareTo(Object)": compare,
    "add(BigInteger)": lambda a, b: big(int(a) + _of(b)),
    "subtract(BigInteger)": lambda a, b: big(int(a) - _of(b)),
    "multiply(BigInteger)": lambda a, b: big(int(a) * _of(b)),
    "divide(BigInteger)": _quotient,
    "remainder(BigInteger)": _remainder,
    "mod(BigInteger)": _mod,
    "max(BigInteger)": lambda a, b: big(max(int(a), _of(b))),
    "min(BigInteger)": lambda a, b: big(min(int(a), _of(b))),
    "pow(int)": _pow,
    "negate()": lambda n: big(-int(n)),
    "abs()": lambda n: big(abs(int(n))),
    "signum()": _signum,
    "bitCount()": lambda n: (int(n) if n >= 0 else ~int(n)).bit_count(),
    "and(BigInteger)": lambda a, b: big(int(a) & _of(b)),
    "or(BigInteger)": lambda a, b: big(int(a) | _of(b)),
    "xor(BigInteger)": lambda a, b: big(int(a) ^ _of(b)),
    "not()": lambda n: big(~int(n)),
    "gcd(BigInteger)": lambda a, b: big(math.gcd(int(a), _of(b))),
    "bitLength()": lambda n: (int(n) if n >= 0 else ~int(n)).bit_length(),
    "toString(int)": in_radix,
    "valueOf(long)": lambda _, n: big(n),
}

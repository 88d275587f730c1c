"""The decimal digits that Java, up to release 18, finds for a double.

They are not always the shortest ones: 1.0E23 prints as 9.999999999999999E22. This is the published
algorithm of Steele and White as the JDK carries it out, estimates and stopping rules included.
"""

from __future__ import annotations

import struct
from math import floor
from typing import Final

_FRACTION_BITS: Final = 52
_BIAS: Final = 1023
_FLOAT_BITS: Final = 23
_FLOAT_BIAS: Final = 127
_LONG: Final = 64
_INT: Final = 32
_POWERS_OF_FIVE: Final = 27
"""How many of them fit into a Java long."""


def double_digits(value: float) -> tuple[str, int]:
    """Digits d1d2d3... and e of d1.d2d3... x 10^e, for a positive, finite double."""
    (bits,) = struct.unpack(">q", struct.pack(">d", value))
    return _decimal(bits, _FRACTION_BITS, _BIAS)


def float_digits(value: float) -> tuple[str, int]:
    """The same for a positive, finite Float."""
    (bits,) = struct.unpack(">i", struct.pack(">f", value))
    return _decimal(bits, _FLOAT_BITS, _FLOAT_BIAS)


def _decimal(bits: int, fraction_bits: int, bias: int) -> tuple[str, int]:
    fraction, exponent = bits & (1 << fraction_bits) - 1, bits >> fraction_bits
    if exponent:
        fraction |= 1 << fraction_bits
        precision = fraction_bits + 1
    else:
        precision = fraction.bit_length()
        shift = fraction_bits + 1 - precision
        fraction <<= shift
        exponent = 1 - shift
    exponent -= bias
    fraction <<= _FRACTION_BITS - fraction_bits
    if precision < exponent + 1 < _LONG:
        whole = fraction << exponent >> _FRACTION_BITS
        return _whole_digits(whole, exponent - precision - 1)
    return _digits(fraction, exponent, precision)


def _whole_digits(value: int, excess_bits: int) -> tuple[str, int]:
    """A whole number beyond 2^53: only digits below half a unit in the last place are dropped."""
    dropped = len(str(2**excess_bits)) - 1 if excess_bits > 1 else 0
    scale: int = 10**dropped
    kept, rest = divmod(value, scale)
    if dropped and rest >= scale // 2:
        kept += 1
    digits = str(kept)
    return digits.rstrip("0"), len(digits) - 1 + dropped


def _estimate(fraction: int, exponent: int) -> int:
    """The decimal exponent, or one more."""
    mantissa = fraction / (1 << _FRACTION_BITS)
    return floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)


def _bits_of_five(power: int) -> int:
    """An upper bound on the bits of 5^power, exact for small powers."""
    if power >= _POWERS_OF_FIVE:
        return power * 3
    return (5**power).bit_length() if power else 0


class _Scaled:
    """The value as the fraction b / s, with m half the distance to the next double."""

    def __init__(self, fraction: int, exponent: int, precision: int, decimal: int) -> None:
        zeros = (fraction & -fraction).bit_length() - 1
        bits = _FRACTION_BITS + 1 - zeros
        tiny = max(0, bits - exponent - 1)
        b5, s5 = max(0, -decimal), max(0, decimal)
        b2, s2 = b5 + tiny + exponent, s5 + tiny
        m2 = b2 - precision
        b2 -= bits - 1
        common = min(b2, s2)
        b2, s2, m2 = b2 - common, s2 - common, m2 - common
        if bits == 1:  # below a power of two the doubles are twice as dense
            m2 -= 1
        if m2 < 0:
            b2, s2, m2 = b2 - m2, s2 - m2, 0
        self.b: int = (fraction >> zeros) * 5**b5 << b2
        self.s: int = 5**s5 << s2
        self.m: int = 5**b5 << m2
        size = max(bits + b2 + _bits_of_five(b5), s2 + 1 + _bits_of_five(s5 + 1))
        # In an int or a long the JDK stops above ten, in its big numbers at ten or above.
        self.width = _INT if size < _INT else _LONG if size < _LONG else 0
        self.overflown = False

    def next_digit(self) -> int:
        """The next digit; moves on by one."""
        digit = self.b // self.s
        self.b = self.b % self.s * 10
        self.m *= 10
        if self.width:
            half = 1 << (self.width - 1)
            self.m = (self.m + half) % (2 * half) - half
            self.overflown = self.m <= 0
        return digit

    @property
    def low(self) -> bool:
        """Whether stopping here leaves a value that still reads back as the double."""
        return self.overflown or self.b < self.m

    @property
    def high(self) -> bool:
        """The same for stopping here after rounding up."""
        above = self.b + self.m - 10 * self.s
        return self.overflown or (above > 0 if self.width else above >= 0)


def _digits(fraction: int, exponent: int, precision: int) -> tuple[str, int]:
    decimal = _estimate(fraction, exponent)
    scaled = _Scaled(fraction, exponent, precision, decimal)
    first = scaled.next_digit()
    low, high = scaled.low, scaled.high
    digits = [first]
    if first == 0 and not high:
        decimal -= 1
        digits.clear()
    if not -3 <= decimal < 8:  # E notation needs a second digit
        low = high = False
    while not low and not high:
        digits.append(scaled.next_digit())
        low, high = scaled.low, scaled.high
    if high and (not low or _rounds_up(scaled, digits[-1])):
        decimal += _round_up(digits)
    return "".join(map(str, digits)), decimal


def _rounds_up(scaled: _Scaled, last: int) -> bool:
    twice, ten = scaled.b * 2, scaled.s * 10
    return twice > ten or (twice == ten and last % 2 == 1)


def _round_up(digits: list[int]) -> int:
    """Add one to the last digit; gives 1 where the number became one digit longer."""
    at = len(digits) - 1
    while at >= 0 and digits[at] == 9:  # the carry
        digits[at] = 0
        at -= 1
    if at < 0:
        digits[0] = 1
        return 1
    digits[at] += 1
    return 0

"""`String.format`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from inspector.gateway.java.equality import hash_code
from inspector.gateway.java.errors import JavaError, ValueTooLargeError
from inspector.gateway.java.integers import in_radix
from inspector.gateway.java.text import to_text
from inspector.gateway.java.times import CONVERSIONS, time_text
from inspector.gateway.java.types import LONG, class_name
from inspector.gateway.java.values import LONG_MAX, LONG_MIN, Char

_SPEC: Final = re.compile(r"%(\d+\$|<)?([-#+ 0,(]*)(\d+)?(\.\d+)?([tT])?([a-zA-Z%])")
_PLAIN: Final = Context(prec=5000)
_BITS: Final = {
    "java.lang.Integer": 32, "java.lang.Long": 64, "java.lang.Byte": 8, "java.lang.Short": 16
}  # fmt: skip


def _fault(name: str, message: str) -> JavaError:
    return JavaError(f"java.util.{name}", message)


class _Spec:
    """One `%...` of a format string."""

    def __init__(self, match: re.Match[str], limit: int) -> None:
        self.text = match[0]
        self.index = match[1]
        self.flags = match[2]
        self.width = int(match[3] or 0)
        self.precision = int(match[4][1:]) if match[4] else None
        self.letter = match[6]
        if self.width > limit or (self.precision or 0) > limit:
            raise ValueTooLargeError
        self.timed, self.upper = match[5] is not None, match[5] == "T"
        if len(set(self.flags)) != len(self.flags):
            raise _fault("DuplicateFormatFlagsException", f"Flags = '{self.flags}'")
        if ("-" in self.flags or "0" in self.flags) and not self.width:
            raise _fault("MissingFormatWidthException", self.text)

    def pad(self, text: str) -> str:
        """The text in its field."""
        if "-" in self.flags:
            return text.ljust(self.width)
        return text.rjust(self.width)


def format_text(pattern: str, arguments: list[object] | None, limit: int) -> str:
    """`String.format(pattern, arguments...)` in the root locale. Raises `JavaError`.

    Where null stands for the arguments as a whole, every one of them is null.
    """
    out: list[str] = []
    place = ordinary = total = 0
    previous = -1
    while place < len(pattern):
        start = pattern.find("%", place)
        if start < 0:
            out.append(pattern[place:])
            break
        out.append(pattern[place:start])
        match = _SPEC.match(pattern, start)
        if match is None:
            wrong = pattern[start + 1 : start + 2] or "%"
            raise _fault("UnknownFormatConversionException", f"Conversion = '{wrong}'")
        spec = _Spec(match, limit)
        place = match.end()
        if spec.letter in "n%" and not spec.timed:
            out.append("\n" if spec.letter == "n" else spec.pad("%"))
            continue
        if spec.index == "<":
            current = previous
        elif spec.index:
            current = int(spec.index[:-1]) - 1
        else:
            current, ordinary = ordinary, ordinary + 1
        if current < 0 or (arguments is not None and current >= len(arguments)):
            raise _fault("MissingFormatArgumentException", f"Format specifier '{spec.text}'")
        previous = current
        out.append(_convert(spec, None if arguments is None else arguments[current]))
        total += len(out[-1])
        if total > limit:
            raise ValueTooLargeError
    return "".join(out)


def _convert(spec: _Spec, value: object) -> str:
    letter = spec.letter
    lower = letter.lower()
    if spec.timed:
        return _time(spec, value)
    if lower not in "bhscdoxefga" or letter in {"D", "O", "F"}:
        raise _fault("UnknownFormatConversionException", f"Conversion = '{letter}'")
    if lower in "bhs":
        text = _general(spec, lower, value)
    elif lower == "c":
        text = _character(spec, value)
    elif lower in "dox":
        text = _integer(spec, lower, value)
    else:
        text = _floating(spec, lower, value)
    return text.upper() if letter.isupper() else text


def _time(spec: _Spec, value: object) -> str:
    """A Long: there are no dates here."""
    if spec.letter not in CONVERSIONS:
        raise _fault("UnknownFormatConversionException", f"Conversion = 't{spec.letter}'")
    if spec.precision is not None:
        raise _fault("IllegalFormatPrecisionException", str(spec.precision))
    if value is None:
        text = "null"
    elif class_name(value) == LONG:
        try:
            text = time_text(spec.letter, int(value))  # type: ignore[call-overload]  # a Long is an int
        except OverflowError:
            raise _mismatch(spec.letter, value) from None
    else:
        raise _mismatch(spec.letter, value)
    return spec.pad(text.upper() if spec.upper else text)


def _general(spec: _Spec, letter: str, value: object) -> str:
    if letter == "b":
        text = to_text(value) if isinstance(value, bool) else to_text(value is not None)
    elif letter == "h":
        text = "null" if value is None else in_radix(hash_code(value) & 0xFFFFFFFF, 16)
    else:
        text = to_text(value)
    if spec.precision is not None:
        text = text[: spec.precision]
    return spec.pad(text)


def _mismatch(letter: str, value: object) -> JavaError:
    return _fault("IllegalFormatConversionException", f"{letter} != {class_name(value)}")


def _character(spec: _Spec, value: object) -> str:
    if spec.precision is not None:
        raise _fault("IllegalFormatPrecisionException", str(spec.precision))
    if value is None:
        return spec.pad("null")
    if isinstance(value, Char):
        return spec.pad(value.value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= 0x10FFFF:
            raise _fault("IllegalFormatCodePointException", f"Code point = {hex(value)}")
        return spec.pad(chr(value))
    raise _mismatch(spec.letter, value)


def _integer(spec: _Spec, letter: str, value: object) -> str:
    if spec.precision is not None:
        raise _fault("IllegalFormatPrecisionException", str(spec.precision))
    if value is None:
        return spec.pad("null")
    if not isinstance(value, int) or isinstance(value, bool):
        raise _mismatch(spec.letter, value)
    if letter == "d":
        return _signed(spec, value < 0, f"{abs(value):,}" if "," in spec.flags else str(abs(value)))
    radix = 16 if letter == "x" else 8
    number = int(value)
    if LONG_MIN <= number <= LONG_MAX:
        number &= (1 << _BITS.get(class_name(value), 64)) - 1
    digits = in_radix(number, radix)
    if "#" in spec.flags:
        digits = ("0x" if radix == 16 else "0") + digits
    return digits.rjust(spec.width, "0") if "0" in spec.flags else spec.pad(digits)


def _signed(spec: _Spec, negative: bool, digits: str) -> str:  # a sign
    before = after = ""
    if negative:
        before, after = ("(", ")") if "(" in spec.flags else ("-", "")
    elif "+" in spec.flags:
        before = "+"
    elif " " in spec.flags:
        before = " "
    if "0" in spec.flags:
        digits = digits.rjust(spec.width - len(before) - len(after), "0")
    return spec.pad(before + digits + after)


def _floating(spec: _Spec, letter: str, value: object) -> str:
    if value is None:
        return spec.pad("null"[: spec.precision])
    if not isinstance(value, float | Decimal):
        raise _mismatch(spec.letter, value)
    if value != value:
        return spec.pad("NaN")
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        spec.flags = spec.flags.replace("0", "")
        return _signed(spec, value < 0, "Infinity")
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    negative = number.is_signed()
    precision = 6 if spec.precision is None else spec.precision
    if letter == "f":
        digits = _fixed(abs(number), precision, grouped="," in spec.flags)
    elif letter == "e":
        digits = _scientific(abs(number), precision)
    elif letter == "g":
        digits = _shorter(abs(number), precision or 1, grouped="," in spec.flags)
    else:
        if spec.precision is not None or not isinstance(value, float):
            raise _fault("UnknownFormatConversionException", "Conversion = 'a'")
        digits = hexadecimal(abs(value))
    return _signed(spec, negative, digits)


def hexadecimal(value: float) -> str:
    """`Double.toHexString(value)` of a finite number."""
    mantissa, _, exponent = value.hex().partition("p")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}p{int(exponent)}"


def _fixed(number: Decimal, precision: int, *, grouped: bool) -> str:
    rounded = number.quantize(Decimal((0, (1,), -precision)), ROUND_HALF_UP, _PLAIN)
    return format(rounded, ",f" if grouped else "f")


def _scientific(number: Decimal, precision: int) -> str:
    if not number:
        return "0" + ("." + "0" * precision if precision else "") + "e+00"
    rounded = Context(prec=precision + 1, rounding=ROUND_HALF_UP).plus(number)
    exponent = rounded.adjusted()
    digits = "".join(map(str, rounded.as_tuple().digits)).ljust(precision + 1, "0")
    body = digits[0] + ("." + digits[1 : precision + 1] if precision else "")
    return f"{body}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _shorter(number: Decimal, precision: int, *, grouped: bool) -> str:
    if not number:
        return _fixed(number, precision - 1, grouped=grouped)
    rounded = Context(prec=precision, rounding=ROUND_HALF_UP).plus(number)
    if Decimal("0.0001") <= rounded < Decimal(10) ** precision:
        return _fixed(number, max(precision - 1 - rounded.adjusted(), 0), grouped=grouped)
    return _scientific(number, precision - 1)

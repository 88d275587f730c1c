"""json-smart's permissive reading of text that is not strict JSON.

Bare words, single quotes, stray commas, text after the value, leading zeros, a lone minus: all are
read as json-smart 2.2 reads them (facts/velocity.md, "the parser is permissive"; checked against
the real one by tests/gateway/jsonpath).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NoReturn

from inspector.gateway.java.values import Float, big
from inspector.gateway.jsonpath.errors import InvalidJsonError, InvalidNumberError

_END: Final = "\x1a"  # json-smart's end of input: a raw U+001A ends the text as well
_SPACE: Final = " \t\r\n"
_TRIMMED: Final = "".join(map(chr, range(0x21)))
_ANY_STOP: Final = ""
_KEY_STOP: Final = ":"
_VALUE_STOP: Final = ",}"
_ARRAY_STOP: Final = ",]"
_ESCAPES: Final = {
    "t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\", "/": "/", "'": "'", '"': '"'
}  # fmt: skip
_DIGITS: Final = re.compile(r"[0-9]*")
_DROPPED: Final = frozenset(chr(i) for i in (*range(0x20), 0x7F))


def parse_permissive(text: str) -> object:
    """The first value in `text`; raises `InvalidJsonError` or `InvalidNumberError`."""
    return _Reader(text).first()


def floating_number(text: str) -> float | Decimal:
    """A number with a point or an exponent: a Double up to 18 characters, a BigDecimal beyond."""
    return float(text) if len(text) <= 18 else big_decimal(text)


_BIG_DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?")


def big_decimal(text: str) -> Decimal:
    """`new BigDecimal(text)`; raises `InvalidNumberError`, also where the scale is no Java int."""
    match = _BIG_DECIMAL.fullmatch(text)
    if match is None:
        raise InvalidNumberError(f'For input string: "{text}"')
    fraction, power = match[1] or match[2] or "", match[3] or "0"
    if len(power.lstrip("+-0")) > 10 or not -(2**31) <= len(fraction) - int(power) < 2**31:
        raise InvalidNumberError("Too many nonzero exponent digits.")
    return Decimal(text)


class _Reader:
    """One pass over the text; `pos` is the place of the current character `c`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.c = text[0] if text else _END

    def first(self) -> object:
        self._skip_blank()
        return self._value(_ANY_STOP)

    def _read(self) -> None:
        self.pos += 1
        self.c = self.text[self.pos] if self.pos < len(self.text) else _END

    def _go(self, pos: int) -> None:
        self.pos = pos
        self.c = self.text[pos] if pos < len(self.text) else _END

    def _skip_blank(self) -> None:
        while self.c in _SPACE:
            self._read()

    def _skip_space(self) -> None:
        while self.c <= " " and self.c != _END:
            self._read()

    def _value(self, stop: str) -> object:
        c = self.c
        if c in ":}]":
            self._unexpected(self.pos)
        if c == "{":
            return self._object()
        if c == "[":
            return self._array()
        if c in "\"'":
            return self._string()
        if c in "0123456789-":
            return self._number(stop)
        word = self._bare(self.pos, stop)
        # A control character in front is trimmed away, but then the word is text.
        return _WORDS.get(word, word) if c in "ntfN" else word

    def _object(self) -> dict[str, object]:
        result: dict[str, object] = {}
        accept = True
        while True:
            self._read()
            self._skip_blank()
            c = self.c
            if c in ":][{":
                self._unexpected(self.pos)
            if c == "}":
                self._read()
                return result
            if c == ",":
                accept = True
                continue
            key = self._string() if c in "\"'" else self._bare(self.pos, _KEY_STOP)
            if not accept:
                self._token(key)
            result[key] = self._member()
            if self.c == "}":
                self._read()
                return result
            if self.c == _END:
                self._end(self.pos - 1)
            if self.c != ",":
                self._token(self.c, self.pos - 1)

    def _member(self) -> object:
        """The colon after a key, the value, and the blanks behind it."""
        self._skip_space()
        if self.c == _END:
            self._end(self.pos - 1)
        if self.c != ":":
            self._unexpected(self.pos - 1)
        self._read()
        if self.pos >= len(self.text):
            self._end(self.pos - 1, "EOF")
        self._skip_blank()
        value = self._value(_VALUE_STOP)
        self._skip_space()
        return value

    def _array(self) -> list[object]:
        result: list[object] = []
        self._read()
        while True:
            self._skip_blank()
            c = self.c
            if c == "]":
                self._read()
                return result
            if c in ":}":
                self._unexpected(self.pos)
            if c == _END:
                self._end(self.pos - 1, "EOF")
            if c == ",":
                self._read()
            else:
                result.append(self._value(_ARRAY_STOP))

    def _bare(self, start: int, stop: str) -> str:
        """Text without quotes from `start` up to a stop character, trimmed."""
        while self.c != _END and self.c not in (stop or _END):
            self._read()
        return self.text[start : self.pos].strip(_TRIMMED)

    def _digits(self) -> None:
        match = _DIGITS.match(self.text, self.pos)
        self._go(match.end() if match else self.pos)

    def _number(self, stop: str) -> object:
        start = self.pos
        self._read()
        self._digits()
        if self.c not in ".eE":
            return self._number_or_word(start, stop, whole=True)
        if self.c == ".":
            self._read()
            self._digits()
        if self.c not in "eE":
            return self._number_or_word(start, stop, whole=False)
        self._read()
        if self.c not in "+-0123456789":
            return self._bare(start, stop)
        self._read()
        self._digits()
        return self._number_or_word(start, stop, whole=False)

    def _number_or_word(self, start: int, stop: str, *, whole: bool) -> object:
        """What began as a number is one if a stop follows (or any character from `~` on)."""
        self._skip_space()
        if self.c != _END and self.c < "~" and self.c not in stop:
            return self._bare(start, stop)
        text = self.text[start : self.pos].strip(_TRIMMED)
        if whole:
            return 0 if text == "-" else _integer(text)
        try:
            return floating_number(text)
        except ValueError:
            raise InvalidNumberError(f'For input string: "{text}"') from None

    def _string(self) -> str:
        closing = self.text.find(self.c, self.pos + 1)
        if closing < 0:
            self._end(len(self.text))
        plain = self.text[self.pos + 1 : closing]
        if "\\" in plain:
            return self._escaped_string()
        self._go(closing + 1)
        return plain

    def _escaped_string(self) -> str:
        """A string with escapes; json-smart drops raw control characters from such strings only."""
        quote = self.c
        out: list[str] = []
        while True:
            self._read()
            c = self.c
            if c == _END:
                self._end(self.pos - 1)
            if c == quote:
                self._read()
                return _joined(out)
            if c == "\\":
                self._read()
                out.append(self._escape())
            elif c not in _DROPPED:
                out.append(c)

    def _escape(self) -> str:
        if self.c == "u":
            return self._hexadecimal(4)
        if self.c == "x":
            return self._hexadecimal(2)
        return _ESCAPES.get(self.c, "")

    def _hexadecimal(self, count: int) -> str:
        value = 0
        for _ in range(count):
            self._read()
            if self.c == _END:
                raise InvalidJsonError(_failure(f"End Of File position {self.pos}: EOF"))
            if self.c not in "0123456789abcdefABCDEF":
                text = f"unicode escape sequence {self.c} at position {self.pos}."
                raise InvalidJsonError(_failure(text))
            value = value * 16 + int(self.c, 16)
        return chr(value)

    def _unexpected(self, position: int) -> NoReturn:
        raise InvalidJsonError(_failure(f"character ({self.c}) at position {position}."))

    def _token(self, token: str, position: int | None = None) -> NoReturn:
        where = self.pos if position is None else position
        raise InvalidJsonError(_failure(f"token {token} at position {where}."))

    def _end(self, position: int, what: str = "null") -> NoReturn:
        raise InvalidJsonError(_failure(f"End Of File position {position}: {what}"))


_WORDS: Final[dict[str, object]] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": Float("nan"),
}


def _failure(text: str) -> str:
    return f"net.minidev.json.parser.ParseException: Unexpected {text}"


def _integer(text: str) -> int:
    """json-smart takes more digits than a long has for a BigInteger, zeros in front counted too."""
    try:
        value = int(text)
    except ValueError:  # more than 4,300 digits
        return int(Decimal(text))
    return big(value) if len(text.lstrip("-")) > 19 else value


def _joined(parts: list[str]) -> str:
    """Java joins two escaped halves of a surrogate pair by itself; Python must be asked."""
    text = "".join(parts)
    if any("\ud800" <= part <= "\udfff" for part in parts):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text

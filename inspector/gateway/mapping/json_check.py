"""Strict JSON: where a text first stops being it, and what should have stood there.

Python's own decoder words its complaints differently from release to release and stops at other
places; explanations need one place and the bracket or string it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Expected(StrEnum):
    """What should have stood at the fault."""

    VALUE = "a value"
    ITEM = "a value or ]"
    NAME = "a name in quotes"
    FIRST_NAME = "a name in quotes or }"
    COLON = "a colon"
    SEPARATOR = "a comma or the closing bracket"
    NOTHING = "the end of the text"
    ESCAPE = "a valid escape"
    VISIBLE = "no control character"
    QUOTE = "a closing quote"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first fault.

    `offset` is its place in characters; `inside` where the innermost open bracket stands, or for
    faults inside a string its opening quote (-1 outside of everything); `before` the place of the
    last character before the fault that is no blank (-1: none); `string` where the string opened
    that ended there (-1: something else did).
    """

    offset: int
    expected: Expected
    inside: int
    before: int
    string: int = -1


_BLANK: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_SCALAR: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_CLOSING: Final = {"{": "}", "[": "]"}


def first_fault(text: str) -> Fault | None:
    """The first place where `text` is no JSON (RFC 8259), or None where it is JSON."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.before = -1
        self.string = -1
        self.open: list[int] = []
        self.expected = Expected.VALUE

    def run(self) -> Fault | None:
        while True:
            self.at = self._behind(_BLANK)
            char = self.text[self.at : self.at + 1]
            if not char and self.expected is Expected.NOTHING:
                return None
            if self._string_due(char):
                fault = self._string()
                if fault:
                    return fault
            elif not self._take(char):
                inside = self.open[-1] if self.open else -1
                return Fault(self.at, self.expected, inside, self.before, self.string)

    def _behind(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        return match.end() if match else self.at

    def _string_due(self, char: str) -> bool:
        return char == '"' and self.expected in {
            Expected.VALUE, Expected.ITEM, Expected.NAME, Expected.FIRST_NAME
        }  # fmt: skip

    def _string(self) -> Fault | None:
        named = self.expected in {Expected.NAME, Expected.FIRST_NAME}
        start, end = self.at, self._behind(_STRING)
        char = self.text[end : end + 1]
        if char != '"':
            expected = Expected.VISIBLE
            if not char:
                expected = Expected.QUOTE
            elif char == "\\":
                expected = Expected.ESCAPE
            return Fault(end, expected, start, end - 1)
        self._advance(end + 1, Expected.COLON if named else None)
        self.string = start
        return None

    def _take(self, char: str) -> bool:
        """Take one token other than a string; False where it does not belong."""
        expected = self.expected
        if expected in {Expected.VALUE, Expected.ITEM}:
            if char in {"{", "["}:
                self.open.append(self.at)
                self._advance(self.at + 1, Expected.ITEM if char == "[" else Expected.FIRST_NAME)
                return True
            if char == "]" and expected is Expected.ITEM:
                return self._close()
            end = self._behind(_SCALAR)
            if end == self.at:
                return False
            self._advance(end, None)
            return True
        if expected is Expected.COLON:
            return char == ":" and self._advance(self.at + 1, Expected.VALUE)
        if char == "}" and expected is Expected.FIRST_NAME:
            return self._close()
        if expected is not Expected.SEPARATOR:
            return False
        opened = self.text[self.open[-1]]
        if char == _CLOSING[opened]:
            return self._close()
        following = Expected.NAME if opened == "{" else Expected.VALUE
        return char == "," and self._advance(self.at + 1, following)

    def _close(self) -> bool:
        self.open.pop()
        return self._advance(self.at + 1, None)

    def _advance(self, end: int, expected: Expected | None) -> bool:
        """Go behind a token; without a particular expectation a value has just ended."""
        self.before, self.at, self.string = end - 1, end, -1
        after_value = Expected.SEPARATOR if self.open else Expected.NOTHING
        self.expected = expected or after_value
        return True

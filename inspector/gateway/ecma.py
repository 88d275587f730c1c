"""Regular expressions of models: ECMA 262, as JSON Schema has them, written as Java's.

Amazon's validator asks a JavaScript engine (Rhino). What differs from Java: `$` is the end of the
text only, a dot stops at fewer line ends, an unknown escape means the character itself, classes
neither nest nor intersect, and there are neither possessive quantifiers nor inline flags.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NoReturn

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern

_LINE_ENDS: Final = r"\n\r\u2028\u2029"
_SPACES: Final = r"\t\n\x0b\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_KEPT: Final = frozenset("dDwWfnrt")
_COUNT: Final = re.compile(r"\{\d+(?:,\d*)?\}")
_OPENING: Final = re.compile(r"\((?:\?(?::|=|!|<=|<!|<[A-Za-z][A-Za-z0-9]*>))?")
_CAPTURING: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\((?!\?)|\(\?<[A-Za-z]", re.DOTALL)
_CODE: Final = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}")
_DIGITS: Final = re.compile("[0-9]+")
_OCTAL: Final = re.compile("[0-3]?[0-7]{1,2}")
_WORD_END: Final = r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"
_NO_WORD_END: Final = r"(?:(?<=\w)(?=\w)|(?<!\w)(?!\w))"


@lru_cache(maxsize=512)
def pattern(text: str) -> JavaPattern:
    """The pattern, compiled once. Raises `JavaError` where it is none."""
    return JavaPattern(_Translation(text).java())


class _Translation:
    """Reads one pattern and writes it again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups = sum(found[0][0] == "(" for found in _CAPTURING.finditer(text))

    def java(self) -> str:
        out: list[str] = []
        while self._at < len(self._text):
            out.append(self._part())
        return "".join(out)

    def _fail(self, reason: str) -> NoReturn:
        message = f"{reason} near index {self._at}: {self._text[:200]}"
        raise JavaError("java.util.regex.PatternSyntaxException", message)

    def _taken(self, expression: re.Pattern[str]) -> str:
        """What the expression matches here, which is behind us then; "" if nothing."""
        found = expression.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _part(self) -> str:
        char = self._text[self._at]
        if char in "*+?" or (char == "{" and _COUNT.match(self._text, self._at)):
            return self._quantifier()
        if char == "(":
            return self._taken(_OPENING) if not self._flags() else self._fail("Invalid group")
        self._at += 1
        if char == "\\":
            return self._escape()
        if char == "[":
            return self._class()
        return {"$": r"\z", ".": f"[^{_LINE_ENDS}]"}.get(char) or _literal(char, "^|)")

    def _flags(self) -> bool:
        """Whether the parenthesis opens what ECMA does not have, such as `(?i)`."""
        opened = _OPENING.match(self._text, self._at)
        return opened is not None and opened[0] == "(" and self._text[self._at + 1 :][:1] == "?"

    def _quantifier(self) -> str:
        if self._at == 0 or (self._text[self._at - 1] in "(|" and not self._escaped()):
            self._fail("Nothing to repeat")
        found = self._taken(_COUNT)
        if not found:
            found = self._text[self._at]
            self._at += 1
        if self._text[self._at : self._at + 1] == "?":
            found += "?"
            self._at += 1
        rest = self._text[self._at : self._at + 1]
        if rest and (rest in "*+?" or _COUNT.match(self._text, self._at)):
            self._fail("Nothing to repeat")
        return found

    def _escaped(self) -> bool:
        """Whether the character before this one stands behind a backslash."""
        before = self._text[: self._at - 1]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _escape(self) -> str:
        char = self._text[self._at : self._at + 1]
        if not char:
            self._fail(r"\ at end of pattern")
        if char in "bB":
            self._at += 1
            return _WORD_END if char == "b" else _NO_WORD_END
        if char in "123456789":
            found = _DIGITS.match(self._text, self._at)
            assert found is not None
            if int(found[0][:9]) <= self._groups:
                self._at = found.end()
                return f"(?:\\{found[0]})"
        if char in "sS":
            self._at += 1
            return f"[{_SPACES}]" if char == "s" else f"[^{_SPACES}]"
        return self._escaped_char()

    def _escaped_char(self) -> str:
        """What stands for one character, or a set without brackets, in classes too."""
        code = self._taken(_CODE)
        if code:
            return f"\\{code}"
        octal = self._taken(_OCTAL)
        if octal:
            return f"\\x{int(octal, 8):02x}"
        char = self._text[self._at]
        self._at += 1
        if char in _KEPT:
            return f"\\{char}"
        if char == "v":
            return r"\x0b"
        control = self._text[self._at : self._at + 1]
        if char == "c" and control.isascii() and control.isalpha():
            self._at += 1
            return f"\\x{ord(control) % 32:02x}"
        return _literal(char, "")

    def _class(self) -> str:
        negated = self._text[self._at : self._at + 1] == "^"
        self._at += negated
        out: list[str] = []
        while self._text[self._at : self._at + 1] != "]":
            if self._at >= len(self._text):
                self._fail("Unclosed character class")
            out.append(self._member())
        self._at += 1
        if not out:
            return r"[\s\S]" if negated else r"(?!)"
        return f"[{'^' if negated else ''}{''.join(out)}]"

    def _member(self) -> str:
        low = self._atom()
        text, at = self._text, self._at
        if text[at : at + 1] != "-" or text[at + 1 : at + 2] in ("", "]"):
            return low
        self._at += 1
        high = self._atom()
        if _is_set(low) or _is_set(high):  # a hyphen beside a set is only that
            return f"{low}\\-{high}"
        return f"{low}-{high}"

    def _atom(self) -> str:
        char = self._text[self._at]
        self._at += 1
        if char != "\\":
            return _literal(char, "")
        char = self._text[self._at : self._at + 1]
        if char == "":
            self._fail(r"\ at end of pattern")
        if char in "sSb":
            self._at += 1
            return {"s": _SPACES, "S": f"[^{_SPACES}]", "b": r"\x08"}[char]
        return self._escaped_char()


def _is_set(atom: str) -> bool:
    return atom in (r"\d", r"\D", r"\w", r"\W", _SPACES) or atom[0] == "["


def _literal(char: str, special: str) -> str:
    """A character that means itself, unless it is among those that are special here too."""
    return char if char in special or char.isalnum() or not char.isascii() else f"\\{char}"

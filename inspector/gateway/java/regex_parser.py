"""The grammar of `java.util.regex.Pattern`, read into a tree."""

from __future__ import annotations

from typing import Final, NoReturn

from inspector.gateway.java import regex_sets as sets
from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex_sets import Ranges
from inspector.gateway.java.regex_tree import (
    Assertion,
    Chars,
    Choice,
    Group,
    Part,
    Repeat,
    Sequence,
)

_DEEPEST: Final = 100
_MOST: Final = 2**31 - 1
_CLASSES: Final[dict[str, Ranges]] = {
    "d": sets.DIGITS, "w": sets.WORD, "s": sets.SPACE, "h": sets.HORIZONTAL, "v": sets.VERTICAL,
}  # fmt: skip
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_LINE_END: Final = "(?:\r\n|[\n\r\x85\u2028\u2029])"
_LAST_LINE: Final = rf"(?:(?=\r\n\Z)|(?<!\r)(?=\n\Z)|(?=[\r\x85\u2028\u2029]\Z)|\Z)"  # noqa: F541
_ASSERTIONS: Final = {
    "b": r"\b", "B": r"\B", "A": r"\A", "z": r"\Z", "Z": _LAST_LINE, "G": None, "R": _LINE_END,
}  # fmt: skip
_GROUPS: Final = ("(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>")
_FLAGS: Final = frozenset("imsxdUu")


class PatternParser:
    """Reads one pattern. `names` and `count` are the groups met."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags: frozenset[str] = frozenset()
        self.count = 0
        self.names: dict[str, int] = {}
        self._depth = 0

    def parse(self) -> Part:
        """The whole pattern. Raises `JavaError`, a `PatternSyntaxException`."""
        part = self._choice()
        if self.at < len(self.text):
            self.fail("Unmatched closing ')'")
        return part

    def fail(self, reason: str) -> NoReturn:
        """Refuse the pattern."""
        message = f"{reason} near index {self.at}: {self.text[:200]}"
        raise JavaError("java.util.regex.PatternSyntaxException", message)

    def _peek(self, count: int = 1) -> str:
        return self.text[self.at : self.at + count]

    def _next(self) -> str:
        char = self._peek()
        if not char:
            self.fail("Unexpected end")
        self.at += 1
        return char

    def _choice(self) -> Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            self.fail("nested too deeply")
        before = self.flags
        options = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            options.append(self._sequence())
        self.flags = before
        self._depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Part:
        items: list[Part] = []
        while (char := self._peek()) and char not in "|)":
            if "x" in self.flags and self._skip_comment():
                continue
            part = self._atom()
            if part is not None:
                items.append(self._repeated(part))
        return Sequence(tuple(items))

    def _skip_comment(self) -> bool:
        if self._peek() == "#":
            while self._peek() not in ("", "\n"):
                self.at += 1
            return True
        if self._peek().isspace():
            self.at += 1
            return True
        return False

    def _atom(self) -> Part | None:
        char = self._peek()
        if char == "{":
            return Sequence(())  # what stands before it is nothing, and a count must follow
        self.at += 1
        if char in "*+?":
            self.fail(f"Dangling meta character '{char}'")
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char == "\\":
            return self._escape()
        if char == ".":
            ends = sets.NEWLINE if "d" in self.flags else sets.LINE_ENDS
            return Chars(sets.ALL if "s" in self.flags else sets.complement(ends))
        if char in "^$":
            return self._line(char)
        return self._literal(char)

    def _line(self, char: str) -> Part:
        if "m" not in self.flags:
            return Assertion(r"\A" if char == "^" else _LAST_LINE)
        if char == "^":
            return Assertion(r"(?:\A|(?<=[\n\x85\u2028\u2029])(?!\Z)|(?<=\r)(?!\n|\Z))")
        return Assertion(r"(?:(?<!\r)(?=\n)|(?=[\r\x85\u2028\u2029])|\Z)")

    def _literal(self, char: str) -> Chars:
        return Chars(self._cased(sets.chars(char)))

    def _cased(self, ranges: Ranges) -> Ranges:
        return sets.both_cases(ranges) if "i" in self.flags else ranges

    def _repeated(self, part: Part) -> Part:
        if "x" in self.flags:
            while self._skip_comment():
                pass
        char = self._peek()
        if not char or char not in "*+?{":
            return part
        self.at += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1), "{": (0, 0)}[char]
        if char == "{":
            least, most = self._counts()
        manner = self._peek()
        if manner and manner in "?+":
            self.at += 1
        else:
            manner = ""
        return Repeat(part, least, most, manner)

    def _counts(self) -> tuple[int, int | None]:
        least = self._number()
        most: int | None = least
        if self._peek() == ",":
            self.at += 1
            most = None if self._peek() == "}" else self._number()
        if self._next() != "}":
            self.fail("Unclosed counted closure")
        if most is not None and most < least:
            self.fail("Illegal repetition range")
        return least, most

    def _number(self) -> int:
        start = self.at
        while self._peek() and self._peek() in "0123456789":
            self.at += 1
        digits = self.text[start : self.at]
        if not digits or len(digits) > 10 or int(digits) > _MOST:
            self.fail("Illegal repetition")
        return int(digits)

    # --- groups

    def _group(self) -> Part | None:
        start = self.at - 1
        if self._peek() != "?":
            self.count += 1
            return self._rest("(")
        for opening in _GROUPS:
            if self.text.startswith(opening, start):
                self.at = start + len(opening)
                return self._rest(opening)
        self.at += 1
        if self._peek() == "<":
            self.at += 1
            name = self._name()
            self.count += 1
            if name in self.names:
                self.fail(f"Named capturing group <{name}> is already defined")
            self.names[name] = self.count
            return self._rest("(")
        return self._flag_group()

    def _rest(self, opening: str) -> Part:
        inner = self._choice()
        if self._peek() != ")":
            self.fail("Unclosed group")
        self.at += 1
        return Group(opening, inner)

    def _name(self) -> str:
        end = self.text.find(">", self.at)
        name = self.text[self.at : end]
        if end < 0 or not name.isascii() or not name.isalnum() or name[0].isdigit():
            self.fail("capturing group name does not start with a Latin letter")
        self.at = end + 1
        return name

    def _flag_group(self) -> Part | None:
        flags, on = set(self.flags), True
        before = self.flags
        while (char := self._next()) not in "):":
            if char == "-":
                on = False
            elif char not in _FLAGS:
                self.fail("Unknown inline modifier")
            elif on:
                flags.add(char)
            else:
                flags.discard(char)
        if flags & {"u", "U"}:
            self.fail("Unicode's own case and classes are not supported")
        self.flags = frozenset(flags)
        if char == ")":
            return None
        part = self._rest("(?:")
        self.flags = before
        return part

    # --- escapes

    def _escape(self) -> Part:
        char = self._next()
        if char == "Q":
            return self._quotation()
        if char in _ASSERTIONS:
            text = _ASSERTIONS[char]
            if text is None:
                self.fail("\\G is not supported")
            return Assertion(text, reference=char == "R")
        if char in "123456789":
            return self._reference(char)
        if char == "k":
            if self._next() != "<":
                self.fail("\\k is not followed by '<' for named capturing group")
            name = self._name()
            if name not in self.names:
                self.fail(f"named capturing group <{name}> does not exist")
            return Assertion(f"(?:\\{self.names[name]})", reference=True)
        return Chars(self._escaped_set(char))

    def _quotation(self) -> Part:
        end = self.text.find("\\E", self.at)
        quoted = self.text[self.at :] if end < 0 else self.text[self.at : end]
        self.at = len(self.text) if end < 0 else end + 2
        parts: list[Part] = [self._literal(char) for char in quoted]
        if parts and self._peek() and self._peek() in "*+?{":  # a count is for the last character
            parts[-1] = self._repeated(parts[-1])
        return Sequence(tuple(parts))

    def _reference(self, digits: str) -> Part:
        while self._peek().isdigit() and int(digits + self._peek()) <= self.count:
            digits += self._next()
        text = f"(?:\\{digits})" if int(digits) <= self.count else "(?!)"
        return Assertion(text, reference=True)

    def _escaped_set(self, char: str) -> Ranges:
        r"""`\d`, `\p{L}`, `\t`, `\.`: what an escape stands for, in a class too."""
        if char.lower() in _CLASSES:
            ranges = _CLASSES[char.lower()]
            return ranges if char.islower() else sets.complement(ranges)
        if char in "pP":
            ranges = self._cased(self._property())
            return ranges if char == "p" else sets.complement(ranges)
        return self._cased(sets.chars(self._escaped_char(char)))

    def _escaped_char(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "0":
            return self._octal()
        if char == "c":
            return chr(ord(self._next()) ^ 64)
        if char == "x":
            return self._hexadecimal()
        if char == "u":
            return self._unit()
        if char.isascii() and char.isalpha():
            self.fail("Illegal/unsupported escape sequence")
        return char

    def _property(self) -> Ranges:
        name = self._next()
        if name == "{":
            end = self.text.find("}", self.at)
            if end < 0:
                self.fail("Unclosed character family")
            name, self.at = self.text[self.at : end], end + 1
        found = sets.property_set(name)
        if found is None:
            self.fail(f"Unknown character property name {{{name}}}")
        return found

    def _octal(self) -> str:
        digits = ""
        while self._peek() and self._peek() in "01234567" and len(digits) < 3:
            if int(digits + self._peek(), 8) > 255:
                break
            digits += self._next()
        if not digits:
            self.fail("Illegal octal escape sequence")
        return chr(int(digits, 8))

    def _hexadecimal(self) -> str:
        if self._peek() != "{":
            return chr(self._digits(2))
        end = self.text.find("}", self.at)
        digits = self.text[self.at + 1 : end]
        if end < 0 or not digits or set(digits) - set("0123456789abcdefABCDEF"):
            self.fail("Unclosed hexadecimal escape sequence")
        self.at = end + 1
        if len(digits) > 8 or int(digits, 16) > sets.LAST:
            self.fail("Hexadecimal codepoint is too big")
        return chr(int(digits, 16))

    def _unit(self) -> str:
        high = self._digits(4)
        if 0xD800 <= high < 0xDC00 and self._peek(2) == "\\u":
            before, self.at = self.at, self.at + 2
            low = self._digits(4)
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
            self.at = before
        return chr(high)

    def _digits(self, count: int) -> int:
        digits = self._peek(count)
        if len(digits) < count or set(digits) - set("0123456789abcdefABCDEF"):
            self.fail("Illegal hexadecimal escape sequence")
        self.at += count
        return int(digits, 16)

    # --- classes

    def _class(self) -> Ranges:
        self._depth += 1
        if self._depth > _DEEPEST:
            self.fail("nested too deeply")
        negated = self._peek() == "^"
        self.at += negated
        found: Ranges | None = None
        while True:
            part = self._class_part(first=found is None)
            found = part if found is None else sets.intersection(found, part)
            if self._peek(2) != "&&":
                break
            while self._peek(2) == "&&":
                self.at += 2
            if self._peek() == "]":
                break
        if self._next() != "]":
            self.fail("Unclosed character class")
        self._depth -= 1
        return sets.complement(found) if negated else found

    def _class_part(self, *, first: bool) -> Ranges:
        parts: list[Ranges] = []
        while self._peek(2) != "&&" and (self._peek() != "]" or (first and not parts)):
            char = self._next()
            if char == "[":
                parts.append(self._class())
                continue
            low = self._member(char)
            if self._peek() == "-" and len(low) == 1 and self._peek(2)[1:] not in ("]", "[", ""):
                self.at += 1
                high = self._member(self._next(), cased=False)
                low = self._span(low, high)
            parts.append(self._cased(low))
        return sets.union(*parts)

    def _span(self, low: Ranges, high: Ranges) -> Ranges:
        if low[0][0] > high[0][0]:
            self.fail("Illegal character range")
        return ((low[0][0], high[0][0]),)

    def _member(self, char: str, *, cased: bool = False) -> Ranges:
        if char != "\\":
            return sets.chars(char)
        char = self._next()
        if char == "Q":
            end = self.text.find("\\E", self.at)
            quoted = self.text[self.at :] if end < 0 else self.text[self.at : end]
            self.at = len(self.text) if end < 0 else end + 2
            return sets.chars(quoted)
        before, self.flags = self.flags, self.flags if cased else self.flags - {"i"}
        found = self._escaped_set(char)
        self.flags = before
        return found

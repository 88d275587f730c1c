"""Java's regular expressions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from inspector.gateway.java.errors import JavaError, ValueTooLargeError, illegal_argument
from inspector.gateway.java.regex_cost import Cost, cost_of
from inspector.gateway.java.regex_parser import PatternParser
from inspector.gateway.java.regex_tree import python_text

_SPECIAL: Final = frozenset("\\[](){}.*+?^$|")


class JavaPattern:
    """A compiled `java.util.regex.Pattern`."""

    __slots__ = ("_cost", "_literal", "_names", "_pattern", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._literal = text if text and not _SPECIAL.intersection(text) else None
        self._cost = Cost(0, ())
        self._names: dict[str, int] = {}
        if self._literal is not None:
            self._pattern = re.compile(re.escape(text))
            return
        try:
            parser = PatternParser(text)
            part = parser.parse()
            self._names = parser.names
            self._cost = cost_of(part)
            self._pattern = re.compile(python_text(part))
        except (re.error, OverflowError, RecursionError) as fault:
            message = f"not supported: {fault}"
            raise JavaError("java.util.regex.PatternSyntaxException", message) from None

    @property
    def compiled(self) -> re.Pattern[str]:
        """It as Python's, for those who trust pattern and text: nothing watches what it costs."""
        return self._pattern

    def _afford(self, text: str) -> None:
        """Refuse a text on which the pattern may run for ages."""
        if self._cost.too_much(text):
            message = f"the pattern {self.text[:80]} can take too many steps on this text"
            raise JavaError("java.lang.StackOverflowError", message)

    def occurs(self, text: str) -> bool:
        """Whether it matches anywhere."""
        self._afford(text)
        return self._pattern.search(text) is not None

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        self._afford(text)
        return self._pattern.fullmatch(text) is not None

    def split(self, text: str, limit: int = 0) -> list[str]:
        """`text.split(pattern, limit)`."""
        self._afford(text)
        parts: list[str] = []
        place = 0
        for match in self._pattern.finditer(text):
            if limit > 0 and len(parts) == limit - 1:
                break
            if match.end() == 0:
                continue
            parts.append(text[place : match.start()])
            place = match.end()
        if not parts and place == 0:
            return [text]
        parts.append(text[place:])
        if limit == 0:
            while parts and not parts[-1]:
                parts.pop()
        return parts

    def replace(self, text: str, new: str, limit: int, *, once: bool = False) -> str:
        """All matches, or the first, replaced; raises `ValueTooLargeError` over `limit` characters."""
        literal = self._literal
        if literal is not None and "$" not in new and "\\" not in new:
            times = 1 if once else text.count(literal)
            if len(text) + times * (len(new) - len(literal)) > limit:
                raise ValueTooLargeError
            return text.replace(literal, new, 1 if once else -1)
        self._afford(text)
        out: list[str] = []
        place = size = 0
        for match in self._pattern.finditer(text):
            out.append(text[place : match.start()])
            expanded = _expand(new, match, self._names)
            out.append(expanded)
            place = match.end()
            size += len(expanded)
            if size > limit:
                raise ValueTooLargeError
            if once:
                break
        out.append(text[place:])
        if sum(map(len, out)) > limit:
            raise ValueTooLargeError
        return "".join(out)


_GROUP_NAME: Final = re.compile("[A-Za-z0-9]*")


def _group_name(new: str, start: int) -> tuple[str, int]:
    """The name in `${name}` and what is behind it."""
    match = _GROUP_NAME.match(new, start)
    name = match[0] if match else ""
    if not name:
        raise illegal_argument("named capturing group is missing trailing '}'")
    if name[0].isdigit():
        message = f"capturing group name {{{name}}} starts with digit character"
        raise illegal_argument(message)
    if new[start + len(name) : start + len(name) + 1] != "}":
        raise illegal_argument("named capturing group is missing trailing '}'")
    return name, start + len(name) + 1


def _expand(new: str, match: re.Match[str], names: dict[str, int]) -> str:
    out = []
    i = 0
    while i < len(new):
        c = new[i]
        i += 1
        if c == "\\":
            if i >= len(new):
                raise illegal_argument("character to be escaped is missing")
            out.append(new[i])
            i += 1
        elif c == "$":
            if i >= len(new):
                raise illegal_argument("Illegal group reference: group index is missing")
            if new[i] == "{":
                name, i = _group_name(new, i + 1)
                if name not in names:
                    raise illegal_argument(f"No group with name {{{name}}}")
                out.append(match[names[name]] or "")
                continue
            if not new[i].isdigit():
                raise illegal_argument("Illegal group reference")
            n = int(new[i])
            i += 1
            if n > match.re.groups:
                raise JavaError("java.lang.IndexOutOfBoundsException", f"No group {n}")
            while i < len(new) and new[i].isdigit() and n * 10 + int(new[i]) <= match.re.groups:
                n = n * 10 + int(new[i])
                i += 1
            out.append(match[n] or "")
        else:
            out.append(c)
    return "".join(out)


@lru_cache(maxsize=512)
def pattern(text: str) -> JavaPattern:
    """The pattern, compiled once."""
    return JavaPattern(text)

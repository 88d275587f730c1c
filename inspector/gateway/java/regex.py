"""Java's regular expressions."""

from __future__ import annotations

import re
from functools import lru_cache

from inspector.gateway.java.errors import JavaError, ValueTooLargeError


class JavaPattern:
    """A compiled `java.util.regex.Pattern`."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._pattern = re.compile(text)
        except re.error as fault:
            raise JavaError("java.util.regex.PatternSyntaxException", str(fault)) from None

    def matches(self, text: str) -> bool:
        return self._pattern.fullmatch(text) is not None

    def split(self, text: str, limit: int = 0) -> list[str]:
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
        out: list[str] = []
        place = 0
        for match in self._pattern.finditer(text):
            out.append(text[place : match.start()])
            out.append(_expand(new, match))
            place = match.end()
            if once:
                break
        out.append(text[place:])
        if sum(map(len, out)) > limit:
            raise ValueTooLargeError
        return "".join(out)


def _expand(new: str, match: re.Match[str]) -> str:
    out = []
    i = 0
    while i < len(new):
        c = new[i]
        i += 1
        if c == "\\":
            if i >= len(new):
                raise JavaError(
                    "java.lang.IllegalArgumentException", "character to be escaped is missing"
                )
            out.append(new[i])
            i += 1
        elif c == "$":
            if i >= len(new):
                raise JavaError(
                    "java.lang.IllegalArgumentException",
                    "Illegal group reference: group index is missing",
                )
            if not new[i].isdigit():
                raise JavaError("java.lang.IllegalArgumentException", "Illegal group reference")
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

"""`/regex/` in filters: Java regular expressions, matched whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.gateway.jsonpath.javastring import RuntimeFault


@dataclass(frozen=True, slots=True)
class Pattern:
    """The right-hand side of `=~`."""

    text: str
    compiled: re.Pattern[str]

    def matches(self, text: str) -> bool:
        """Whether all of `text` matches (`Matcher.matches`)."""
        return self.compiled.fullmatch(text) is not None


def compile_pattern(text: str, *, ignore_case: bool) -> Pattern:
    """The pattern; raises `RuntimeFault` for a syntax error. Java ignores case in ASCII only."""
    try:
        return Pattern(text, re.compile(text, re.ASCII | (re.IGNORECASE if ignore_case else 0)))
    except re.error as error:
        raise RuntimeFault("java.util.regex.PatternSyntaxException", str(error)) from error

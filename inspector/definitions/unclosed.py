"""Where a quote or a bracket was left open in YAML: its reader notices lines later.

Reads line by line what stands outside of block scalars and comments. A text that goes over several
lines on purpose looks the same; so this is asked only where a document cannot be read.
"""

from __future__ import annotations

import re

_BLOCK = re.compile(r"(?:^|[:\-]\s+(?:[!&]\S+\s+)*)[|>][+\-\d]*\s*(?:#.*)?$")
_PAIRS = {"{": "}", "[": "]"}


def unclosed(text: str, offset: int) -> int | None:
    """The offset of the opening that is likeliest to be left open before `offset`; None for none.

    That is the first quote that its line does not close; else the last bracket that nothing closes.
    """
    brackets: list[int] = []
    start, block = 0, -1
    whole = text[:offset].rpartition("\n")[0]
    for line in whole.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if block < 0 or (line.strip() and indent <= block):
            block = indent if _BLOCK.search(line) else -1
            quote = _read(line, start, text, brackets)
            if quote is not None:
                return quote
        start += len(line) + 1
    return brackets[-1] if brackets else None


def _read(line: str, start: int, text: str, brackets: list[int]) -> int | None:
    """Open and close the brackets of a line; the offset of a quote that it leaves open."""
    at = 0
    while at < len(line):
        char = line[at]
        if char in "\"'" and _begins(line, at):
            close = _closing(line, at)
            if close is None:
                return start + at
            at = close
        elif char == "#" and (at == 0 or line[at - 1].isspace()):
            break
        elif char in _PAIRS and (brackets or _begins(line, at)):
            brackets.append(start + at)
        elif brackets and char == _PAIRS[text[brackets[-1]]]:
            brackets.pop()
        at += 1
    return None


def _begins(line: str, at: int) -> bool:
    """Whether a value or key begins there; elsewhere the character is one of a plain text."""
    before = line[:at].rstrip()
    return not before or before[-1] in ":,-{[?" or before.split()[-1].startswith(("!", "&"))


def _closing(line: str, at: int) -> int | None:
    """Where the text that is quoted at `at` ends, in this line."""
    quote, here = line[at], at + 1
    while here < len(line):
        if quote == '"' and line[here] == "\\":
            here += 1
        elif line[here] == quote:
            if quote == "'" and line[here + 1 : here + 2] == quote:
                here += 1
            else:
                return here
        here += 1
    return None

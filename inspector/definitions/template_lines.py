"""Where the lines of a longer text stand in the file that declares it."""

from __future__ import annotations

from dataclasses import replace

from inspector.model import Source

#: A value of many lines is hardly longer.
_LONG = 50


def lines_ahead(text: str, source: Source, template: str) -> int | None:
    """How many lines of the file `text` stand before the first of the template.

    None where its lines do not stand there one by one (a JSON string with escapes, a folded scalar).
    """
    lines = text.split("\n")
    wanted = [line.strip() for line in template.rstrip("\n").split("\n")]
    for ahead in (source.line, source.line - 1):
        there = [line.strip() for line in lines[ahead : ahead + len(wanted)]]
        if there == wanted:
            return ahead
    if len(wanted) == 1:
        return source.line - 1
    return None


def line_holding(text: str, source: Source, word: str, within: int = _LONG) -> Source:
    """The line of the file `text` that holds `word`, of so many from `source` on; else `source`."""
    lines = text.split("\n")[source.line - 1 : source.line - 1 + within]
    for ahead, line in enumerate(lines):
        at = line.find(word)
        if at >= 0:
            return replace(source, line=source.line + ahead, column=at + 1)
    return source

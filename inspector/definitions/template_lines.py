"""Where the lines of a mapping template stand in the file that declares it."""

from __future__ import annotations

from inspector.model import Source


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

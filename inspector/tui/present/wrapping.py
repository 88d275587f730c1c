"""Long lines in rows. What a body holds is cut where the row ends; our own words between words.

Rows of our own words stand under the column that their line begins its text in: after the last gap
of two blanks or more in the first half of the row.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

_GAP = re.compile(r" {2,}(?=\S)")
#: Words longer than this share of a row are cut all the same.
_SHARE = 3


def rows(text: Text, width: int, *, words: bool) -> list[Text]:
    """The line in rows of at most `width` cells; with `words` as our own words."""
    plain = text.plain
    if cell_len(plain) <= width:
        return [text]
    indent = _indent(plain, width) if words else 0
    cuts = _cuts(plain, width, indent, words=words)
    first, *others = text.divide(cuts)
    blanks = " " * indent
    return [first, *(Text(blanks, end="").append_text(each) if indent else each for each in others)]


def _indent(plain: str, width: int) -> int:
    """The column where the text of the line begins; ours are lines of single cells up to there."""
    gaps = [match.end() for match in _GAP.finditer(plain, 0, width // 2)]
    return gaps[-1] if gaps and plain[: gaps[-1]].isprintable() else 0


def _cuts(plain: str, width: int, indent: int, *, words: bool) -> list[int]:
    if plain.isascii() and not words:
        return list(range(width, len(plain), width))
    cuts: list[int] = []
    used, blank, start = 0, 0, 0
    for index, char in enumerate(plain):
        size = get_character_cell_size(char)
        if used + size > width:
            at = index
            if words and blank > start and index - blank <= width // _SHARE:
                at = blank
            cuts.append(at)
            used = indent + cell_len(plain[at:index])
            start = at
        used += size
        if char == " ":
            blank = index + 1
    return cuts

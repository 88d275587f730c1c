"""The two lines above an exchange: what it is, and the views it opens into."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from inspector.tui.present import styles
from inspector.tui.present.safe import ink
from inspector.tui.present.title import title

__all__ = ["tabs", "title"]


def tabs(
    names: Sequence[str], chosen: int, width: int, found: tuple[int, int] | None = None
) -> Text:
    """`0 Explain   1 Steps …`, closer where there is little room; the hits of a search behind."""
    tail = _hits(found)
    for gap in ("   ", "  ", " "):
        text = ink()
        for index, name in enumerate(names):
            text.append(f"{index} ", styles.FAINT)
            text.append(name, styles.TAB if index == chosen else styles.DIM).append(gap)
        if cell_len(text.plain) + cell_len(tail.plain) <= width:
            break
    room = width - cell_len(tail.plain)
    text.truncate(max(room, 0), overflow="ellipsis", pad=bool(tail.plain))
    return text.append_text(tail)


def _hits(found: tuple[int, int] | None) -> Text:
    if found is None:
        return ink()
    number, total = found
    if not total:
        return ink("not found", styles.BAD)
    return ink(f"{number:,} of {total:,}", styles.NOTICE)

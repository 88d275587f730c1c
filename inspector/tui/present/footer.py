"""The lines at the top and at the foot of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from inspector.tui.present import styles, units
from inspector.tui.present.safe import clean


def keys(pairs: Sequence[tuple[str, str]], width: int) -> Text:
    """`enter open  e edit …`: as many as fit, the last ones (`?`) always."""
    last = pairs[-2:]
    text, tail = Text(" ", no_wrap=True, end=""), Text(end="")
    for key, word in last:
        _key(tail, key, word)
    for key, word in pairs[:-2]:
        piece = Text(end="")
        _key(piece, key, word)
        if cell_len(text.plain) + cell_len(piece.plain) + cell_len(tail.plain) > width:
            break
        text.append_text(piece)
    return text.append_text(tail)


def _key(text: Text, key: str, word: str) -> None:
    text.append(key, styles.ACCENT).append(f" {word}  ", styles.DIM)


@dataclass(frozen=True, slots=True)
class Where:
    """What the top line tells."""

    api: str = ""
    stage: str = ""
    address: str = ""
    live: bool = False
    follow: bool = False
    total: int | None = None
    recording: str = ""
    trouble: str = ""


def top(where: Where, width: int) -> Text:
    """`inspector  petstore · dev · http://… ● live  1,204 exchanges  rec petstore.db`."""
    left = Text(" inspector", styles.STRONG, no_wrap=True, end="").append("  ")
    told = [part for part in (where.api, where.stage, where.address) if part]
    right = Text(end="")
    if where.live:
        right.append("● live", styles.OK)
    else:
        right.append("○ at rest", styles.DIM)
    if where.follow:
        right.append("  following", styles.NOTICE)
    if where.total is not None:
        right.append(f"   {units.plural(where.total, 'exchange')}")
    if width >= 110:
        right.append(f"   rec {clean(where.recording)}", styles.DIM)
    right.append(" ")
    room = width - cell_len(left.plain) - cell_len(right.plain) - 2
    middle = Text(clean(" · ".join(told)), no_wrap=True, end="")
    middle.truncate(max(room, 0), overflow="ellipsis", pad=True)
    return left.append_text(middle).append("  ").append_text(right)


def trouble(message: str) -> Text:
    """The banner of a recording that cannot be written."""
    return Text(f" ! {clean(message)}", styles.BAD, no_wrap=True, end="")

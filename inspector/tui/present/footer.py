"""The lines at the top and at the foot of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from inspector.tui.present import styles, units
from inspector.tui.present.safe import clean, ink


def keys(pairs: Sequence[tuple[str, str]], width: int) -> Text:
    """`enter open  e edit …`: as many as fit, the last ones (`?`) always."""
    last = pairs[-2:]
    text, tail = ink(" "), ink()
    for key, word in last:
        _key(tail, key, word)
    for key, word in pairs[:-2]:
        piece = ink()
        _key(piece, key, word)
        if cell_len(text.plain) + cell_len(piece.plain) + cell_len(tail.plain) > width:
            break
        text.append_text(piece)
    return text.append_text(tail)


def menu(pairs: Sequence[tuple[str, str]], width: int) -> list[Text]:
    """All of them in their order, on as many lines as they need."""
    lines = [ink(" ")]
    for key, word in pairs:
        piece = ink()
        _key(piece, key, word)
        if cell_len(lines[-1].plain) + cell_len(piece.plain.rstrip()) > max(width, 20):
            lines.append(ink(" "))
        lines[-1].append_text(piece)
    return lines


def _key(text: Text, key: str, word: str) -> None:
    text.append(key, styles.ACCENT).append(f" {word}  ", styles.DIM)


@dataclass(frozen=True, slots=True)
class Where:
    """What the top line tells. `caller` is who is simulated, in a few words."""

    title: str = ""
    address: str = ""
    live: bool = False
    follow: bool = False
    total: int | None = None
    recording: str = ""
    caller: str = ""

    def but(self, **changed: object) -> Where:
        """The same with other values."""
        return replace(self, **changed)  # type: ignore[arg-type]


def top(where: Where, width: int) -> Text:
    """`inspector  petstore · dev · http://… ● live  1,204 exchanges  rec petstore.db`."""
    left = ink(" inspector", styles.STRONG).append("  ")
    right = ink()
    if where.caller:
        right.append(f"as {clean(where.caller)}  ", styles.NOTICE)
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
    told = [part for part in (where.title, where.address) if part]
    middle = ink(clean(" · ".join(told)))
    middle.truncate(max(room, 0), overflow="ellipsis", pad=True)
    return left.append_text(middle).append("  ").append_text(right)


def notice(level: str, text: str, others: int, width: int) -> Text:
    """`! openapi.yaml:12:3: …  and 1 more   ! shows all`: the first line of what is to be known."""
    style = styles.BAD if level == "error" else styles.WARN
    lines = text.splitlines() or [""]
    more = others + (1 if len(lines) > 1 else 0)
    tail = ink("   more: " if more else "   ", styles.DIM).append("!", styles.ACCENT).append(" ")
    line = ink(" ! ", style).append(clean(lines[0]), style)
    line.truncate(max(width - cell_len(tail.plain), 8), overflow="ellipsis", pad=True)
    return line.append_text(tail)

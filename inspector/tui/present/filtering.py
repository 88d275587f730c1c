"""What stands under the filter while it is typed: what it means, or how it could go on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from inspector.recording.filters import Completion, Filter, FilterError, describe
from inspector.tui.present import styles, units
from inspector.tui.present.safe import clean, ink


def counted(matches: int | None, total: int | None, *, counting: bool, loading: bool) -> Text:
    """`37 of 1,204`, or what is still going on."""
    if loading:
        return ink("searching … ", styles.NOTICE)
    if matches is None or counting:
        known = "" if matches is None else f"{units.number(matches)} "
        return ink(f"{known}counting … ", styles.NOTICE)
    return ink(f"{units.number(matches)} of {units.number(total or 0)} ", styles.DIM)


def wrong(error: FilterError) -> Text:
    """`✗ no field 'x': expected …`."""
    line = ink(" ✗ ", styles.BAD).append(clean(error.message), styles.BAD)
    return line.append(f"   expected {clean(error.expected)}", styles.DIM)


def candidates(found: Sequence[Completion], chosen: int, width: int) -> Text:
    """The ways to go on, the chosen one marked, and what it means."""
    current = found[chosen]
    tail = ink(f"  {clean(current.help)}", styles.DIM)
    line = ink(" ")
    room = max(width - cell_len(tail.plain) - 6, width // 2)
    first = max(chosen - 4, 0)
    for index, each in enumerate(found[first:], first):
        word = f" {clean(each.text)} "
        if cell_len(line.plain) + cell_len(word) > room:
            line.append(" …", styles.FAINT)
            break
        line.append(word, styles.CURSOR if index == chosen else styles.KEY)
    return line.append_text(tail)


def meaning(chosen: Filter) -> Text:
    """The sentence of a filter, and the keys that lead on."""
    line = ink(" shows ", styles.DIM)
    line.append(clean(describe(chosen)))
    line.append("   enter", styles.ACCENT).append(" to the list", styles.DIM)
    return line.append("  esc", styles.ACCENT).append(" clears", styles.DIM)

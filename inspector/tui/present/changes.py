"""What differs between two messages, a line for each header, and the body's lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from inspector.message import Headers
from inspector.tui.present import styles
from inspector.tui.present.safe import clean, from_wire, ink

Kind = Literal["same", "added", "removed", "changed"]
SIGNS: dict[Kind, tuple[str, str]] = {
    "same": (" ", styles.DIM),
    "added": ("+", styles.ADDED),
    "removed": ("-", styles.REMOVED),
    "changed": ("~", styles.CHANGED),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One header: its values before and after, joined where it was repeated."""

    kind: Kind
    name: str
    before: str
    after: str


def of_headers(before: Headers, after: Headers) -> Iterator[Change]:
    """Every header of either side, in the order of the first, the new ones last."""
    names = {name.lower(): name for name, _ in (*after, *before)}
    order = list(dict.fromkeys(name.lower() for name, _ in (*before, *after)))
    for key in order:
        old, new = ", ".join(before.all(key)), ", ".join(after.all(key))
        if key not in before:
            kind: Kind = "added"
        elif key not in after:
            kind = "removed"
        else:
            kind = "same" if old == new else "changed"
        yield Change(kind, names[key], old, new)


def draw(change: Change) -> Text:
    """`~ Host  localhost → api.example.com`."""
    sign, style = SIGNS[change.kind]
    text = ink(f"{sign} ", style)
    text.append(clean(change.name), style)
    text.append("  ")
    if change.kind == "changed":
        text.append(clean(from_wire(change.before)), styles.REMOVED)
        text.append(" → ", styles.DIM)
        return text.append(clean(from_wire(change.after)), styles.ADDED)
    value = change.before if change.kind == "removed" else change.after
    return text.append(clean(from_wire(value)), styles.DIM)

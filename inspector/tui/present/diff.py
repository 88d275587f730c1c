"""An answer beside the original: the differences in words, then both, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from rich.text import Text

from inspector.message import Response
from inspector.replay.compare import Change, Comparison, compare
from inspector.replay.json_text import is_json, pretty
from inspector.tui.present import styles, units
from inspector.tui.present.content import decoded, text_of
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, from_wire, ink, untabbed

#: Bodies are laid side by side up to so many lines; longer ones are only summed up.
MAX_LINES = 4000
#: From this width on the two stand beside each other.
SIDE_BY_SIDE = 100
_SHOWN_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines that belong together; None where one side has none."""

    left: str | None
    right: str | None

    @property
    def same(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, and its answer."""

    name: str
    response: Response | None


def document(left: Side, right: Side, width: int) -> Document:
    """The whole view in `width` cells."""
    found = compare(left.response, right.response)
    rows = _pairs(_lines(left.response), _lines(right.response))
    drawn = (
        _beside(left, right, rows, width) if width >= SIDE_BY_SIDE else _below(left, right, rows)
    )
    return Document([Lines([*_summary(found), Text(end="")]), Lines(list(drawn))])


def texts(left: tuple[str, str], right: tuple[str, str], width: int) -> Document:
    """Two texts, each with its name, line by line."""
    (old_name, old), (new_name, new) = left, right
    rows = _pairs(old.splitlines(), new.splitlines())
    before, after = Side(old_name, None), Side(new_name, None)
    beside = width >= SIDE_BY_SIDE
    drawn = _beside(before, after, rows, width) if beside else _below(before, after, rows)
    same = ink("✓ The same output", styles.OK)
    return Document([Lines([same, ink()] if old == new else []), Lines(list(drawn))])


def nothing_to_compare() -> Document:
    """What the view says of an exchange that was never sent again."""
    line = ink("It has not been sent again yet. ", styles.DIM)
    line.append("r", styles.ACCENT).append(" sends it as it is, ", styles.DIM)
    line.append("e", styles.ACCENT).append(" after an edit.", styles.DIM)
    return Document([Lines([line])])


def _summary(found: Comparison) -> Iterator[Text]:
    if found.same:
        yield ink("✓ The same answer", styles.OK).append(_apart(found), styles.DIM)
        return
    if found.status is not None:
        before, after = (str(status or "no answer") for status in found.status)
        line = ink("~ status  ", styles.CHANGED).append(before, styles.REMOVED)
        yield line.append(" → ", styles.DIM).append(after, styles.ADDED)
    telling = [change for change in found.headers if not change.volatile]
    changes = [*telling, *found.body]
    for change in changes[:_SHOWN_CHANGES]:
        yield _change(change)
    if len(changes) > _SHOWN_CHANGES:
        yield ink(f"  and {len(changes) - _SHOWN_CHANGES:,} more", styles.DIM)
    if found.body_form in {"text", "binary"}:
        yield ink("~ body", styles.CHANGED)
    elif found.body_form == "json" and not found.body:
        yield ink("  body: the same JSON, written another way", styles.DIM)
    elif found.body_form == "same":
        yield ink("  body: the same, byte for byte", styles.DIM)


def _apart(found: Comparison) -> str:
    names = [change.where for change in found.headers if change.volatile]
    return f", apart from {clean(', '.join(names))}" if names else ""


_SIGNS = {
    "added": ("+", styles.ADDED),
    "removed": ("-", styles.REMOVED),
    "changed": ("~", styles.CHANGED),
}


def _change(change: Change) -> Text:
    sign, style = _SIGNS[change.kind]
    line = ink(f"{sign} {clean(change.where)}  ", style)
    if change.kind == "changed":
        line.append(_short(change.before), styles.REMOVED).append(" → ", styles.DIM)
        return line.append(_short(change.after), styles.ADDED)
    return line.append(_short(change.before or change.after), styles.DIM)


def _short(text: str) -> str:
    return clean(from_wire(text if len(text) <= 200 else text[:200] + "…"))


def _lines(response: Response | None) -> list[str]:
    """An answer as lines to compare, its JSON laid out."""
    if response is None:
        return ["no answer"]
    lines = [str(response.status)]
    lines += [f"{name}: {from_wire(value)}" for name, value in response.headers]
    lines.append("")
    plain, _ = decoded(response.headers, response.body)
    text = text_of(response.headers, plain)
    if text is None:
        return [*lines, f"({units.size(len(plain))} of binary)"]
    if len(plain) <= 1_000_000 and is_json(text):
        text = pretty(text)
    return lines + text.splitlines()


def _pairs(left: list[str], right: list[str]) -> list[Pair]:
    """Both in one order, lines that are alike beside each other."""
    cut = max(len(left), len(right)) > MAX_LINES
    left, right = left[:MAX_LINES], right[:MAX_LINES]
    rows: list[Pair] = []
    matcher = SequenceMatcher(None, left, right, autojunk=True)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            rows += [Pair(line, line) for line in left[i1:i2]]
        else:
            rows += [Pair(old, new) for old, new in zip_longest(left[i1:i2], right[j1:j2])]
    if cut:
        rows.append(Pair(*(2 * [f"… only the first {MAX_LINES:,} lines are laid side by side"])))
    return rows


def _beside(left: Side, right: Side, rows: list[Pair], width: int) -> Iterator[Text]:
    half = (width - 4) // 2
    yield _columns(
        ink(clean(left.name), styles.STRONG), ink(clean(right.name), styles.STRONG), half, " "
    )
    for row in rows:
        sign = " " if row.same else "│"
        old = Text(untabbed(row.left or ""), "" if row.same else styles.REMOVED)
        new = Text(untabbed(row.right or ""), "" if row.same else styles.ADDED)
        yield _columns(old, new, half, sign)


def _columns(left: Text, right: Text, half: int, sign: str) -> Text:
    left.truncate(half, overflow="ellipsis", pad=True)
    right.truncate(half, overflow="ellipsis")
    line = Text(no_wrap=True, end="").append_text(left)
    return line.append(f" {sign} ", styles.CHANGED).append_text(right)


def _below(left: Side, right: Side, rows: list[Pair]) -> Iterator[Text]:
    yield ink(f"- {clean(left.name)}", styles.REMOVED)
    yield ink(f"+ {clean(right.name)}", styles.ADDED)
    for row in rows:
        if row.same:
            yield Text("  " + untabbed(row.left or ""), end="")
            continue
        if row.left is not None:
            yield Text("- " + untabbed(row.left), styles.REMOVED, end="")
        if row.right is not None:
            yield Text("+ " + untabbed(row.right), styles.ADDED, end="")

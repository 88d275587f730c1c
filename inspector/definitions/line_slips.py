"""The line that keeps YAML from being read: its reader notices a line later, at the next one.

Found by mending: a line near the place is indented as its neighbours are, given its colon, the
blank behind it, or the `|` of a text; the first mend with which the document can be read tells the
slip. Asked only where a document cannot be read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: How many lines before the place are tried, and how large a text may be: each try reads it all.
_LINES, _MOST = 4, 500_000
#: The depth of what nothing holds.
_TOP = 0
_NO_COLON = re.compile(r"(\s*(?:- )?)([\w.-]+)(\s+\S.*)")
_NO_BLANK = re.compile(r"(\s*(?:- )?)([\w.-]+):([^\s:/].*)")
_BARE_KEY = re.compile(r"(\s*(?:- )?)([\w.-]+)\s*")
_OPEN_KEY = re.compile(r"(\s*(?:- )?)([\w./{}+$-]+|\"[^\"]+\"|'[^']+'):\s*")


@dataclass(frozen=True, slots=True)
class LineSlip:
    """A line, counted from 0, and what to do about it."""

    number: int
    remedy: str


@dataclass(frozen=True, slots=True)
class _Mend:
    number: int
    line: str
    remedy: str
    cost: float


def line_slip(text: str, noticed: int) -> LineSlip | None:
    """What is wrong at or shortly before line `noticed` (from 0); None where no mend helps."""
    if len(text) > _MOST:
        return None
    lines = text.split("\n")
    for mend in sorted(_mends(lines, noticed), key=lambda each: each.cost):
        changed = [*lines[: mend.number], mend.line, *lines[mend.number + 1 :]]
        if _readable("\n".join(changed)):
            return LineSlip(mend.number, mend.remedy)
    return None


def _readable(text: str) -> bool:
    try:
        for _ in yaml.parse(text, Loader=_LOADER):
            pass
    except yaml.YAMLError:
        return False
    return True


def _mends(lines: list[str], noticed: int) -> Iterator[_Mend]:
    step = _usual_step(lines)
    written = [at for at in range(noticed, -1, -1) if at < len(lines) and lines[at].strip()]
    near = written[:_LINES]
    # The line before the one that was noticed is the likeliest: the reader went on past it.
    order = [*near[1:2], *near[:1], *near[2:]]
    for rank, at in enumerate(order):
        yield from _of_punctuation(lines, at, rank)
        yield from _of_indent(lines, at, rank, step)


def _of_punctuation(lines: list[str], at: int, rank: int) -> Iterator[_Mend]:
    line = lines[at]
    found = _NO_BLANK.fullmatch(line)
    if found is not None:
        remedy = f"Write a blank after the colon: {found[2]}: {found[3]}"
        yield _Mend(at, f"{found[1]}{found[2]}: {found[3]}", remedy, rank)
    found = _NO_COLON.fullmatch(line)
    if found is not None and ": " not in line and not line.rstrip().endswith(":"):
        remedy = f"Write a colon after {found[2]}."
        yield _Mend(at, f"{found[1]}{found[2]}:{found[3]}", remedy, rank)
    found = _BARE_KEY.fullmatch(line)
    if found is not None and _indent(lines, at + 1) > _indent(lines, at):
        yield _Mend(at, f"{found[1]}{found[2]}:", f"Write a colon after {found[2]}.", rank)
    found = _OPEN_KEY.fullmatch(line)
    if found is not None and _looks_like_text(lines, at + 1):
        remedy = f"Write {found[2]}: | here, so that what follows is kept as a text."
        yield _Mend(at, f"{line.rstrip()} |", remedy, rank)


def _of_indent(lines: list[str], at: int, rank: int, step: int) -> Iterator[_Mend]:
    """The line as far in as a line around it; what keeps the file's usual step first."""
    own = _indent(lines, at)
    before, after = _before(lines, at), _after(lines, at)
    around = {_indent(lines, each) for each in (before, after) if each is not None}
    if before is not None:
        # Further in than its key, or beside the first key of a list's item.
        around |= {_indent(lines, before) + step, _content(lines[before])}
    for indent in sorted(around - {own}):
        usual = _depth(lines, at, indent) in (step, _TOP)
        remedy = f"Indent this line by {indent} blanks, as its neighbours are; it has {own}."
        if "\t" in lines[at][:own]:
            remedy = f"Write {indent} blanks in the place of the tab: YAML takes no tabs there."
        cost = rank + (0 if usual else 2 * _LINES) + 0.5
        if before is not None and indent == _content(lines[before]):
            # The second key of a list's item is hardly ever anything else.
            cost = -1 if lines[before].lstrip().startswith("- ") else cost - 0.5
        yield _Mend(at, " " * indent + lines[at].lstrip(), remedy, cost)


def _looks_like_text(lines: list[str], at: int) -> bool:
    """Whether a template begins there: JSON or directives, further in than its key."""
    return at < len(lines) and lines[at].lstrip()[:1] in ("{", "#", "[") and (
        _indent(lines, at) > _indent(lines, at - 1)
    )  # fmt: skip


def _usual_step(lines: list[str]) -> int:
    written = [_width(line) for line in lines if line.strip()]
    steps = Counter(
        later - earlier for earlier, later in pairwise(written)
        if later > earlier
    )  # fmt: skip
    return steps.most_common(1)[0][0] if steps else 2


def _depth(lines: list[str], at: int, indent: int) -> int:
    """How much further in than the line that would hold it; -1 where none would."""
    for earlier in range(at - 1, -1, -1):
        if lines[earlier].strip() and _indent(lines, earlier) < indent:
            return indent - _indent(lines, earlier)
    return _TOP if indent == 0 else -1


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _indent(lines: list[str], at: int) -> int:
    return _width(lines[at]) if at < len(lines) else 0


def _content(line: str) -> int:
    """Where the text of a line begins, behind the dash of a list's item."""
    stripped = line.lstrip()
    return _width(line) + (
        len(stripped) - len(stripped[1:].lstrip()) if stripped[:2] == "- " else 0
    )


def _before(lines: list[str], at: int) -> int | None:
    return next((each for each in range(at - 1, -1, -1) if lines[each].strip()), None)


def _after(lines: list[str], at: int) -> int | None:
    return next((each for each in range(at + 1, len(lines)) if lines[each].strip()), None)

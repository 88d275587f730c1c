"""What was probably meant: names that nearly fit."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

#: How alike two names must be for one to be taken for a slip of the other.
ALIKE = 0.6


def likeness(one: str, other: str) -> float:
    """0 for nothing in common, 1 for equal; names that differ in case only are nearly equal."""
    if one == other:
        return 1.0
    small, large = one.lower(), other.lower()
    if small == large:
        return 0.98
    return SequenceMatcher(None, small, large, autojunk=False).ratio()


def nearest(name: str, known: Iterable[str], least: float = ALIKE) -> str | None:
    """The name most like `name`, None where none is like it."""
    best, score = None, least
    for each in known:
        found = likeness(name, each)
        if found >= score and (best is None or found > score):
            best, score = each, found
    return best


def one_digit_off(one: str, other: str) -> bool:
    """Whether two statuses of the same class differ in a single digit."""
    if len(one) != 3 or len(other) != 3 or not (one.isdecimal() and other.isdecimal()):
        return False
    return one[0] == other[0] and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def difference(one: str, other: str) -> str:
    """Where two texts begin to differ, in words."""
    if one.lower() == other.lower():
        return f"{one!r} and {other!r} differ in upper and lower case"
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    if at == len(one):
        return f"{other[at:]!r} follows in {other!r}"
    if at == len(other):
        return f"{one[at:]!r} is too much in {one!r}"
    return f"{one!r} and {other!r} differ at character {at + 1}"

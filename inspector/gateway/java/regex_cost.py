"""What a pattern may cost on a text: those that can explode are refused, by a rule without a clock.

Two ways of matching the same text are what makes a backtracking matcher slow. A loop inside a loop
that can split a text in two ways takes exponential time (`(a+)+`), loops one behind the other that can
share it take a power of its length (`a*a*`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inspector.gateway.java.regex_sets import ALL, Ranges, overlap, set_text, union
from inspector.gateway.java.regex_tree import (
    Assertion,
    Chars,
    Choice,
    Group,
    Part,
    Repeat,
    Sequence,
)

_BUDGET: Final = 30_000_000  # steps: some tenths of a second
_EXPONENTIAL: Final = 60
_LONG_COUNT: Final = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a pattern: how the time grows with the length of a run of `chars`."""

    degree: int
    """Powers of the run's length; `_EXPONENTIAL` and more for two to its power."""
    chars: Ranges
    """What the loops run over."""

    def too_much(self, text: str) -> bool:
        """Whether searching this text may take more than the budget."""
        if self.degree == 0 or len(text) * len(text) ** min(self.degree, 9) < _BUDGET:
            return False
        runs = re.finditer(set_text(self.chars) + "+", text)
        longest = max((match.end() - match.start() for match in runs), default=0)
        if self.degree >= _EXPONENTIAL:
            return longest > 20
        cost: int = len(text) * longest**self.degree
        return cost > _BUDGET


def cost_of(part: Part) -> Cost:
    """The cost of a pattern."""
    loops = _loops(part)
    degree = max(_chain(part, ()), 1 if loops else 0)
    return Cost(_EXPONENTIAL if _explodes(part) else degree, union(*loops))


def _is_loop(part: Part) -> bool:
    return isinstance(part, Repeat) and (part.most is None or part.most >= _LONG_COUNT)


def _loops(part: Part) -> list[Ranges]:
    """What the loops of a pattern run over."""
    if isinstance(part, Assertion):
        return [ALL] if part.reference else []
    if _is_loop(part):
        return [_characters(part)]
    return [each for child in _children(part) for each in _loops(child)]


def _children(part: Part) -> tuple[Part, ...]:
    if isinstance(part, Sequence):
        return part.items
    if isinstance(part, Choice):
        return part.options
    return (part.inner,) if isinstance(part, Group | Repeat) else ()


def _characters(part: Part) -> Ranges:
    """All that it may match."""
    if isinstance(part, Chars):
        return part.ranges
    if isinstance(part, Assertion):
        return ALL if part.reference else ()
    return union(*map(_characters, _children(part)))


def _nullable(part: Part) -> bool:
    """Whether it may match nothing."""
    if isinstance(part, Chars):
        return False
    if isinstance(part, Assertion):
        return True
    if isinstance(part, Repeat):
        return part.least == 0 or _nullable(part.inner)
    if isinstance(part, Choice):
        return any(map(_nullable, part.options))
    if isinstance(part, Group):
        return part.opening[:3] in ("(?=", "(?!", "(?<") or _nullable(part.inner)
    return all(map(_nullable, part.items))


def _first(parts: tuple[Part, ...]) -> Ranges:
    """What may come first of these one after another."""
    found: Ranges = ()
    for part in parts:
        if isinstance(part, Sequence):
            found = union(found, _first(part.items))
        elif isinstance(part, Choice):
            found = union(found, *(_first((option,)) for option in part.options))
        elif isinstance(part, Group | Repeat):
            found = union(found, _first((part.inner,)))
        else:
            found = union(found, _characters(part))
        if not _nullable(part):
            break
    return found


def _explodes(part: Part) -> bool:
    if isinstance(part, Repeat) and _is_loop(part) and part.manner != "+":
        inner = part.inner
        if _nullable(inner) or _ambiguous(inner, (inner,)):
            return True
    return any(map(_explodes, _children(part)))


def _ambiguous(part: Part, after: tuple[Part, ...]) -> bool:
    """Whether part, with what may follow, can match one text in two ways."""
    if isinstance(part, Sequence):
        return any(
            _ambiguous(item, (*part.items[index + 1 :], *after))
            for index, item in enumerate(part.items)
        )
    if isinstance(part, Choice):
        firsts = [_first((option, *after)) for option in part.options]
        for index, first in enumerate(firsts):
            if any(overlap(first, other) for other in firsts[:index]):
                return True
        return any(_ambiguous(option, after) for option in part.options)
    if isinstance(part, Group):
        return part.opening != "(?>" and _ambiguous(part.inner, after)
    if isinstance(part, Repeat):
        if part.manner == "+" or part.least == part.most:
            return _ambiguous(part.inner, after) if part.manner != "+" else False
        return overlap(_characters(part.inner), _first(after)) or _ambiguous(part.inner, after)
    return False


def _chain(part: Part, after: tuple[Part, ...]) -> int:
    """How many loops, one behind the other, can share a text."""
    if isinstance(part, Sequence):
        return sum(
            _chain(item, (*part.items[index + 1 :], *after))
            for index, item in enumerate(part.items)
        )
    if isinstance(part, Choice):
        return max(_chain(option, after) for option in part.options)
    if isinstance(part, Group):
        return 0 if part.opening == "(?>" else _chain(part.inner, after)
    if isinstance(part, Repeat):
        shared = _is_loop(part) and (not after or overlap(_characters(part), _first(after)))
        return _chain(part.inner, after) + int(shared and part.manner != "+")
    return 0

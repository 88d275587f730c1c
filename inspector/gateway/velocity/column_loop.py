"""What loops that are done column by column are made of: the loops, their columns, what these print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, Final, TypeAlias

from inspector.gateway.java.numbers import double_text
from inspector.gateway.java.values import ArrayList, EntrySet
from inspector.gateway.velocity.runtime import Context, Run


class UnfitError(Exception):
    """This loop has to be run turn by turn."""


class Cost:
    """What the turns done so far will have cost."""

    __slots__ = ("nodes", "size")

    def __init__(self) -> None:
        self.nodes = 0
        self.size = 0


class Loop:
    """A loop, or all the loops that one `#foreach` makes within the turns of the loop around.

    `lengths` has the number of turns of each; `count` is their sum.
    """

    __slots__ = ("_columns", "_entries", "around", "context", "cost", "count", "lengths", "run")

    def __init__(
        self, run: Run, context: Context, given: list[object] | EntrySet, cost: Cost
    ) -> None:
        self.run = run
        self.context = context
        self.cost = cost
        self.count = len(given)
        self.lengths = [self.count]
        self.around: Loop | None = None
        self._entries = given if isinstance(given, EntrySet) else None
        self._columns: dict[tuple[str, ...], list[object]] = {}
        if not isinstance(given, EntrySet):
            self._columns[()] = given
        cost.nodes += self.count

    def inside(self, lists: list[object]) -> Loop:
        """The loops over these lists, one within each turn of this one. Raises `UnfitError`."""
        if not set(map(type, lists)) <= _LISTS:
            raise UnfitError
        given: list[list[object]] = [each or [] for each in lists]  # type: ignore[misc]  # as was just seen
        lengths = list(map(len, given))
        most = self.run.nodes - self.cost.nodes
        if max(lengths) > self.run.budget.iterations or sum(lengths) > most:
            raise UnfitError
        loop = Loop(self.run, self.context, list(chain.from_iterable(given)), self.cost)
        loop.lengths = lengths
        loop.around = self
        return loop

    def spread(self, values: Iterable[object]) -> list[object]:
        """What belongs to the turns of the loop around, for each turn of this one."""
        return list(chain.from_iterable(map(repeat, values, self.lengths)))

    def column(self, names: tuple[str, ...]) -> list[object]:
        """The property behind these names of each element."""
        known = self._columns.get(names)
        if known is None:
            known = self._columns[names] = self._read(names)
        return known

    def _read(self, names: tuple[str, ...]) -> list[object]:
        if self._entries is not None and len(names) < 2:
            owner = self._entries.owner
            if names == ("key",):
                return list(owner)
            if names == ("value",):
                return list(owner.values())
            raise UnfitError
        above, name = self.column(names[:-1]), names[-1]
        try:
            return list(map(itemgetter(name), above))  # type: ignore[arg-type]  # it says what it is not
        except KeyError:
            if set(map(type, above)) == {dict}:
                return [each.get(name) for each in above]  # type: ignore[attr-defined]
            raise UnfitError from None
        except TypeError:
            raise UnfitError from None


_LISTS: Final = {list, ArrayList, type(None)}
Texts: TypeAlias = "Iterable[str]"
Stream: TypeAlias = "Callable[[Loop], list[Texts]]"
"""What each turn writes, as columns side by side."""
Column: TypeAlias = "Callable[[Loop], list[object]]"
Mask: TypeAlias = "Callable[[Loop], list[bool]]"

_SIMPLE: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    int: str,
    bool: lambda value: "true" if value else "false",
    float: lambda value: repr(value) if 1e-3 <= value < 1e7 or value == 0.0 else double_text(value),
}
KINDS: Final = frozenset(_SIMPLE)


def written(values: list[object], null: str) -> list[str]:
    """The printed forms; only of what prints without a look at the run's limits."""
    kinds = set(map(type, values))
    if len(kinds) == 1:
        (kind,) = kinds
        if kind is str:
            return values  # type: ignore[return-value]  # as was just seen
        if kind in KINDS:
            try:
                return list(map(_SIMPLE[kind], values))
            except ValueError:  # an integer of thousands of digits
                raise UnfitError from None
    if not kinds <= KINDS | {type(None)}:
        raise UnfitError
    try:
        return [null if each is None else _SIMPLE[type(each)](each) for each in values]
    except ValueError:
        raise UnfitError from None


def rows_of(loop: Loop, columns: list[Texts]) -> list[str]:
    """What each turn writes."""
    if not columns:
        return [""] * loop.count
    if loop.cost.size > loop.run.budget.output:
        raise UnfitError
    return list(map("".join, zip(*columns, strict=True)))


def measured(loop: Loop, texts: list[str]) -> list[str]:
    """The texts, once their size is counted."""
    loop.cost.size += sum(map(len, texts))
    return texts


def _has_next(loop: Loop) -> list[bool]:
    return [left > 0 for length in loop.lengths for left in range(length - 1, -1, -1)]


def _indexes(loop: Loop) -> Iterable[int]:
    return chain.from_iterable(map(range, loop.lengths))


STATES: Final[dict[tuple[str, ...], Mask]] = {
    ("hasNext",): _has_next,
    ("first",): lambda loop: [not index for index in _indexes(loop)],
    ("last",): lambda loop: [not each for each in _has_next(loop)],
}
COUNTS: Final[dict[tuple[str, ...], Stream]] = {
    ("index",): lambda loop: [measured(loop, list(map(str, _indexes(loop))))],
    ("count",): lambda loop: [measured(loop, [str(at + 1) for at in _indexes(loop)])],
}

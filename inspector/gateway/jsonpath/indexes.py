"""The array steps of a JsonPath: `[0]`, `[0,2]`, `[1:]`, `[:2]`, `[1:3]`, `[(@.length-1)]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import InvalidPathError, PathNotFoundError
from inspector.gateway.jsonpath.steps import Evaluate, Run, Step, Tail, found


class Kind(Enum):
    """What the numbers between the brackets mean."""

    GIVEN = "[{}]"
    FROM = "[{}:]"
    TO = "[:{}]"
    BETWEEN = "[{}:{}]"
    FROM_END = "[@.size(){}]"


@dataclass(frozen=True, slots=True)
class ArrayStep(Step):
    """Elements by number. Negative indexes are missing; only slices count from the end."""

    kind: Kind
    numbers: tuple[int, ...]

    def fragment(self) -> str:
        if self.kind is Kind.GIVEN:
            return f"[{','.join(map(str, self.numbers))}]"
        return str(self.kind.value).format(*self.numbers)

    @property
    def definite(self) -> bool:  # type: ignore[override]  # a plain attribute on the other steps
        return self.kind is Kind.FROM_END or (self.kind is Kind.GIVEN and len(self.numbers) == 1)

    def scanned(self, value: object, run: Run) -> bool:
        return isinstance(value, list)

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        then, indexes = after or found, _INDEXES[self.kind](self.numbers)

        def pick(value: object, run: Run) -> None:
            if value is None:
                raise PathNotFoundError("The path is null")
            if not isinstance(value, list):
                raise InvalidPathError(
                    f"Filter: {tail.fragments} can only be applied to arrays. "
                    f"Current context is: {to_text(value)}"
                )
            length = len(value)
            for index in indexes(length):
                if not 0 <= index < length:
                    raise PathNotFoundError(f"Index out of bounds: {index}")
                run.visit(1)
                then(value[index], run)

        return pick


_Indexes = Callable[[int], Iterable[int]]


def _given(numbers: tuple[int, ...]) -> _Indexes:
    return lambda length: numbers


def _from(numbers: tuple[int, ...]) -> _Indexes:
    first = numbers[0]
    return lambda length: range(max(0, first if first >= 0 else length + first), length)


def _to(numbers: tuple[int, ...]) -> _Indexes:
    last = numbers[0]
    return lambda length: range(min(length, last if last >= 0 else length + last))


def _between(numbers: tuple[int, ...]) -> _Indexes:
    first, last = numbers[0], numbers[1]
    return lambda length: range(first, min(length, last)) if length else ()


def _from_end(numbers: tuple[int, ...]) -> _Indexes:
    return lambda length: (length + numbers[0],)


_INDEXES: Final[dict[Kind, Callable[[tuple[int, ...]], _Indexes]]] = {
    Kind.GIVEN: _given,
    Kind.FROM: _from,
    Kind.TO: _to,
    Kind.BETWEEN: _between,
    Kind.FROM_END: _from_end,
}

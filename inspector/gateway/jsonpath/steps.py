"""The steps of a JsonPath, and what running them needs.

A step is compiled against the one behind it into a function `(value, run)`; the last one hands its
value to `run.found`. Semantics are those of Jayway 2.0.0, its oddities included (facts/velocity.md,
"$input and JSON"; recordings in tests/data/velocity).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import (
    InvalidPathError,
    MissingFilterError,
    PathEndError,
    PathNotFoundError,
    VisitLimitError,
)

_CONTAINERS: Final = (dict, list)


@dataclass(slots=True)
class Run:
    """One evaluation: the document, what was found, what may still be looked at."""

    root: object
    visits_left: float
    found: list[object] = field(default_factory=list)
    cached: dict[int, object] = field(default_factory=dict)
    """Values of the `$` paths inside filters, by the path's identity."""

    def visit(self, count: int) -> None:
        """Count `count` values against the budget; raises `VisitLimitError`."""
        self.visits_left -= count
        if self.visits_left < 0:
            raise VisitLimitError("The JSONPath looked at more values than its budget allows")


Evaluate: TypeAlias = Callable[[object, Run], None]
Accept: TypeAlias = Callable[[object, Run], bool]


def found(value: object, run: Run) -> None:
    """What stands behind the last step."""
    run.found.append(value)


class Step:
    """One step of a path."""

    definite = True

    def fragment(self) -> str:
        """The step as Jayway spells it in messages."""
        raise NotImplementedError

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        """A function that applies this step and hands on to `after` (None for the last step)."""
        raise NotImplementedError

    def scanned(self, value: object, run: Run) -> bool:
        """Whether a deep scan in front of this step stops at `value` to apply it."""
        return False


@dataclass(frozen=True, slots=True)
class Tail:
    """What a step may ask about its place in the path."""

    fragments: str
    """The path from this step on."""
    strict: bool
    """Whether a missing property is an error, else skipped (Jayway's `isUpstreamDefinite`)."""


class RootStep(Step):
    """`$`: the document, or, in the midst of a path, the value itself."""

    def fragment(self) -> str:
        return "$"

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        return after or found


@dataclass(frozen=True, slots=True)
class PropertyStep(Step):
    """`.name`, `['name']`, or `['one','two']`, which gathers the members that exist."""

    names: tuple[str, ...]

    def fragment(self) -> str:
        return "[" + ", ".join(f"'{name}'" for name in self.names) + "]"

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        if len(self.names) == 1:
            return property_step(self.names[0], after, strict=tail.strict)
        return self._gather(after)

    def _gather(self, after: Evaluate | None) -> Evaluate:
        names, fragment = self.names, self.fragment()

        def gather(value: object, run: Run) -> None:
            if not isinstance(value, dict):
                raise PathNotFoundError(f"Property {fragment} not found")
            if after is not None:
                text = f"Multi properties can only be used as path leafs: ${fragment}"
                raise InvalidPathError(text)
            run.found.append({name: value[name] for name in names if name in value})

        return gather

    def scanned(self, value: object, run: Run) -> bool:
        return isinstance(value, dict) and all(name in value for name in self.names)


def property_step(name: str, after: Evaluate | None, *, strict: bool) -> Evaluate:
    """Read one member; a missing one is an error at the end of a path and where `strict`."""
    lenient = after is not None and not strict
    then = after or found

    def read(value: object, run: Run) -> None:
        if not isinstance(value, dict):
            raise PathNotFoundError(f"Property ['{name}'] not found")
        if name in value:
            then(value[name], run)
        elif not lenient:
            raise PathNotFoundError(f"No results for path: ['{name}']")

    return read


class WildcardStep(Step):
    """`*`: every member or element; elements that lack the rest of the path are left out."""

    definite = False

    def fragment(self) -> str:
        return "[*]"

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        then = after or found

        def every(value: object, run: Run) -> None:
            if isinstance(value, dict):
                run.visit(len(value))
                for member in list(value.values()):
                    then(member, run)
            elif isinstance(value, list):
                run.visit(len(value))
                for item in value:
                    try:
                        then(item, run)
                    except PathNotFoundError:
                        continue

        return every

    def scanned(self, value: object, run: Run) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class FilterStep(Step):
    """`[?(...)]`: the elements, or the one object, that satisfy a condition (None: `[?]`)."""

    accept: Accept | None
    definite = False

    def fragment(self) -> str:
        return "[?]"

    def accepts(self, value: object, run: Run) -> bool:
        """Whether `value` satisfies the condition."""
        run.visit(1)
        if self.accept is None:
            raise MissingFilterError("A filter [?] without a condition")
        return self.accept(value, run)

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        then, accepts = after or found, self.accepts

        def choose(value: object, run: Run) -> None:
            if isinstance(value, dict):
                if accepts(value, run):
                    then(value, run)
            elif isinstance(value, list):
                for item in value:
                    if accepts(item, run):
                        then(item, run)
            else:
                raise InvalidPathError(
                    f"Filter: {tail.fragments} can not be applied to primitives. "
                    f"Current context is: {to_text(value)}"
                )

        return choose

    def scanned(self, value: object, run: Run) -> bool:
        return self.accepts(value, run)


@dataclass(frozen=True, slots=True)
class ScanStep(Step):
    """`..`: applies the step behind it everywhere below.

    As in Jayway 2.0.0, an array that the step behind would take is entered whole where the path
    goes on: `$..[0].x` reads `x` of every element.
    """

    target: Step
    definite = False

    def fragment(self) -> str:
        return ".."

    def compiled(self, after: Evaluate | None, tail: Tail) -> Evaluate:
        """Only the path `.` ends with a scan; with more behind it, see `scanning`."""

        def fail(_value: object, _run: Run) -> None:
            raise PathEndError("Current path token is a leaf")

        return fail

    def scanning(self, apply: Evaluate, beyond: Evaluate | None) -> Evaluate:
        """Scan with `apply`, the step behind, compiled, and `beyond`, what follows that one."""
        stops_at = self.target.scanned

        def walk(value: object, run: Run) -> None:
            if isinstance(value, dict):
                if stops_at(value, run):
                    apply(value, run)
                below = list(value.values())
            elif isinstance(value, list):
                if stops_at(value, run):
                    if beyond is None:
                        apply(value, run)
                    else:
                        for item in value:
                            beyond(item, run)
                below = value
            else:
                return
            run.visit(len(below))
            for item in below:
                if isinstance(item, _CONTAINERS):
                    walk(item, run)

        return walk

"""What a stepped run leaves behind: one event for each statement, in the order they began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.runtime import Unresolved

Kind = Literal[
    "text", "reference", "set", "if", "foreach", "iteration", "call", "evaluate", "define", "break",
    "stop", "include",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the template: offsets in characters, half-open; line and column from 1."""

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it was at one moment: its text, cut where it is long, and its Java class.

    `text` and `java_type` are None for null.
    """

    text: str | None
    java_type: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A reference or a condition that a statement looked at, and what it was worth."""

    span: Span
    source: str
    value: Shown


@dataclass(frozen=True, slots=True)
class Change:
    """A variable that changed. `at`: how many events had begun by then."""

    at: int
    name: str
    before: Shown | None
    after: Shown | None


@dataclass(frozen=True, slots=True)
class Event:
    """One statement of a run.

    `parent` is the event inside of which it ran (None at the top), `depth` how many there are above
    it. `value` is what a reference was worth or a `#set` assigned; `branch` which part of an `#if`
    ran (`#if`, `#elseif 2`, `#else`, `none`), `iteration` the turn of a loop, from 0.
    `output` is the range of the output that was written while it ran, in characters; None inside of
    a string or a `#define`, whose text goes elsewhere: `wrote` is it then.
    `inferred`: hangs on how Amazon's mode treats a missing reference, which nobody recorded.
    """

    index: int
    kind: Kind
    span: Span
    source: str
    depth: int
    parent: int | None
    reads: tuple[Read, ...] = ()
    value: Shown | None = None
    branch: str | None = None
    iteration: int | None = None
    changes: tuple[Change, ...] = ()
    output: tuple[int, int] | None = None
    wrote: str = ""
    unresolved: tuple[Unresolved, ...] = ()
    inferred: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run from its beginning to its end, or to its error.

    `initial` holds the variables that were there before, `changes` all changes in order. `complete`
    is False where there were more events than are kept.
    """

    template: str
    events: tuple[Event, ...]
    changes: tuple[Change, ...]
    initial: dict[str, Shown]
    output: str
    variables: dict[str, object]
    unresolved: tuple[Unresolved, ...] = ()
    error: TemplateError | None = None
    complete: bool = True

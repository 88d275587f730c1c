"""Notes down a run while it goes on: which statements are open, what they read, wrote and changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from inspector.gateway.velocity.errors import BudgetExceededError
from inspector.gateway.velocity.runtime import Context, Output, Run, Unresolved
from inspector.gateway.velocity.stepping.events import Change, Event, Kind, Read, Shown, Span
from inspector.gateway.velocity.stepping.shown import shown

#: Events of one run that are kept; what happens behind them is not stepped through.
MOST_EVENTS: Final = 200_000
_MOST_READS: Final = 24

#: Called before each statement with its index, the variables as they are, and the run.
Probe = Callable[[int, Span, Context, Run], None]


class Opened:
    """An event that has begun."""

    __slots__ = (
        "branch", "changes", "depth", "error", "index", "iteration", "kind", "out", "output", "parent",
        "reads", "shift", "source", "span", "unresolved", "value",
    )  # fmt: skip

    def __init__(self, index: int, kind: Kind, span: Span, source: str, depth: int) -> None:
        self.index = index
        self.kind = kind
        self.span = span
        self.source = source
        self.depth = depth
        self.parent: int | None = None
        self.reads: list[Read] = []
        self.value: Shown | None = None
        self.branch: str | None = None
        self.iteration: int | None = None
        self.changes: list[Change] = []
        self.out: Output | None = None
        self.shift = 0
        self.output: tuple[int, int] | None = None
        self.unresolved: list[Unresolved] = []
        self.error: str | None = None


class Recorder:
    """One run's notes. `main` is the output that the caller gets; others are of strings inside."""

    def __init__(self, main: Output, probe: Probe | None = None, most: int = MOST_EVENTS) -> None:
        self.main = main
        self.events: list[Opened] = []
        self.wrote: list[str] = []
        self.changes: list[Change] = []
        self.stack: list[Opened] = []
        self._probe = probe
        self._most = most
        self._claimed = 0
        self._counted = 0
        self._length = 0

    def begin(
        self, kind: Kind, span: Span, source: str, run: Run, context: Context, out: Output | None
    ) -> Opened:
        """A statement begins. Raises `BudgetExceededError` where there are too many to keep."""
        index = len(self.events)
        if index >= self._most:
            raise BudgetExceededError("steps that are kept", self._most, span.line, span.column)
        if self.stack:
            self._claim(self.stack[-1], run)
        if self._probe is not None:
            self._probe(index, span, context, run)
        event = Opened(index, kind, span, source, len(self.stack))
        event.parent = self.stack[-1].index if self.stack else None
        event.out = out
        if out is not None:
            event.shift = self._written() if out is self.main else len(out)
        self.events.append(event)
        self.wrote.append("")
        self.stack.append(event)
        return event

    def end(self, event: Opened, run: Run) -> None:
        """It is done, or was left."""
        while self.stack and self.stack.pop() is not event:
            pass
        self._claim(event, run)
        if event.out is None:
            return
        if event.out is self.main:
            event.output = (event.shift, self._written())
        else:
            self.wrote[event.index] = "".join(event.out[event.shift :])[:2_000]

    def _claim(self, event: Opened, run: Run) -> None:
        """References that came to nothing since the last time: the innermost statement's."""
        if run.unresolved is not None and len(run.unresolved) > self._claimed:
            event.unresolved.extend(run.unresolved[self._claimed :])
            self._claimed = len(run.unresolved)

    def read(self, span: Span, source: str, value: object) -> None:
        """The statement that is open looked at something."""
        if self.stack and len(self.stack[-1].reads) < _MOST_READS:
            self.stack[-1].reads.append(Read(span, source, shown(value)))

    def changed(self, event: Opened, name: str, before: Shown | None, after: Shown | None) -> None:
        """A variable is not what it was."""
        if before != after:
            change = Change(len(self.events), name, before, after)
            event.changes.append(change)
            self.changes.append(change)

    def left(self, event: Opened, name: str, value: object) -> None:
        """A loop is over: its variable is again what it was before."""
        first = event.index + 1
        if first < len(self.events) and self.events[first].kind == "iteration":
            last = next(each.after for each in reversed(self.changes) if each.name == name)
            after = None if value is None else shown(value)
            # The loop's own event told what it did when it began.
            self.changes.append(Change(len(self.events), name, last, after))

    def _written(self) -> int:
        """Characters of the output so far."""
        main = self.main
        if len(main) > self._counted:
            self._length += sum(map(len, main[self._counted :]))
            self._counted = len(main)
        return self._length


def frozen(opened: Sequence[Opened], wrote: Sequence[str]) -> tuple[Event, ...]:
    """The events as they are handed out."""
    return tuple(_frozen(each, text) for each, text in zip(opened, wrote, strict=True))


def _frozen(event: Opened, wrote: str) -> Event:
    unresolved = tuple(event.unresolved)
    return Event(
        event.index,
        event.kind,
        event.span,
        event.source,
        event.depth,
        event.parent,
        tuple(event.reads),
        event.value,
        event.branch,
        event.iteration,
        tuple(event.changes),
        event.output,
        wrote,
        unresolved,
        any(each.tested for each in unresolved),
        event.error,
    )

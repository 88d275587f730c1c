"""Walks through a run: into, over, out and back, to lines and breakpoints, with watches.

A run is deterministic, so it is recorded once, and every stop is a place in the recording. What only
the living variables can tell (watches, conditions) is asked in another run of the same template over
fresh variables, which ends where it was asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from inspector.gateway.velocity.program import Mode, Template, parse
from inspector.gateway.velocity.runtime import Budget, Context, Run
from inspector.gateway.velocity.stepping import expressions
from inspector.gateway.velocity.stepping.events import Event, Recorded, Shown, Span
from inspector.gateway.velocity.stepping.run import record
from inspector.gateway.velocity.stepping.source_map import SourceMap


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Stop before statements that begin on `line`, if `condition` holds (`$foreach.index == 3`)."""

    line: int
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """An expression and what it is worth at a stop; `error` says why it has no value."""

    expression: str
    value: Shown | None
    error: str = ""


class _EnoughError(Exception):
    """The place was reached for which a run was made."""


class Debugger:
    """One template over one set of variables.

    `position` is the index of the event that is about to run; `len(events)` when the run is over.
    `variables` makes fresh variables for each run. Where `texts` is False, moves do not stop at plain
    text, which is written on the way. Raises `TemplateSyntaxError` for a template that
    cannot be parsed, `expressions.ExpressionError` for breakpoints and watches that are none.
    """

    def __init__(
        self,
        template: str | Template,
        variables: Callable[[], dict[str, object]],
        mode: Mode = "amazon",
        budget: Budget | None = None,
        *,
        texts: bool = True,
    ) -> None:
        self._template = parse(template) if isinstance(template, str) else template
        self._variables = variables
        self._mode: Mode = mode
        self._budget = budget
        self.recorded: Recorded = record(self._template, variables(), mode, budget)
        self.source_map = SourceMap(self.recorded)
        self.breakpoints: list[Breakpoint] = []
        self.watched: list[str] = []
        self.texts = texts
        self._places = [e.index for e in self.events if texts or e.kind != "text"]
        self.position = self._places[0] if self._places else len(self.events)

    # Where it stands.

    @property
    def events(self) -> tuple[Event, ...]:
        """All events of the run."""
        return self.recorded.events

    @property
    def current(self) -> Event | None:
        """The event about to run; None at the end."""
        return self.events[self.position] if self.position < len(self.events) else None

    @property
    def last(self) -> Event | None:
        """The event that ran before, whose outcome is news."""
        at = bisect_left(self._places, self.position)
        return self.events[self._places[at - 1]] if at else None

    @property
    def steps(self) -> tuple[int, int]:
        """How many of all the places to stop at are behind."""
        return bisect_left(self._places, self.position), len(self._places)

    @property
    def ended(self) -> bool:
        """Whether nothing is left to run."""
        return self.position >= len(self.events)

    def output(self) -> str:
        """What is written by now."""
        return self.recorded.output[: self._written()]

    def variables(self) -> dict[str, Shown]:
        """The variables as they are now."""
        known = dict(self.recorded.initial)
        for change in self.recorded.changes:
            if change.at > self.position:
                break
            if change.after is None:
                known.pop(change.name, None)
            else:
                known[change.name] = change.after
        return known

    def changed(self) -> set[str]:
        """The names of the variables that the last step changed."""
        last = self.last
        before = -1 if last is None else last.index
        return {each.name for each in self.recorded.changes if before < each.at <= self.position}

    def stack(self) -> list[Event]:
        """The statements around the current one, the innermost first."""
        return self.source_map.callers(self.position) if self.current else []

    def watches(self) -> list[Watch]:
        """What the watched expressions are worth now."""
        found: list[Watch] = []
        wanted = self.position

        def probe(index: int, _: Span, context: Context, run: Run) -> None:
            if index == wanted:
                found.extend(self._watch(text, run, context) for text in self.watched)
                raise _EnoughError

        if not self.watched:
            return []
        if self.ended:
            return [self._watched_at_end(text) for text in self.watched]
        self._again(probe)
        return found

    # Moving.

    def into(self) -> Event | None:
        """The very next event."""
        return self._go(self.position + 1)

    def over(self) -> Event | None:
        """The next event that is not inside of the current one."""
        return self._go(self._behind(self.position))

    def out(self) -> Event | None:
        """The next event behind the statement around the current one."""
        current = self.current
        if current is None or current.parent is None:
            return self._go(len(self.events))
        return self._go(self._behind(current.parent))

    def back(self) -> Event | None:
        """The event before: nothing is undone, an earlier moment is shown."""
        at = bisect_left(self._places, self.position)
        return self._go(self._places[max(at - 1, 0)] if self._places else 0)

    def back_over(self) -> Event | None:
        """The event before that is not deeper than the current one."""
        depth = self.current.depth if self.current else 0
        for at in reversed(self._places[: bisect_left(self._places, self.position)]):
            if self.events[at].depth <= depth:
                return self._go(at)
        return self._go(0)

    def restart(self) -> Event | None:
        """The beginning."""
        return self._go(0)

    def to_line(self, line: int) -> Event | None:
        """The next event that begins on this line; the end where there is none."""
        for event in self.events[self.position + 1 :]:
            if event.span.line == line:
                return self._go(event.index)
        return self._go(len(self.events))

    def to_event(self, index: int) -> Event | None:
        """Any moment of the run."""
        return self._go(max(0, min(index, len(self.events))))

    def resume(self) -> Event | None:
        """On to the next breakpoint, or to the end."""
        stops = [index for index in self._hits() if index > self.position]
        return self._go(stops[0] if stops else len(self.events))

    def resume_back(self) -> Event | None:
        """Back to the breakpoint before, or to the beginning."""
        stops = [index for index in self._hits() if index < self.position]
        return self._go(stops[-1] if stops else 0)

    def to_unresolved(self) -> Event | None:
        """The next event in which a reference comes to nothing, round and round; None if all have values."""
        found = [event.index for event in self.events if event.unresolved]
        if not found:
            return None
        return self._go(next((at for at in found if at > self.position), found[0]))

    def to_writer(self, start: int, end: int) -> Event | None:
        """The moment at which this stretch of the output is written: a reference in it, else its text."""
        written = self.source_map.writers(start, max(end, start + 1))
        if not written:
            return None
        events = [self.events[each.event] for each in written]
        again = [event for event in events if event.kind != "text" and event.index > self.position]
        speaking = again or [event for event in events if event.kind != "text"] or events
        self.position = speaking[0].index
        return self.current

    # What to stop at and look at.

    def toggle(self, line: int, condition: str | None = None) -> bool:
        """Set a breakpoint, or take it away where there is one; whether there is one now."""
        kept = [each for each in self.breakpoints if each.line != line]
        there = len(kept) == len(self.breakpoints)
        if there or condition is not None:
            if condition is not None:
                expressions.check(condition)
            kept.append(Breakpoint(line, condition))
            there = True
        self.breakpoints = sorted(kept, key=lambda each: each.line)
        return there

    def watch(self, expression: str) -> None:
        """Look at an expression at every stop; a second time no more."""
        if expression in self.watched:
            self.watched.remove(expression)
            return
        expressions.check(expression)
        self.watched.append(expression)

    def edited(self, template: str) -> Debugger:
        """The same with another template, its breakpoints and watches kept."""
        other = Debugger(template, self._variables, self._mode, self._budget, texts=self.texts)
        other.breakpoints = list(self.breakpoints)
        other.watched = list(self.watched)
        return other

    # Inside.

    def _go(self, position: int) -> Event | None:
        """To a place to stop at, or to the next one behind it."""
        self.position = self._place(position)
        return self.current

    def _place(self, position: int) -> int:
        at = bisect_left(self._places, position)
        return self._places[at] if at < len(self._places) else len(self.events)

    def _behind(self, index: int) -> int:
        if index >= len(self.events):
            return index
        depth = self.events[index].depth
        at = index + 1
        while at < len(self.events) and self.events[at].depth > depth:
            at += 1
        return at

    def _written(self) -> int:
        """Characters written before the current event."""
        event = self.current
        while event is not None and event.output is None:
            event = None if event.parent is None else self.events[event.parent]
        if event is None or event.output is None:
            return len(self.recorded.output)
        return event.output[0]

    def _hits(self) -> list[int]:
        """The places at which a breakpoint holds."""
        by_line: dict[int, list[Breakpoint]] = {}
        for each in self.breakpoints:
            by_line.setdefault(each.line, []).append(each)
        hits: list[int] = []

        def probe(index: int, span: Span, context: Context, run: Run) -> None:
            for each in by_line.get(span.line, ()):
                if each.condition is None or expressions.truth(
                    each.condition, run, context, amazon=self._mode == "amazon"
                ):
                    hits.append(index)
                    return

        if any(each.condition is not None for each in self.breakpoints):
            self._again(probe)
        else:
            hits = [event.index for event in self.events if event.span.line in by_line]
        return [self._place(index) for index in hits]

    def _again(self, probe: Callable[[int, Span, Context, Run], None]) -> None:
        try:
            record(self._template, self._variables(), self._mode, self._budget, probe)
        except _EnoughError:
            return

    def _watch(self, text: str, run: Run, context: Context) -> Watch:
        value, error = expressions.value(text, run, context, amazon=self._mode == "amazon")
        return Watch(text, value, error)

    def _watched_at_end(self, text: str) -> Watch:
        run = Run(self._budget or Budget(), {})
        return self._watch(text, run, self.recorded.variables)

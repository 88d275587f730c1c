"""The debugger's panes: a template with its gutter, what was written, variables, the last step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from inspector.gateway.velocity.stepping import Breakpoint, Debugger, Event, Shown, Span, Watch
from inspector.tui.present import styles
from inspector.tui.present.safe import clean, ink, untabbed

_KINDS = {
    "text": "text", "reference": "a reference", "set": "#set", "if": "#if", "foreach": "#foreach",
    "iteration": "a turn of #foreach", "call": "a macro", "evaluate": "#evaluate",
    "define": "#define", "break": "#break", "stop": "#stop", "include": "#include",
}  # fmt: skip
_GIVEN = frozenset(("input", "util", "context", "stageVariables"))
_VALUE = 200


@dataclass(frozen=True, slots=True)
class Gutter:
    """What stands before a line: the statement about to run, the breakpoints."""

    current: Span | None
    breakpoints: Mapping[int, Breakpoint]


def template_line(number: int, line: str, start: int, gutter: Gutter) -> Text:
    """Line `number` (from 1) of the template, which begins at the character `start`."""
    span = gutter.current
    here = span is not None and span.line == number
    stop = gutter.breakpoints.get(number)
    text = ink("●" if stop else " ", styles.BAD)
    text.append("▶" if here else " ", styles.WARN)
    text.append(f"{number:>4} ", styles.ACCENT if here else styles.FAINT)
    before = len(text)
    text.append(untabbed(line))
    if span is not None and span.start < start + len(line) + 1 and span.end > start:
        first = len(untabbed(line[: max(span.start - start, 0)]))
        last = len(untabbed(line[: max(span.end - start, 0)]))
        text.stylize(styles.NOW, before + first, before + max(last, first + 1))
    if stop is not None and stop.condition:
        text.append(f"   if {clean(stop.condition)}", styles.NOTICE)
    return text


def output(debugger: Debugger) -> list[Text]:
    """What is written by now, the piece of the last step marked."""
    written = debugger.output()
    last = debugger.last
    piece = last.output if last is not None and last.kind not in {"foreach", "call", "if"} else None
    lines, at = [], 0
    for raw in written.split("\n"):
        line = ink(untabbed(raw))
        if piece is not None and piece[0] < at + len(raw) + 1 and piece[1] > at:
            first = len(untabbed(raw[: max(piece[0] - at, 0)]))
            end = len(untabbed(raw[: max(piece[1] - at, 0)]))
            line.stylize(styles.ADDED, first, end)
            line.stylize(styles.HIT, first, end)
        lines.append(line)
        at += len(raw) + 1
    return lines


def state(debugger: Debugger) -> list[Text]:
    """The last step, watches, what is around, and the variables, the changed ones first."""
    lines = [*_last(debugger)]
    watches = debugger.watches()
    if watches:
        lines += [ink("watched", styles.DIM), *(_watch(each) for each in watches)]
    around = debugger.stack()
    if around:
        lines += [ink("inside", styles.DIM), *(_inside(each) for each in around)]
    changed, known = debugger.changed(), debugger.variables()
    own = sorted(
        (name for name in known if name not in _GIVEN), key=lambda name: name not in changed
    )
    given = [name for name in known if name in _GIVEN]
    for title, names in (("set by the template", own), ("given", given)):
        if names:
            lines.append(ink(title, styles.DIM))
            lines += [_variable(name, known[name], new=name in changed) for name in names]
    return lines


def _last(debugger: Debugger) -> Iterable[Text]:
    event, error = debugger.last, debugger.recorded.error
    if debugger.ended and error is not None:
        yield ink(f"✗ {clean(str(error))}", styles.BAD)
    elif debugger.ended:
        yield ink("✓ the template has ended", styles.OK)
    if event is None:
        return
    line = ink("ran ", styles.DIM).append(_KINDS[event.kind])
    line.append(f" line {event.span.line}", styles.DIM)
    if event.branch:
        line.append(f" → {clean(event.branch)}", styles.NOTICE)
    if event.iteration is not None:
        line.append(f" {event.iteration + 1}", styles.NOTICE)
    if event.value is not None:
        line.append(" = ", styles.DIM).append_text(value_of(event.value))
    yield line
    for read in event.reads:
        yield (
            ink("  ")
            .append(clean(read.source), styles.KEY)
            .append(" is ", styles.DIM)
            .append_text(value_of(read.value))
        )
    for missing in event.unresolved:
        yield ink(f"  {clean(str(getattr(missing, 'name', missing)))} has no value", styles.WARN)


def value_of(value: Shown) -> Text:
    """A value and its Java class."""
    if value.text is None:
        return ink("null", styles.LITERAL)
    text = value.text.replace("\n", "⏎")
    cut = value.cut or len(text) > _VALUE
    line = ink(clean(text[:_VALUE]) + ("…" if cut else ""), styles.STRING)
    kind = (value.java_type or "").rpartition(".")[2]
    return line.append(f"  {clean(kind)}", styles.FAINT)


def _variable(name: str, value: Shown, *, new: bool) -> Text:
    line = ink("* " if new else "  ", styles.CHANGED)
    line.append(f"${clean(name)}", styles.CHANGED if new else styles.KEY)
    return line.append(" = ", styles.DIM).append_text(value_of(value))


def _watch(watch: Watch) -> Text:
    line = ink("  ").append(clean(watch.expression), styles.KEY).append(" = ", styles.DIM)
    if watch.value is None:
        return line.append(clean(watch.error), styles.BAD)
    return line.append_text(value_of(watch.value))


def _inside(event: Event) -> Text:
    words = f"  {_KINDS[event.kind]}"
    if event.iteration is not None:
        words += f", turn {event.iteration + 1}"
    first = event.source.strip().partition("\n")[0]
    line = ink(f"{words}, line {event.span.line}  ", styles.DIM)
    return line.append(clean(first[:80]), styles.FAINT)


def top(title: str, place: str, debugger: Debugger, edited: bool) -> Text:  # noqa: FBT001
    """Which template, where it is declared, and how far it has run."""
    total = len(debugger.events)
    at = min(debugger.position, total)
    text = ink(" debugger ", styles.STRONG).append(f" {at} of {total} steps  ", styles.NOTICE)
    if edited:
        text.append("edited  ", styles.WARN)
    return text.append(f"{clean(title)}  ").append(clean(place), styles.ACCENT)


def starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins in the text that was split at its line ends."""
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found

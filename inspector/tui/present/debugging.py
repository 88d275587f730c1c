"""The debugger's panes: a template with its gutter, what was written, variables, the last step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from inspector.gateway.mapping import Explanation, claims_json
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
GUTTER = 7
"""Columns before a line of the template."""
_NAMED = 6
"""References that came to nothing, as many as are listed."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What is debugged: the template `number` of `count`, and its place in the definition."""

    title: str
    place: str
    number: int = 1
    count: int = 1
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Gutter:
    """What stands before a line: the statement about to run, the breakpoints."""

    current: Span | None
    breakpoints: Mapping[int, Breakpoint]


_WORDS = re.compile(
    r"(?P<comment>##.*|#\*.*?(?:\*#|$))"
    r"|(?P<directive>#\{?@?[A-Za-z]\w*\}?|\]\]#|#\[\[)"
    r"|(?P<reference>\$!?\{?[A-Za-z_][\w.-]*\}?)"
)
_COLOURS = {"comment": styles.FAINT, "directive": styles.KEY, "reference": styles.STRING}


def template_line(number: int, line: str, start: int, gutter: Gutter, left: int = 0) -> Text:
    """Line `number` (from 1) of the template, which begins at the character `start`.

    The first `left` columns of it are out of sight.
    """
    span = gutter.current
    here = span is not None and span.line == number
    stop = gutter.breakpoints.get(number)
    text = ink("●" if stop else " ", styles.BAD)
    text.append("▶" if here else " ", styles.WARN)
    text.append(f"{number:>4} ", styles.ACCENT if here else styles.FAINT)
    before = len(text)
    shown = untabbed(line)
    text.append(shown)
    for match in _WORDS.finditer(shown):
        text.stylize(
            _COLOURS[match.lastgroup or "comment"], before + match.start(), before + match.end()
        )
    if span is not None and span.start < start + len(line) + 1 and span.end > start:
        first = len(untabbed(line[: max(span.start - start, 0)]))
        last = len(untabbed(line[: max(span.end - start, 0)]))
        text.stylize(styles.NOW, before + first, before + max(last, first + 1))
    if left:
        text = text[:before] + ink("…", styles.FAINT) + text[before + left + 1 :]
    if stop is not None and stop.condition:
        text.append(f"   if {clean(stop.condition)}", styles.NOTICE)
    return text


def output(
    debugger: Debugger, looking: int | None = None, fault: Explanation | None = None
) -> list[Text]:
    """What is written by now.

    Marked is the piece of the last step, or what the line `looking` of the template wrote; and the
    character at which it is no JSON any more.
    """
    pieces = [] if looking is None else debugger.source_map.of_line(looking)
    last = debugger.last
    if looking is None and last is not None and last.kind not in {"foreach", "call", "if"}:
        pieces = [last.output] if last.output is not None else []
    lines, at = [], 0
    for raw in debugger.output().split("\n"):
        line = ink(untabbed(raw))
        for start, stop in pieces:
            _mark(line, raw, (start - at, stop - at), styles.ADDED, styles.HIT)
        if fault is not None:
            _mark(line, raw, (fault.offset - at, fault.offset + 1 - at), styles.BAD, styles.NOW)
        lines.append(line)
        at += len(raw) + 1
    return lines


def _mark(line: Text, raw: str, piece: tuple[int, int], *marks: str) -> None:
    start, stop = max(piece[0], 0), min(piece[1], len(raw))
    if start < stop:
        for mark in marks:
            line.stylize(mark, len(untabbed(raw[:start])), len(untabbed(raw[:stop])))


def first_marked(debugger: Debugger, looking: int) -> int | None:
    """The line (from 0) of the output where a line of the template wrote first, of what is written."""
    written = debugger.output()
    starts = [start for start, _ in debugger.source_map.of_line(looking) if start < len(written)]
    return written.count("\n", 0, starts[0]) if starts else None


def state(debugger: Debugger, fault: Explanation | None = None) -> list[Text]:
    """The last step, watches, what is around, and the variables, the changed ones first.

    At the end, and wherever a `fault` is to be explained, first what is wrong with the output.
    """
    lines = [*_last(debugger)]
    if fault is not None and not debugger.ended:
        lines = [*_verdict(debugger, fault), *lines]
    if debugger.ended:
        lines += [*_verdict(debugger, fault), *_unresolved(debugger)]
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
        yield ink(f"  {clean(missing.text)} came to nothing", styles.WARN)
    if event.inferred:
        yield ink(f"  {INFERRED}", styles.WARN)


INFERRED = "inferred: how AWS decides on a missing reference was never recorded"


def _verdict(debugger: Debugger, fault: Explanation | None) -> Iterable[Text]:
    """Whether the output is the JSON that it claims to be."""
    recorded = debugger.recorded
    if recorded.error is not None or not claims_json(recorded.output):
        return
    if fault is None:
        yield ink("✓ the output is JSON", styles.OK)
        return
    place = f"line {fault.line}, column {fault.column}"
    yield ink(f"✗ the output is no JSON at {place}: {clean(fault.reason)}", styles.BAD)
    yield ink(f"  {clean(fault.excerpt)}")
    yield ink(f"  {fault.caret}", styles.BAD)
    if fault.template_line is not None:
        line = ink(f"  written by line {fault.template_line}  ", styles.DIM)
        yield line.append(clean(fault.template_text or ""), styles.KEY).append(
            "  x: go there", styles.FAINT
        )
    yield ink(f"  mend: {clean(fault.mend)}", styles.NOTICE)


def _unresolved(debugger: Debugger) -> Iterable[Text]:
    found = debugger.recorded.unresolved
    if not found:
        return
    yield ink("came to nothing", styles.DIM).append("  u: go there", styles.FAINT)
    for each in list(dict.fromkeys(found))[:_NAMED]:
        line = ink(f"  line {each.line}  ", styles.DIM).append(clean(each.text), styles.WARN)
        yield (
            line.append("  a condition hangs on it (inferred)", styles.DIM) if each.tested else line
        )


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


def top(heading: Heading, debugger: Debugger, width: int) -> Text:
    """Which template, where it is declared, and how far it has run; the shortest that fits."""
    at, total = debugger.steps
    others = f" ({heading.number} of {heading.count}, t: other)" if heading.count > 1 else ""
    few = f" {heading.number}/{heading.count}" if others else ""
    for label, more, place in (
        (" debugger ", others, heading.place),
        (" debugger ", others, heading.place.rpartition("/")[2]),
        ("", few, heading.place.rpartition("/")[2]),
    ):
        text = ink(label, styles.STRONG).append(f" {at} of {total} steps  ", styles.NOTICE)
        if heading.edited:
            text.append("edited  ", styles.WARN)
        text.append(f"{clean(heading.title)}{more}  ").append(clean(place), styles.ACCENT)
        if cell_len(text.plain) <= width:
            break
    return text


def starts(lines: Sequence[str]) -> list[int]:
    """Where each line begins in the text that was split at its line ends."""
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found

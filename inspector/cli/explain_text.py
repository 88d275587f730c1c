"""An explanation as lines of text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from inspector.cli import exchange_text
from inspector.cli.narration import BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint, plain
from inspector.gateway.explain import Check, Explanation, Try
from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.replay.sockets import head

_MARKS = {
    "passed": ("✓", GREEN),
    "failed": ("✗", RED),
    "noted": ("·", DIM),
    "unreached": ("·", DIM),
}
LineOf = Callable[[Source], str | None]


def show(exchange: Exchange, found: Explanation, line_of: LineOf) -> None:
    """Print it, and what functions printed meanwhile."""
    print(*lines(exchange, found, line_of), *exchange_text.printed(exchange), sep="\n")


def lines(exchange: Exchange, found: Explanation, line_of: LineOf) -> Iterator[str]:
    """What happened, the checks, the line, the evidence, what to try."""
    kind = f" {found.response_type}" if found.response_type else ""
    method, target = head(exchange)
    yield paint(f"{plain(method)} {plain(target)} → {found.status}{kind}", BOLD, sys.stdout)
    yield f"  {plain(found.sentence)}"
    yield ""
    yield from map(_check, found.checks)
    if found.source is not None:
        yield ""
        text = found.line_text or line_of(found.source)
        yield _place("decided by", found.source, text)
        for source in found.lines[1:4]:
            yield _place("with", source, line_of(source))
    if found.part:
        yield f"  {'of the request':<15} {plain(found.part)}"
    if found.evidence:
        yield ""
    for each in found.evidence:
        wanted = f"  {_dim(f'wanted {plain(each.expected)}')}" if each.expected else ""
        yield f"  {plain(each.label):<24} {plain(each.value)}{wanted}"
    yield from _advice(found)
    for note in found.untold_notes:
        yield ""
        yield from _note(note.text, note.source, note.remedy)


def _advice(found: Explanation) -> Iterator[str]:
    if not found.remedy and not found.tries:
        return
    yield ""
    if found.remedy:
        yield _yellow(f"  Remedy: {plain(found.remedy)}")
    for each in found.tries:
        yield from _try(each)


def _check(check: Check) -> str:
    mark, colour = _MARKS[check.state]
    indent = "  " if check.inner else ""
    told = check.text or (check.actual if check.state == "passed" else None) or ""
    text = f"{plain(check.name):<{24 - len(indent)}} {plain(told)}".rstrip()
    if check.expected is not None and check.state == "failed":
        text += f"  wanted {plain(check.expected)}, got {plain(check.actual or 'nothing')}"
    place = f"  {_short(check.source)}" if check.source is not None else ""
    if check.state in ("unreached", "noted"):
        return _dim(f"  {indent}{mark} {text}{place}")
    return f"  {indent}{paint(mark, colour, sys.stdout)} {text}{_dim(place)}"


def _place(word: str, source: Source, text: str | None) -> str:
    shown = "" if text is None else f"  │ {plain(text.strip())}"
    return f"  {word:<15} {paint(plain(str(source)), CYAN, sys.stdout)}{_dim(shown)}"


def _try(each: Try) -> Iterator[str]:
    yield _yellow(f"  Try: {plain(each.text)}")
    if each.line is not None:
        yield f"       {plain(str(each.source))}  │ {plain(each.line.strip())}"
    if each.command is not None:
        yield f"       {plain(each.command)}"


def _note(text: str, source: Source | None, remedy: str | None) -> Iterator[str]:
    place = "" if source is None else f"  {_short(source)}"
    yield f"  {paint('Note:', YELLOW, sys.stdout)} {plain(text)}{_dim(place)}"
    if remedy:
        yield _yellow(f"        {plain(remedy)}")


def _short(source: Source) -> str:
    return plain(f"{source.file.rpartition('/')[2]}:{source.line}")


def _dim(text: str) -> str:
    return paint(text, DIM, sys.stdout)


def _yellow(text: str) -> str:
    return paint(text, YELLOW, sys.stdout)

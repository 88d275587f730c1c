"""The story of an exchange: every stage with its outcome, evidence, before and after, and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.text import Text

from inspector.gateway import narration
from inspector.gateway.effects import (
    BackendAnswer,
    BackendStream,
    CallBackend,
    CallService,
    InvokeFunction,
)
from inspector.gateway.stage_names import titles_of
from inspector.gateway.trace import Step
from inspector.message import Headers
from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.tui.present import changes, styles, units
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, from_wire, ink

#: Gives the text of the definition's line that a source points at, None where it is not kept.
LineOf = Callable[[Source], str | None]

_STAGE_WIDTH = 20
_EVIDENCE_WIDTH = 26
_INDENT = "    "


def steps(exchange: Exchange, line_of: LineOf) -> Document:
    """One block for each step, so that a step can be searched and reached."""
    if not exchange.trace:
        return Document([Lines([ink(_untold(exchange), styles.DIM)])])
    titles = titles_of(exchange.trace)
    blocks = [
        Lines([*_step(step, titles.get(step.stage, step.stage), exchange, line_of), Text(end="")])
        for step in exchange.trace
    ]
    reached = {step.stage for step in exchange.trace}
    if exchange.outcome in {"refused", "failed"}:
        never = [stage for stage in ("map-request", "integrate") if stage not in reached]
        if never:
            names = ", ".join(titles[stage] for stage in never)
            blocks.append(Lines([ink(f"· {names}: never reached", styles.DIM)]))
    return Document(blocks)


def _untold(exchange: Exchange) -> str:
    if exchange.outcome == "passed":
        return "Passed through untouched: no definition is loaded for this host."
    if exchange.origin == "replayed":
        return "Sent straight to the backend: no stage of the gateway took part."
    why = f": {clean(exchange.error)}" if exchange.error else ""
    if exchange.api_id is None and exchange.outcome == "broken":
        return f"Passed through, and broke off{why}."
    return f"No steps were recorded{why}."


def _step(step: Step, title: str, exchange: Exchange, line_of: LineOf) -> Iterator[Text]:
    mark, style = styles.MARKS[step.outcome]
    head = ink(f"{mark} ", style)
    head.append(f"{clean(title):<{_STAGE_WIDTH}} ", styles.STRONG)
    head.append(clean(from_wire(_sentence(step))), style if style == styles.BAD else "")
    took = _duration(step, exchange)
    if took:
        head.append(f"  {took}", styles.DIM)
    yield head
    advice = _advice(step)
    if advice:
        yield Text(_INDENT + "  ", end="").append(f"Remedy: {clean(advice)}", styles.NOTICE)
    for each in narration.evidence(step):
        yield _evidence(each)
    yield from _before_and_after(step, exchange)
    if step.source is not None:
        yield from _place(step.source, line_of)


def _sentence(step: Step) -> str:
    """What the stage decided; its bare code where another release recorded other facts."""
    try:
        return narration.describe(step)
    except (KeyError, TypeError, ValueError):
        return step.code


def _advice(step: Step) -> str:
    try:
        return narration.remedy(step) or ""
    except (KeyError, TypeError, ValueError):
        return ""


def _evidence(each: narration.Evidence) -> Text:
    mark, style = {True: ("✓", styles.OK), False: ("✗", styles.BAD), None: (" ", "")}[each.ok]
    line = Text(_INDENT, end="")
    line.append(f"{mark} ", style)
    line.append(f"{clean(str(each.label)):<{_EVIDENCE_WIDTH}}  ", styles.DIM)
    line.append(clean(from_wire(str(each.value))))
    if each.expected:
        line.append("  wanted ", styles.DIM).append(clean(str(each.expected)))
    return line


def _place(source: Source, line_of: LineOf) -> Iterator[Text]:
    text = line_of(source)
    line = Text(_INDENT + "  ", end="").append(clean(str(source)), styles.ACCENT)
    if text is not None:
        line.append("  │ ", styles.FAINT).append(clean(text.strip()), styles.STRING)
    yield line


def _duration(step: Step, exchange: Exchange) -> str:
    if step.stage == "integrate":
        for done in reversed(exchange.performed):  # what authorizers ask comes before
            if isinstance(done.effect, CallBackend | CallService | InvokeFunction):
                return units.duration(done.ended_us - done.started_us)
    return ""


def _before_and_after(step: Step, exchange: Exchange) -> Iterator[Text]:
    """What the two mapping stages made of a message, where both sides were recorded."""
    calls = CallBackend | CallService
    leg = next((done for done in exchange.performed if isinstance(done.effect, calls)), None)
    if leg is None or not isinstance(leg.effect, CallBackend | CallService):
        return
    sent, asked = exchange.request, leg.effect.request
    if step.stage == "map-request":
        yield _arrow(f"{sent.method} {sent.target}", f"{asked.method} {asked.url}")
        yield from _headers(sent.headers, asked.headers)
        yield from _body(sent.body, asked.body)
    elif step.stage == "map-response" and isinstance(leg.reply, BackendAnswer | BackendStream):
        answer = exchange.response
        if answer is None:
            return
        yield _arrow(str(leg.reply.status), str(answer.status))
        yield from _headers(leg.reply.headers, answer.headers)
        if isinstance(leg.reply, BackendAnswer):
            yield from _body(leg.reply.body, answer.body)


def _arrow(before: str, after: str) -> Text:
    line = Text(_INDENT + "  ", end="").append(clean(from_wire(before)))
    if before == after:
        return line.append("  unchanged", styles.DIM)
    return line.append("  →  ", styles.DIM).append(clean(from_wire(after)), styles.STRONG)


def _headers(before: Headers, after: Headers) -> Iterator[Text]:
    for change in changes.of_headers(before, after):
        if change.kind != "same":
            yield Text(_INDENT + "  ", end="").append_text(changes.draw(change))


def _body(before: bytes, after: bytes) -> Iterator[Text]:
    if before == after:
        if before:
            yield ink(f"{_INDENT}  body unchanged, {units.size(len(before))}", styles.DIM)
        return
    line = ink(f"{_INDENT}  ~ body ", styles.CHANGED)
    yield line.append(f"{units.size(len(before))} → {units.size(len(after))}", styles.DIM)

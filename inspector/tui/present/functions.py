"""The invocation of a function: its event, what it answered, what it printed."""

from __future__ import annotations

import json

from rich.text import Text

from inspector.gateway.effects import (
    BackendFailure,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
    StreamEnded,
)
from inspector.message import Headers
from inspector.recording.exchange import Exchange, Performed
from inspector.replay.invocations import end_of, log_of, output_of
from inspector.tui.present import styles, units
from inspector.tui.present.bodies import Body, blocks
from inspector.tui.present.document import Block, Form, Lines
from inspector.tui.present.safe import clean, ink

_JSON = Headers((("Content-Type", "application/json"),))
#: Lines of a function's output that are drawn; below an explanation the last ones.
_PRINTED, _LAST = 2_000, 200


def leg(done: Performed, exchange: Exchange, form: Form) -> list[Block]:
    """One invocation, from its event to what it printed."""
    effect, took = done.effect, units.duration(done.ended_us - done.started_us)
    assert isinstance(effect, InvokeFunction)
    title = ink("λ ", styles.DIM).append(clean(effect.name), styles.STRONG)
    title.append(f"  {clean(effect.function)}", styles.FAINT)
    if effect.asynchronous:
        title.append("  asynchronously", styles.DIM)
    ended = end_of(done, exchange)
    return [
        Lines([title, Text(end=""), ink("Event", styles.HEADER)]),
        *_json(effect.payload, form),
        Lines([Text(end="")]),
        *_answer(done.reply, ended, took, exchange, form),
        *_printed(log_of(done, exchange)),
    ]


def printed(exchange: Exchange) -> list[Block]:
    """What functions printed meanwhile, below the name of each."""
    found: list[Block] = []
    for name, log in output_of(exchange):
        lines = log.splitlines()
        head = ink(" λ ", styles.DIM).append(clean(name), styles.STRONG).append(" printed")
        left = len(lines) - _LAST
        before = [ink(f"   … {left:,} lines before", styles.DIM)] if left > 0 else []
        drawn = [ink("   ").append(_spaced(line)) for line in lines[-_LAST:]]
        found.append(Lines([head, *before, *drawn, Text(end="")]))
    return found


def _spaced(line: str) -> str:
    """Lambda's clients put tabs between the time, the request's id, the level and the text."""
    return clean(line.replace("\t", "  "))


def _answer(
    reply: Reply, ended: StreamEnded | None, took: str, exchange: Exchange, form: Form
) -> list[Block]:
    head = ink("← ", styles.DIM)
    if isinstance(reply, BackendFailure):
        head = ink("✗ No answer", styles.BAD).append(f"  after {took}", styles.DIM)
        return [Lines([head, ink(f"  {clean(reply.detail)}", styles.DIM)])]
    if isinstance(reply, FunctionStream):
        head.append(f"streams  {took} to its head", styles.DIM)
        broke = ended.error if ended is not None else None
        wrong = [ink(f"The stream broke off: {clean(broke)}", styles.BAD)] if broke else []
        return [Lines([head, *wrong, *_malformed(exchange)]), *_json(reply.prelude, form)]
    if not isinstance(reply, FunctionAnswer):
        return []
    if reply.error is not None:
        head.append("failed", styles.BAD).append(f"  {took}", styles.DIM)
        head.append(f"  {clean(_error(reply.payload))}", styles.BAD)
    else:
        head.append(f"{units.size(len(reply.payload))}  {took}", styles.DIM)
    if reply.init_ms:
        head.append(f", a cold start of {reply.init_ms} ms", styles.DIM)
    if reply.request_id:
        head.append(f"  request id {clean(reply.request_id)}", styles.FAINT)
    shown = _json(reply.payload, form) if reply.payload else []
    return [Lines([head, *_malformed(exchange), Text(end="")]), *shown]


def _malformed(exchange: Exchange) -> list[Text]:
    """What makes it no proxy answer, as the trace says."""
    for step in exchange.trace:
        if step.code == "map-response.malformed":
            key = clean(str(step.facts.get("key") or "the answer"))
            line = ink("✗ ", styles.BAD).append(key, styles.BAD)
            return [line.append(f"  {clean(str(step.facts.get('reason', '')))}")]
    return []


def _error(payload: bytes) -> str:
    """`ValueError: no such pet`."""
    try:
        document = json.loads(payload)
    except ValueError:
        return ""
    if not isinstance(document, dict):
        return ""
    parts = (document.get("errorType"), document.get("errorMessage"))
    return ": ".join(str(part) for part in parts if part)


def _printed(log: str) -> list[Block]:
    if not log:
        return []
    lines = log.splitlines()
    drawn = [ink(_spaced(line)) for line in lines[:_PRINTED]]
    if len(lines) > _PRINTED:
        drawn.append(ink(f"… {len(lines) - _PRINTED:,} lines more", styles.DIM))
    return [Lines([Text(end=""), ink("Printed", styles.HEADER), *drawn])]


def _json(payload: bytes, form: Form) -> list[Block]:
    return blocks(Body(_JSON, payload, len(payload)), form)

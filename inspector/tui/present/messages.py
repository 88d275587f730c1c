"""A request, an answer and a backend's leg as documents."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote_plus

from rich.text import Text

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    CallService,
    InvokeFunction,
    StreamEnded,
)
from inspector.gateway.stage_names import titles_of
from inspector.message import Headers
from inspector.recording.exchange import Exchange, Performed
from inspector.replay.sockets import head
from inspector.tui.present import functions, sockets, styles, units
from inspector.tui.present.bodies import Body, blocks
from inspector.tui.present.document import Block, Document, Form, Lines
from inspector.tui.present.safe import clean, from_wire, ink

_FAILURES = {
    "timeout": "did not answer in time",
    "dns": "has a name that does not resolve",
    "refused": "refused the connection: is it running?",
    "reset": "closed the connection before its answer was whole",
    "tls": "failed the TLS handshake",
    "protocol": "answered something that is not HTTP",
    "too-large": "answered more than the gateway takes",
    "other": "could not be called",
    "no-endpoint": "was not called: give its address with --endpoint SERVICE=URL",
    "no-credentials": "was not called: there are no credentials to sign with",
    "throttled": "was not invoked: Lambda runs no more of it at a time",
}


def request(exchange: Exchange, form: Form = "auto") -> Document:
    """The request as the client sent it."""
    sent, socket = exchange.request, exchange.environment.socket
    parts: list[Block] = [
        Lines([_request_line(*head(exchange)), Text(end="")]),
        *([Lines(sockets.connection(exchange))] if socket is not None else ()),
        *([_fields(sent.headers)] if socket is None or socket.event == "CONNECT" else ()),
        *_query(sent.target, sent.body),
        *blocks(Body(sent.headers, sent.body, max(exchange.request_size, len(sent.body))), form),
    ]
    return Document(parts)


def response(exchange: Exchange, form: Form = "auto") -> Document:
    """What the client was answered."""
    answer, socket = exchange.response, exchange.environment.socket
    if socket is not None and socket.event != "CONNECT" and exchange.error is None:
        return Document(list(sockets.answer(exchange, form)))
    if answer is None:
        why = exchange.error or "The connection ended before there was an answer."
        return Document([Lines([ink(clean(why), styles.BAD)])])
    first = ink(str(answer.status), styles.of_status(answer.status))
    first.append(f"  {units.duration(exchange.duration_us)}", styles.DIM)
    if exchange.response_type:
        first.append(f"  made by the gateway: {clean(exchange.response_type)}", styles.WARN)
    lines = [first, Text(end="")]
    if exchange.error:
        lines.insert(1, ink(clean(exchange.error), styles.BAD))
    size = max(exchange.response_size, len(answer.body))
    body = Body(answer.headers, answer.body, size, streamed=streamed(exchange))
    return Document([Lines(lines), _fields(answer.headers), *blocks(body, form)])


def streamed(exchange: Exchange) -> bool:
    """Whether the answer's body went by as a stream."""
    return any(isinstance(done.reply, BackendStream | StreamEnded) for done in exchange.performed)


def backend(exchange: Exchange, form: Form = "auto") -> Document:
    """What was asked of backends and functions and what they answered, one leg below the other."""
    parts: list[Block] = []
    for done in exchange.performed:
        if not isinstance(done.effect, CallBackend | CallService | InvokeFunction):
            continue
        if parts:
            parts.append(Lines([Text(end=""), Text("─" * 40, styles.FAINT, end="")]))
        if isinstance(done.effect, InvokeFunction):
            parts += functions.leg(done, exchange, form)
        else:
            parts += _leg(done, exchange.performed, form)
    if not parts:
        parts = [Lines([ink(_no_backend(exchange), styles.DIM)])]
    return Document(parts)


def _no_backend(exchange: Exchange) -> str:
    stopped_at = exchange.stopped_at or ""
    stage = clean(titles_of(exchange.trace).get(stopped_at, stopped_at))
    if exchange.outcome == "refused":
        where = f" at “{stage}”" if stage else ""
        return f"No backend was called: the gateway refused the request{where}."
    if exchange.outcome == "passed":
        return "Passed through untouched: request and response are the backend's own."
    if exchange.error and not exchange.trace:
        return f"No backend's answer was recorded: {clean(exchange.error)}."
    if stage:
        return f"No backend was called: it ended at “{stage}”."
    return "No backend was called: the integration answers by itself."


def _leg(done: Performed, performed: Iterable[Performed], form: Form) -> list[Block]:
    assert isinstance(done.effect, CallBackend | CallService)
    sent = done.effect.request
    took = units.duration(done.ended_us - done.started_us)
    parts: list[Block] = [
        Lines([_request_line(sent.method, sent.url), Text(end="")]),
        _fields(sent.headers),
        *(blocks(Body(sent.headers, sent.body, len(sent.body)), form) if sent.body else ()),
        Lines([Text(end="")]),
    ]
    reply = done.reply
    if isinstance(reply, BackendFailure):
        line = ink(f"✗ The backend {_FAILURES[reply.kind]}", styles.BAD)
        line.append(f"  after {took}", styles.DIM)
        return [*parts, Lines([line, ink(f"  {clean(reply.detail)}", styles.DIM)])]
    if isinstance(reply, BackendAnswer):
        body = Body(reply.headers, reply.body, len(reply.body))
        return [*parts, _answer_head(reply, took), _fields(reply.headers), *blocks(body, form)]
    if isinstance(reply, BackendStream):
        ended = [each.reply for each in performed if isinstance(each.reply, StreamEnded)]
        end = ended[-1] if ended else StreamEnded(0, b"")
        body = Body(reply.headers, end.kept, end.size, streamed=True)
        broke = [ink(f"The stream broke off: {clean(end.error or '')}", styles.BAD)]
        return [
            *parts,
            _answer_head(reply, took),
            _fields(reply.headers),
            *([Lines(broke)] if end.error else []),
            *blocks(body, form),
        ]
    return parts


def _answer_head(reply: BackendAnswer | BackendStream, took: str) -> Lines:
    head = ink("← ", styles.DIM)
    head.append(str(reply.status), styles.of_status(reply.status))
    head.append(f"  {took}", styles.DIM)
    return Lines([head, Text(end="")])


def _request_line(method: str, url: str) -> Text:
    line = ink(f"{clean(method)} ", styles.of_method(method))
    return line.append(clean(from_wire(url)), styles.STRONG)


def _fields(headers: Headers) -> Lines:
    """Header fields, names in one column; each can be copied."""
    if not len(headers):
        return Lines([ink("no headers", styles.DIM), Text(end="")])
    lines = pairs(headers)
    sources = {
        index: value.encode("latin-1", "replace") for index, (_, value) in enumerate(headers)
    }
    return Lines([*lines, Text(end="")], sources)


def pairs(fields: Iterable[tuple[str, str]]) -> list[Text]:
    """Names and values, one a line, the values in one column unless a name is very long."""
    fields = list(fields)
    width = min(max((len(name) for name, _ in fields), default=0), 28)
    lines = []
    for name, value in fields:
        line = ink(clean(name), styles.HEADER)
        line.append(" " * max(width - len(name), 0) + "  ")
        lines.append(line.append(clean(from_wire(value))))
    return lines


def _query(target: str, body: bytes) -> list[Block]:
    """The query's parameters, decoded, where there is no body to look at."""
    query = target.partition("?")[2]
    if body or not query:
        return []
    found = [part.partition("=") for part in query.split("&") if part]
    named = [(unquote_plus(name), unquote_plus(value)) for name, _, value in found]
    title = ink("Query parameters", styles.DIM)
    sources = {
        index + 1: value.encode("utf-8", "replace") for index, (_, value) in enumerate(named)
    }
    return [Lines([title, *pairs(named), Text(end="")], sources)]

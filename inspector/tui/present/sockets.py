"""How the events of a WebSocket look: in the list, above an exchange, as messages."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from inspector.gateway.websocket import close_words
from inspector.recording.exchange import Exchange
from inspector.recording.rows import Row
from inspector.replay.sockets import SHORT, event_of
from inspector.tui.present import styles, units
from inspector.tui.present.bodies import Body, blocks
from inspector.tui.present.document import Block, Form, Lines
from inspector.tui.present.safe import clean, from_wire, ink

_LABEL = 16
#: Characters of a connection's id that tell it from others in a list.
_ID = 9


def method(row: Row) -> str:
    """What stands in the column of methods."""
    event = event_of(row)
    return row.method if event is None else SHORT[event]


def path(row: Row) -> Text | None:
    """What stands in the column of paths: `⇄ join`, `→ join`, `✕ 1009`; None for a request's."""
    event = event_of(row)
    if event in (None, "CONNECT") or row.connection is None:
        return None
    text = Text(end="")
    if row.api_id is None:
        # Another host's: what its client said, or (under the handshake's 101) its server.
        arrow = "✕ " if event == "DISCONNECT" else "→ " if row.status is None else "← "
        text.append(arrow, styles.ACCENT).append(clean(row.host), styles.DIM)
        return text.append(clean(from_wire(row.path)))
    if event == "MESSAGE":
        text.append("⇄ " if row.response_size else "→ ", styles.ACCENT)
        if row.resource is None:
            text.append("no route", styles.WARN)
        else:
            text.append(clean(from_wire(row.resource)), styles.STRONG)
    else:
        good = row.close_code in (None, 1000, 1001)
        text.append("✕ ", styles.DIM if good else styles.WARN)
        text.append("no code" if row.close_code is None else str(row.close_code),
                    "" if good else styles.WARN)  # fmt: skip
    text.append(f"  {clean(from_wire(row.path))} ", styles.DIM)
    return text.append(clean(row.connection[:_ID]), styles.FAINT)


def opened(row: Row) -> Text:
    """What stands behind the path of a handshake: the connection that it opened, or was to."""
    text = Text(end="")
    if event_of(row) != "CONNECT" or row.connection is None or row.api_id is None:
        return text
    return text.append(f"  {clean(row.connection[:_ID])}", styles.FAINT)


def connection(exchange: Exchange) -> list[Text]:
    """The lines of the connection: its id, age, stage, and what its authorizer said of it."""
    socket = exchange.environment.socket
    if socket is None:
        return []
    age = max(exchange.environment.time_ms - socket.connected_ms, 0)
    rows = [
        ("connection", socket.id),
        ("open since", f"{units.clock(socket.connected_ms * 1000)}, {_spent(age)}"),
    ]
    stage = socket.stage or exchange.stage
    if stage:
        rows.append(("stage", stage))
    if socket.message_id is not None:
        rows.append(("message", socket.message_id))
    if socket.event == "DISCONNECT":
        rows.append(("closed with", close_words.meaning(socket, exchange.environment.time_ms)))
    rows += [(f"authorizer {name}", str(value)) for name, value in socket.authorizer.items()]
    rows.append(("its events", f"W, or the filter connection:{socket.id}"))
    width = min(max(len(label) for label, _ in rows), 28)
    lines = [ink("Connection", styles.DIM)]
    for label, value in rows:
        line = ink(f"{clean(label):<{max(width, _LABEL)}}  ", styles.HEADER)
        lines.append(line.append(clean(from_wire(value))))
    return [*lines, Text(end="")]


def _spent(milliseconds: int) -> str:
    """`3.5 s`, `12 min`."""
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def answer(exchange: Exchange, form: Form) -> Iterator[Block]:
    """What became of a message, or of the end of a connection: a frame, or nothing at all."""
    socket, response = exchange.environment.socket, exchange.response
    assert socket is not None
    if exchange.api_id is None or response is None:
        yield from _passed(exchange, form)
        return
    head = ink()
    if socket.event == "DISCONNECT":
        head.append("Nothing is sent: the connection is closed.", styles.DIM)
    elif not response.body:
        head.append("Nothing is sent: ", styles.DIM)
        head.append(_why_nothing(exchange), styles.DIM)
    elif exchange.response_type is not None:
        head.append("← a frame of the gateway's own", styles.WARN)
        head.append(f"  {clean(exchange.response_type)}", styles.WARN)
    else:
        head.append("← a frame", styles.OK)
        head.append(f"  {units.size(len(response.body))}", styles.DIM)
    told = ink("for the logs alone: ", styles.DIM)
    told.append(str(response.status), styles.of_status(response.status))
    told.append(f"  {units.duration(exchange.duration_us)}", styles.DIM)
    lines = [head, told, Text(end="")]
    if exchange.error:
        lines.insert(1, ink(clean(exchange.error), styles.BAD))
    yield Lines(lines)
    if response.body:
        size = max(exchange.response_size, len(response.body))
        yield from blocks(Body(response.headers, response.body, size), form)


def _passed(exchange: Exchange, form: Form) -> Iterator[Block]:
    """A frame of another host's WebSocket, as it went by."""
    response = exchange.response
    if response is None:
        end = exchange.environment.socket is not None and (
            exchange.environment.socket.event == "DISCONNECT"
        )
        text = "The connection is closed." if end else "It went from the client to the server."
        yield Lines([ink(text, styles.DIM)])
        return
    yield Lines([ink("← a frame of the server's", styles.OK), Text(end="")])
    size = max(exchange.response_size, len(response.body))
    yield from blocks(Body(response.headers, response.body, size), form)


def _why_nothing(exchange: Exchange) -> str:
    codes = {step.code for step in exchange.trace}
    if "send.socket-dropped" in codes:
        return "the route has no route response, so that the answer is dropped."
    if "send.frame" in codes:
        return "the integration's answer is empty."
    return "the route is one-way, it has no route response."

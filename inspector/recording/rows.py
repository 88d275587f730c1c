"""Exchange ↔ rows: pure functions, the same bytes out as went in.

What an exchange shares with others (`kind_of`), its target, its bodies and its story go to tables
of their own; what is left is a row of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from inspector.gateway.connection_effects import (
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.message import Request, Response
from inspector.recording import story as stories
from inspector.recording.exchange import Exchange, ExchangeOutcome, Origin

#: Columns of `kinds` after `id` and `digest`, in the order of `kind_of`.
KIND_COLUMNS: Final = (
    "session_id", "method", "host", "api_id", "stage", "resource", "status", "outcome",
    "stopped_at", "response_type", "origin", "stages", "definition", "engine", "duration_class",
    "size_class",
)  # fmt: skip
EXCHANGE_COLUMNS: Final = (
    "id", "started_us", "duration_us", "kind_id", "target_id", "request_size", "response_size",
    "request_body", "response_body", "replay_of", "error", "connection", "close_code",
)  # fmt: skip

Kind = tuple[str | int | None, ...]
Stages = tuple[tuple[str, str], ...]

#: Worse outcomes hide better ones where a stage left several steps.
_WORSE: Final = {"passed": 0, "ok": 1, "refused": 2, "failed": 3}


@dataclass(frozen=True, slots=True)
class Row:
    """An exchange in a list. Sizes are those of the bodies as they went by; times in µs."""

    id: int
    started_us: int
    duration_us: int
    method: str
    host: str
    path: str
    query: str | None
    status: int | None
    outcome: ExchangeOutcome
    stopped_at: str | None
    response_type: str | None
    stages: Stages
    request_size: int
    response_size: int
    origin: Origin
    replay_of: int | None
    marked: bool
    comment: str | None
    api_id: str | None
    stage: str | None
    resource: str | None
    definition: str | None
    error: str | None
    connection: str | None = None
    close_code: int | None = None


#: Selects the columns of `row_from`, in its order; `e` is what is narrowed and ordered.
ROW_SELECT: Final = (
    "SELECT e.id, e.started_us, e.duration_us, k.method, k.host, t.path, t.query, k.status,"
    " k.outcome, k.stopped_at, k.response_type, k.stages, e.request_size, e.response_size,"
    " k.origin, e.replay_of, coalesce(n.marked, 0), n.comment, k.api_id, k.stage, k.resource,"
    " k.definition, e.error, e.connection, e.close_code"
    " FROM exchanges e CROSS JOIN kinds k ON k.id = e.kind_id"
    " CROSS JOIN targets t ON t.id = e.target_id LEFT JOIN notes n ON n.exchange_id = e.id"
)


def row_from(columns: Sequence[Any]) -> Row:
    """A row of the list out of the columns of `ROW_SELECT`."""
    values = list(columns)
    values[11] = stages_from(values[11])
    values[16] = bool(values[16])
    return Row(*values)


def kind_of(exchange: Exchange, session_id: int) -> Kind:
    """What the exchange shares with others of its kind: the columns `KIND_COLUMNS`."""
    return (
        session_id,
        exchange.request.method,
        exchange.host,
        exchange.api_id,
        exchange.stage,
        exchange.resource,
        exchange.response.status if exchange.response else None,
        exchange.outcome,
        exchange.stopped_at,
        exchange.response_type,
        exchange.origin,
        stages_text(exchange),
        exchange.definition,
        exchange.engine,
        duration_class(exchange.duration_us),
        size_class(exchange.response_size),
    )


def connection_of(exchange: Exchange) -> str | None:
    """The WebSocket that an exchange is an event of, or that it posted to; None for neither."""
    socket = exchange.environment.socket
    if socket is not None:
        return socket.id
    for each in exchange.performed:
        if isinstance(each.effect, GetConnection | PostToConnection | DeleteConnection):
            return each.effect.connection_id
    return None


def stages_text(exchange: Exchange) -> str:
    """The phases of the trace, each once with its worst outcome: `route:ok,authorize:refused`."""
    found: dict[str, str] = {}
    for step in exchange.trace:
        before = found.get(step.stage)
        if before is None or _WORSE[step.outcome] > _WORSE[before]:
            found[step.stage] = step.outcome
    return ",".join(map(":".join, found.items()))


def stages_from(text: str) -> Stages:
    """What `stages_text` wrote."""
    if not text:
        return ()
    pairs = (part.rpartition(":") for part in text.split(","))
    return tuple((stage, outcome) for stage, _, outcome in pairs)


def duration_class(duration_us: int) -> int:
    """Decimal digits of whole milliseconds: 0 under 1 ms, 3 from 100 ms, 4 from 1 s."""
    milliseconds = duration_us // 1000
    return len(str(milliseconds)) if milliseconds > 0 else 0


def size_class(size: int) -> int:
    """Decimal digits of a size in bytes: 0 for none, 4 from 1000 bytes."""
    return len(str(size)) if size > 0 else 0


def split_target(target: str) -> tuple[str, str | None]:
    """Path and query of a target, the query None where there is no question mark."""
    path, mark, query = target.partition("?")
    return path, query if mark else None


def join_target(path: str, query: str | None) -> str:
    """What `split_target` was given."""
    return path if query is None else f"{path}?{query}"


def exchange_from(
    row: Row, engine: str, heads: Sequence[Any], story: dict[str, Any], bodies: Sequence[bytes]
) -> Exchange:
    """The exchange again. `bodies` in the order of the story's list."""
    sets = [stories.headers(pairs) for pairs in heads]
    return Exchange(
        started_us=row.started_us,
        duration_us=row.duration_us,
        request=Request(row.method, join_target(row.path, row.query), sets[0], bodies[0]),
        response=None if row.status is None else Response(row.status, sets[1], bodies[1]),
        environment=stories.environment(story["env"]),
        host=row.host,
        outcome=row.outcome,
        trace=stories.trace(story),
        performed=stories.performed(story, sets, bodies),
        api_id=row.api_id,
        stage=row.stage,
        resource=row.resource,
        definition=row.definition,
        engine=engine,
        stopped_at=row.stopped_at,
        response_type=row.response_type,
        origin=row.origin,
        replay_of=row.replay_of,
        request_size=row.request_size,
        response_size=row.response_size,
        error=row.error,
        timings=story.get("timings", {}),
        body_cap=story.get("cap"),
    )

"""A batch of exchanges written in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from inspector.message import Headers
from inspector.recording import blobs, story
from inspector.recording.exchange import Exchange
from inspector.recording.interning import Interned, insert_rows
from inspector.recording.rows import (
    EXCHANGE_COLUMNS,
    KIND_COLUMNS,
    Kind,
    connection_of,
    kind_of,
    split_target,
)

#: A row of `stories` holds at most so many exchanges, or so many bytes before compression.
RUN_LENGTH: Final = 64
RUN_BYTES: Final = 256 << 10


@dataclass(slots=True)
class Prepared:
    """An exchange on its way to its rows: everything but the ids."""

    exchange: Exchange
    kind: Kind
    parts: story.Parts
    keys: list[bytes | None]
    line: bytes = b""


class Tables:
    """What a writer knows of the tables that others refer to."""

    def __init__(self, session_id: int, body_cap: int) -> None:
        self._session_id = session_id
        self._body_cap = body_cap
        self._kinds = Interned("kinds", KIND_COLUMNS, 8192)
        self._targets = Interned("targets", ("path", "query"), 32768)
        self._blobs = Interned("blobs", ("size", "form", "coding", "data"), 32768)
        self._generation = -1

    def prepare(self, exchange: Exchange) -> Prepared:
        """Takes the exchange apart. Raises ValueError or TypeError for what cannot be stored."""
        parts = story.take_apart(exchange)
        capped = False
        kind = kind_of(exchange, self._session_id)
        if kind not in self._kinds.known:
            "".join([part for part in kind if isinstance(part, str)]).encode()
        f"{exchange.request.target}{exchange.error}".encode()
        keys: list[bytes | None] = []
        for at, body in enumerate(parts.bodies):
            if len(body) > self._body_cap:
                parts.bodies[at] = body[: self._body_cap]
                capped = True
            keys.append(blobs.digest(parts.bodies[at]) if body else None)
        if capped:
            parts.story = story.take_apart(replace(exchange, body_cap=self._body_cap)).story
        return Prepared(exchange, kind, parts, keys)

    def write(self, connection: sqlite3.Connection, batch: Sequence[Prepared]) -> list[int]:
        """Writes the batch inside the caller's transaction and gives the ids, in order."""
        self._check_generation(connection)
        self._add_kinds(connection, batch)
        self._add_targets(connection, batch)
        self._add_blobs(connection, batch)
        first_id = _last_id(connection) + 1
        rows, others = [], []
        for exchange_id, prepared in enumerate(batch, first_id):
            ids = [None if key is None else self._blobs.known[key] for key in prepared.keys]
            prepared.line = story.line(prepared.parts, ids)
            rows.append(self._row(exchange_id, prepared, ids))
            if len(ids) > 2:
                others += [(other, exchange_id) for other in {*ids[2:]} - {None, *ids[:2]}]
        insert_rows(connection, "exchanges", EXCHANGE_COLUMNS, rows)
        insert_rows(connection, "other_bodies", ("blob_id", "exchange_id"), others)
        insert_rows(
            connection, "stories", ("first_id", "last_id", "heads", "story"), _runs(first_id, batch)
        )
        for interned in (self._kinds, self._targets, self._blobs):
            interned.trim()
        return list(range(first_id, first_id + len(batch)))

    def forget(self) -> None:
        """Forgets all ids, after a transaction that did not happen."""
        for interned in (self._kinds, self._targets, self._blobs):
            interned.forget()

    def _check_generation(self, connection: sqlite3.Connection) -> None:
        """Pruning deletes targets and bodies and counts the generation up when it did."""
        query = "SELECT value FROM meta WHERE key = 'generation'"
        generation = connection.execute(query).fetchone()[0]
        if generation != self._generation:
            self.forget()
            self._generation = generation

    def _add_kinds(self, connection: sqlite3.Connection, batch: Sequence[Prepared]) -> None:
        known = self._kinds.known
        new: dict[Hashable, tuple[bytes, Sequence[Any]]] = {}
        for prepared in batch:
            if prepared.kind not in known and prepared.kind not in new:
                new[prepared.kind] = blobs.digest(story.dumps(prepared.kind)), prepared.kind
        self._kinds.add(connection, new)

    def _add_targets(self, connection: sqlite3.Connection, batch: Sequence[Prepared]) -> None:
        known = self._targets.known
        new: dict[Hashable, tuple[bytes, Sequence[Any]]] = {}
        for prepared in batch:
            target = prepared.exchange.request.target
            if target not in known and target not in new:
                new[target] = blobs.digest(target.encode()), split_target(target)
        self._targets.add(connection, new)

    def _add_blobs(self, connection: sqlite3.Connection, batch: Sequence[Prepared]) -> None:
        known = self._blobs.known
        new: dict[Hashable, tuple[bytes, Sequence[Any]]] = {}
        for prepared in batch:
            for at, key in enumerate(prepared.keys):
                if key is None or key in known or key in new:
                    continue
                coding = _coding(prepared.parts, at)
                blob = blobs.pack(prepared.parts.bodies[at], key, coding)
                new[key] = key, (blob.size, blob.form, blob.coding, blob.data)
        self._blobs.add(connection, new)

    def _row(
        self, exchange_id: int, prepared: Prepared, bodies: Sequence[int | None]
    ) -> tuple[Any, ...]:
        exchange = prepared.exchange
        socket = exchange.environment.socket
        return (
            exchange_id,
            exchange.started_us,
            exchange.duration_us,
            self._kinds.known[prepared.kind],
            self._targets.known[exchange.request.target],
            exchange.request_size,
            exchange.response_size,
            bodies[0],
            bodies[1],
            exchange.replay_of,
            exchange.error,
            connection_of(exchange),
            None if socket is None else socket.close_code,
        )


def _last_id(connection: sqlite3.Connection) -> int:
    query = "SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'"
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _coding(parts: story.Parts, body: int) -> str | None:
    """The Content-Encoding that the body came with."""
    value = Headers(parts.heads[parts.head_of[body]]).get("content-encoding")
    return None if value is None or value.lower() == "identity" else value


def _runs(first_id: int, batch: Sequence[Prepared]) -> list[tuple[int, int, bytes, bytes]]:
    """The rows of `stories`: neighbours compress well together."""
    runs: list[tuple[int, int, bytes, bytes]] = []
    heads: list[bytes] = []
    tales: list[bytes] = []
    size = 0
    for exchange_id, prepared in enumerate(batch, first_id):
        heads.append(story.dumps(prepared.parts.heads))
        tales.append(prepared.line)
        size += len(heads[-1]) + len(tales[-1])
        last = exchange_id == first_id + len(batch) - 1
        if last or len(heads) == RUN_LENGTH or size >= RUN_BYTES:
            packed = blobs.compress(b"\n".join(heads)), blobs.compress(b"\n".join(tales))
            runs.append((exchange_id - len(heads) + 1, exchange_id, *packed))
            heads, tales, size = [], [], 0
    return runs

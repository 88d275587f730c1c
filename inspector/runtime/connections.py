"""The WebSockets of this gateway by their ids: what `@connections` asks for, sends to and closes.

Sources: captures-2026.md, section 3, and websocket.md, section 6 (recorded: a closed connection is
gone, an id that never was is invalid; a post arrives as one frame of text).
Not recorded: how another API's or stage's connection looks (here: gone), and whether a post counts
as activity (here: it does, as a message does).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.websocket.closing import DELETED, Closing

#: Closed connections that are still known to have been.
REMEMBERED = 10_000


class Link(Protocol):
    """The way to a client, and what comes from him."""

    def send(self, data: bytes) -> None: ...

    def message(self, data: bytes, replay_of: int | None = None) -> None: ...

    def close(self, closing: Closing) -> None: ...


@dataclass(slots=True, kw_only=True)
class Connection:
    """A WebSocket from its handshake on. Times in ms since the epoch.

    `link` and `stage` are there once it is open.
    """

    id: str
    api_id: str
    connected_ms: int
    last_active_ms: int
    source_ip: str
    user_agent: str | None = None
    stage: str = ""
    link: Link | None = None


Asked = GetConnection | PostToConnection | DeleteConnection


class Connections:
    """Belongs to one event loop. Empty where no gateway is running."""

    def __init__(
        self, now_ms: Callable[[], int] | None = None, remembered: int = REMEMBERED
    ) -> None:
        self._now_ms = now_ms or _now_ms
        self._most = remembered
        self._known: dict[str, Connection] = {}
        self._closed: OrderedDict[str, Connection] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, connection_id: str) -> bool:
        return connection_id in self._known or connection_id in self._closed

    def all(self) -> list[Connection]:
        """Those that are open or about to be, the oldest first."""
        return sorted(self._known.values(), key=lambda each: (each.connected_ms, each.id))

    def find(self, connection_id: str) -> Connection | None:
        """One of them."""
        return self._known.get(connection_id)

    def add(self, connection: Connection) -> None:
        """Its handshake has begun."""
        self._known[connection.id] = connection

    def close(self, connection_id: str) -> None:
        """It is over; remembered for a while, without its link."""
        connection = self._known.pop(connection_id, None)
        if connection is None:
            return
        connection.link = None
        self._closed[connection_id] = connection
        if len(self._closed) > self._most:
            self._closed.popitem(last=False)

    def perform(self, effect: Asked) -> ConnectionState:
        """How it stands, and what is asked done where it is open."""
        connection = self._known.get(effect.connection_id)
        if connection is None:
            closed = self._closed.get(effect.connection_id)
            return ConnectionState("unknown") if closed is None else _state(closed, "gone")
        if connection.api_id != effect.api_id:
            return _state(connection, "gone")
        link = connection.link
        if link is None:
            return _state(connection, "connecting")
        if connection.stage != effect.stage:
            return _state(connection, "gone")
        state = _state(connection, "open")
        if isinstance(effect, PostToConnection):
            connection.last_active_ms = self._now_ms()
            link.send(effect.data)
        elif isinstance(effect, DeleteConnection):
            self.close(connection.id)
            link.close(DELETED)
        return state


def _state(connection: Connection, state: Literal["open", "connecting", "gone"]) -> ConnectionState:
    return ConnectionState(
        state,
        connection.connected_ms,
        connection.last_active_ms,
        connection.source_ip,
        connection.user_agent,
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

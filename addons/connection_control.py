"""Topic `connections` of the `control` table: which WebSockets are open, and taking part in one."""

from __future__ import annotations

import asyncio
from typing import Any

from addons.controlled import LOOP_PATIENCE, Handler
from inspector.gateway.websocket.closing import DELETED
from inspector.runtime.connections import Connection, Connections


def connections_handler(connections: Connections, loop: asyncio.AbstractEventLoop) -> Handler:
    """`{"do": "list"}` answers `{"connections": […]}`, the oldest first.

    `{"do": "say", "id": …, "text": …}` is a message as if its client had sent it, with `replay_of`
    that of an exchange once more, and `{"do": "close", "id": …}` ends it; both answer with the
    connection alone.
    """

    def handle(payload: Any) -> dict[str, Any]:
        asked = payload if isinstance(payload, dict) else {}

        async def work() -> list[Connection]:
            return _done(connections, asked)

        # The connections belong to the event loop, which this thread is not.
        found = asyncio.run_coroutine_threadsafe(work(), loop).result(LOOP_PATIENCE)
        return {"connections": [_as_data(each) for each in found]}

    return handle


def _done(connections: Connections, asked: dict[str, Any]) -> list[Connection]:
    what = asked.get("do", "list")
    if what == "list":
        return connections.all()
    named = str(asked.get("id"))
    connection = connections.find(named)
    if connection is None or connection.link is None:
        raise ValueError(f"The connection {named} is not open.")
    if what == "say" and isinstance(asked.get("text"), str):
        original = asked.get("replay_of")
        connection.link.message(
            asked["text"].encode("utf-8", "surrogatepass"),
            original if isinstance(original, int) else None,
        )
    elif what == "close":
        connection.link.close(DELETED)
    else:
        raise ValueError("Ask to list, to say a text, or to close.")
    return [connection]


def _as_data(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.id,
        "api": connection.api_id,
        "stage": connection.stage,
        "state": "connecting" if connection.link is None else "open",
        "connected_ms": connection.connected_ms,
        "last_active_ms": connection.last_active_ms,
        "source_ip": connection.source_ip,
        "user_agent": connection.user_agent,
    }

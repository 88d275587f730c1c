"""Messages that are too large end their WebSocket while they come.

mitmproxy passes a message on once it is whole, and puts it together by copying: a client that sends
a hundred megabytes would hold up all others, and the broker would not see a byte of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mitmproxy.proxy.layers.websocket import WebsocketConnection
from wsproto.events import CloseConnection, Event, Message

from inspector.gateway.websocket.closing import TOO_LARGE

#: Bytes of a message, by the id of the client's connection.
_bounds: dict[str, int] = {}
_events = WebsocketConnection.events


def bound(client_id: str, size: int) -> None:
    """From here on this client's messages have at most so many bytes."""
    known: Any = WebsocketConnection
    known.events = events
    _bounds[client_id] = size


def release(client_id: str) -> None:
    """The connection is over."""
    _bounds.pop(client_id, None)


def events(self: WebsocketConnection) -> Iterator[Event]:
    """`WebsocketConnection.events`, with a close frame where a message grows too large.

    It comes as from the client: mitmproxy then tells both sides, and hangs up.
    """
    most = _bounds.get(self.conn.id)
    if most is None:
        yield from _events(self)
        return
    for event in _events(self):
        yield event
        # The layer has taken the event up by now.
        if isinstance(event, Message) and sum(map(len, self.frame_buf)) > most:
            yield CloseConnection(TOO_LARGE.code, TOO_LARGE.reason)
            return

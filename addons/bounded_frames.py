"""Messages that are too large end their WebSocket while they come.

mitmproxy passes a message on once it is whole, and puts it together by copying: a client that sends
a hundred megabytes would hold up all others, and the broker would not see a byte of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mitmproxy.proxy.layers.websocket import WebsocketConnection
from wsproto.events import CloseConnection, Event, Message

from inspector.gateway.websocket.closing import TOO_LARGE


@dataclass(slots=True)
class _Bound:
    """Bytes that a message may have; those in its frames that are whole."""

    most: int
    whole: int = 0


#: By the id of the client's connection.
_bounds: dict[str, _Bound] = {}
_events = WebsocketConnection.events


def bound(client_id: str, size: int) -> None:
    """From here on this client's messages have at most so many bytes."""
    known: Any = WebsocketConnection
    known.events = events
    _bounds[client_id] = _Bound(size)


def release(client_id: str) -> None:
    """The connection is over."""
    _bounds.pop(client_id, None)


def events(self: WebsocketConnection) -> Iterator[Event]:
    """`WebsocketConnection.events`, with a close frame where a message grows too large.

    It comes as from the client: mitmproxy then tells both sides, and hangs up.
    """
    bound = _bounds.get(self.conn.id)
    if bound is None:
        yield from _events(self)
        return
    for event in _events(self):
        yield event
        # The layer has taken the event up by now.
        if isinstance(event, Message) and _is_over(bound, event, self.frame_buf):
            yield CloseConnection(TOO_LARGE.code, TOO_LARGE.reason)
            return


def _is_over(bound: _Bound, event: Message[Any], frames: list[bytes]) -> bool:
    """Counted by the frame: to add all up each time takes minutes for a message of small ones.

    Frames without a byte count as one byte each, or they would come without end.
    """
    if event.message_finished:
        bound.whole = 0
    elif event.frame_finished:
        bound.whole += max(1, len(frames[-2]))
    return bound.whole + len(frames[-1]) > bound.most

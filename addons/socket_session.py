"""One open WebSocket: what comes over it becomes conversations, what they say goes back.

Messages are worked on as they come, up to `AT_ONCE` of a connection at a time, as Amazon runs them
side by side, and wait for their turn, up to `HELD` bytes; an answer is sent when it is there,
whatever came before it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

from addons.broker import Line
from addons.socket_events import Event, SocketEvents
from inspector.gateway.environment import Environment, Socket
from inspector.gateway.websocket.closing import GOING_AWAY, NO_CODE, Closing
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Headers, Request
from inspector.runtime.connection_ids import message_id
from inspector.runtime.connections import Connection

#: Messages of one connection that are worked on at a time.
AT_ONCE = 32
#: Bytes of them that wait for their turn; then the client is slowed down. They are read as soon as
#: they come: what is still in a socket is lost where the client has hung up and is answered.
HELD = 4 * 1024 * 1024
#: What a message without a byte takes.
_EACH = 256

#: How mitmproxy says that the client ended it. None: he did not.
Ending = Callable[[], Closing | None]


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a connection keeps of it."""

    environment: Environment
    socket: Socket
    served: ServedWebSocketApi
    digest: str
    host: str


class Session:
    """The peer of a line at the broker, and the link of a connection."""

    def __init__(
        self,
        events: SocketEvents,
        handshake: Handshake,
        known: Connection,
        ending: Ending,
        over: Callable[[Session], None],
    ) -> None:
        self._events = events
        self._handshake = handshake
        self._known = known
        self._ending = ending
        self._tell_over = over
        self._line: Line | None = None
        self._waiting: deque[tuple[bytes, int | None]] = deque()
        self._held = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: Closing | None = None
        self._loop = asyncio.get_running_loop()
        self._began = self._active = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self.over = asyncio.Event()

    # What the broker calls.

    def opened(self, line: Line) -> None:
        """The client has his 101."""
        self._line = line
        self._known.link = self
        self._look()

    def message(self, data: bytes, replay_of: int | None = None) -> None:
        """A message came whole; or that of an exchange is said again by somebody else."""
        self._active = self._loop.time()
        self._waiting.append((data, replay_of))
        self._held += len(data) + _EACH
        self._go_on()
        if self._held > HELD and self._line is not None:
            self._line.pause()

    def active(self) -> None:
        """A sign of life."""
        self._active = self._loop.time()

    def closed(self, closing: Closing, *, by_us: bool) -> None:
        """Nothing comes any more, and nothing can be sent."""
        self._line = None
        if self._timer is not None:
            self._timer.cancel()
        self._events.means.connections.close(self._known.id)
        if not by_us:
            # mitmproxy passes 1000 on for a client who has vanished, and has the truth itself.
            closing = self._ending() or closing
        self._ended = NO_CODE if closing.code == NO_CODE.code else closing
        self._go_on()

    # What `@connections` calls.

    def send(self, data: bytes) -> None:
        """One frame of text to the client."""
        if self._line is not None:
            self._active = self._loop.time()
            self._line.send(data)

    def close(self, closing: Closing) -> None:
        """End it."""
        if self._line is not None:
            self._line.close(closing)

    # What follows from it.

    def _go_on(self) -> None:
        """Begin with as many messages as there is room for; at the end with `$disconnect`."""
        while self._waiting and len(self._tasks) < AT_ONCE:
            data, replay_of = self._waiting.popleft()
            self._held -= len(data) + _EACH
            self._begin(self._message(data, replay_of))
        if not self._waiting and self._ended is not None:
            ended, self._ended = self._ended, None
            self._begin(self._disconnect(ended))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._waiting:
            self._go_on()
            if self._held <= HELD and self._line is not None:
                self._line.resume()

    async def _message(self, data: bytes, replay_of: int | None) -> None:
        served = self._events.served(self._known.api_id)
        if served is None:
            self.close(GOING_AWAY)  # an edit took the whole API away
            return
        made = self._events.now(self._handshake.environment, self._handshake.socket)
        socket = replace(
            self._handshake.socket,
            event="MESSAGE",
            message_id=message_id(self._known.id, made.time_ms),
        )
        self._known.last_active_ms = made.time_ms
        answer, performer = await self._events.converse(
            replace(
                self._event("MESSAGE", data, replace(made, socket=socket), served),
                replay_of=replay_of,
            )
        )
        frame = answer.response.body
        gone = bool(frame) and self._line is None
        if frame:
            self.send(frame)
        self._events.record(answer, performer, gone=gone)

    async def _disconnect(self, closing: Closing) -> None:
        try:
            socket = replace(
                self._handshake.socket,
                event="DISCONNECT",
                close_code=closing.code,
                close_reason=closing.reason,
            )
            made = self._events.now(self._handshake.environment, socket)
            served = self._events.served(self._known.api_id)
            answer, performer = await self._events.converse(
                self._event("DISCONNECT", b"", made, served)
            )
            self._events.record(answer, performer)
        finally:
            self.over.set()
            self._tell_over(self)

    def _event(
        self,
        method: str,
        data: bytes,
        environment: Environment,
        served: ServedWebSocketApi | None,
    ) -> Event:
        """For the API as it is served now; where it is not any more, as it was at first."""
        handshake, digest = self._handshake, self._events.service.digest
        if served is None:
            served, digest = handshake.served, handshake.digest
        headers = Headers.of([("Host", handshake.socket.host)])
        request = Request(method, f"/{handshake.socket.stage}", headers, data)
        return Event(request, environment, served, digest, handshake.host)

    def _look(self) -> None:
        """Close what is too old or idle; else look again when it could be."""
        limits = self._handshake.served.limits
        now = self._loop.time()
        ends = [
            start + limit
            for start, limit in (
                (self._active, limits.idle_s),
                (self._began, limits.connection_s),
            )
            if limit is not None
        ]
        if not ends:
            return
        if min(ends) <= now:
            self.close(GOING_AWAY)
        else:
            self._timer = self._loop.call_at(min(ends), self._look)

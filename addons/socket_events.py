"""Runs the core for one event of a WebSocket."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from addons.conversations import Conversations
from addons.exchanges import Asked
from addons.pace import Pace
from addons.performing import Performer
from addons.service import Service
from inspector.gateway.answer import Answer
from inspector.gateway.effects import ResponseStarted, StreamEnded
from inspector.gateway.environment import Environment, Socket
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Request
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and for which API: that of the definition `digest`."""

    request: Request
    environment: Environment
    served: ServedWebSocketApi
    digest: str
    host: str
    replay_of: int | None = None


@dataclass(frozen=True, slots=True)
class SocketEvents:
    """All that an event needs; one for the whole gateway."""

    service: Service
    means: Means
    circumstances: Circumstances
    conversations: Conversations
    pace: Pace

    def served(self, api_id: str) -> ServedWebSocketApi | None:
        """The API as the files declare it now; None where they do not any more."""
        for each in self.service.current().apis:
            if each.api.id == api_id:
                return each if isinstance(each, ServedWebSocketApi) else None
        return None

    def now(self, handshake: Environment, socket: Socket) -> Environment:
        """The circumstances of an event of this connection: its caller stays who he was."""
        caller = handshake.caller
        made = self.circumstances.now(handshake.scheme, handshake.protocol, caller.source_ip)
        return replace(made, caller=caller, socket=socket)

    async def converse(self, event: Event) -> tuple[Answer, Performer]:
        """Carry it through, once there is room to record it. It is to be recorded with `record`."""
        if self.pace.crowded():
            await self.pace.wait()
        asked = Asked(
            event.request,
            event.environment,
            time.time_ns() // 1000,
            time.perf_counter_ns(),
            event.digest,
            event.host,
            event.replay_of,
        )
        performer = Performer(self.means, _no_stream)
        return await self.conversations.carry_through(asked, event.served, performer), performer

    def record(self, answer: Answer, performer: Performer, *, gone: bool = False) -> None:
        """Keep what became of it."""
        self.conversations.record(answer, performer, gone=gone)


async def _no_stream(_head: ResponseStarted, _body: BodyStream) -> StreamEnded:
    raise TypeError("nothing of a WebSocket API streams")

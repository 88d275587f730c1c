"""The WebSockets of our own APIs: each of their events is a conversation of the core.

The handshake's is held in mitmproxy's `request` hook, as the upgrade is pending meanwhile; an
accepted one goes to the broker. A connection follows an edited definition (recorded:
captures-2026.md, section 3).
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

from mitmproxy import connection, ctx, http

from addons import bounded_frames
from addons.broker import Accepted, Broker
from addons.conversations import LAST_WORDS
from addons.flows import answer, request_of
from addons.recorder import environment_of
from addons.socket_events import Event, SocketEvents
from addons.socket_session import Ending, Handshake, Session
from inspector.gateway.answer import Answer
from inspector.gateway.environment import Environment, Socket
from inspector.gateway.websocket.closing import GOING_AWAY, Closing
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.results import chosen_of
from inspector.replay.resend import REPLAY_HEADER, replayed
from inspector.runtime.connection_ids import connection_id
from inspector.runtime.connections import Connection

_BROKERED, _ORIGINAL = "inspector.brokered", "inspector.upgrade"
_VERSION = "13"
#: Of the authorizer's context alone: later events do not have it (recorded).
_LATENCY = "integrationLatency"


def is_upgrade(request: http.Request) -> bool:
    """Whether it asks for a WebSocket (RFC 6455, section 4.1) that mitmproxy can carry."""
    headers = request.headers
    return (
        headers.get("upgrade", "").lower() == "websocket"
        and request.method == "GET"
        and headers.get("sec-websocket-version") == _VERSION
        and bool(headers.get("sec-websocket-key"))
    )


class Sockets:
    """Those that are open, and the broker that they end at.

    `frames_kept`: how many of each stay in mitmproxy's flow, for its own screens.
    """

    def __init__(self, events: SocketEvents) -> None:
        self._events = events
        self._broker = Broker()
        self._sessions: set[Session] = set()
        self._awake: dict[str, ExitStack] = {}
        self.frames_kept = 0

    async def stop(self) -> None:
        """Close all, with `$disconnect` for each; what is not done in a moment is left."""
        self._broker.stop()
        sessions = list(self._sessions)
        for session in sessions:
            session.close(GOING_AWAY)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                for session in sessions:
                    await session.over.wait()

    async def shake_hands(self, flow: http.HTTPFlow, served: ServedWebSocketApi, host: str) -> None:
        """Ask `$connect`. Returns with the refusal in `flow.response`, or the flow on its way."""
        await self._broker.start()
        replay_of = flow.request.headers.pop(REPLAY_HEADER, "")
        request = request_of(flow)
        made = environment_of(flow, self._events.circumstances)
        known = self._known(served, made, request.headers.get("user-agent"))
        socket = Socket(
            "CONNECT",
            known.id,
            known.connected_ms,
            host=request.headers.get("host") or host,
            user_agent=known.user_agent,
        )
        event = Event(
            request,
            replace(made, socket=socket),
            served,
            self._events.service.digest,
            host,
            replayed(replay_of),
        )
        result, performer = await self._events.converse(event)
        if result.response.status == 101:
            self._accept(flow, event, result, known)
        else:
            self._events.means.connections.close(known.id)
            flow.response = answer(flow, result.response, time.time())
        gone = not flow.client_conn.state & connection.ConnectionState.CAN_READ
        self._events.record(result, performer, gone=gone)

    def passed_on(self, flow: http.HTTPFlow) -> None:
        """The broker has answered: from now on the flow shows what the client had sent."""
        original = flow.metadata.pop(_ORIGINAL, None)
        if original is not None:
            data = flow.request.data
            data.scheme, data.host, data.port, data.path = original

    def gave_up(self, flow: http.HTTPFlow) -> None:
        """The client vanished before the handshake was completed."""
        path = flow.metadata.get(_BROKERED)
        if path is not None:
            self._broker.forget(path)

    def began(self, flow: http.HTTPFlow, served: ServedWebSocketApi) -> None:
        """How long it may be idle is ours to say: mitmproxy would end it after ten minutes, too."""
        if served.limits.message is not None:
            bounded_frames.bound(flow.client_conn.id, served.limits.message)
        server = ctx.master.addons.get("proxyserver")
        handler = server.connections.get(flow.client_conn.id)
        if handler is not None:
            awake = self._awake[flow.id] = ExitStack()
            awake.enter_context(handler.timeout_watchdog.disarm())

    def ended(self, flow: http.HTTPFlow) -> None:
        """It is over."""
        bounded_frames.release(flow.client_conn.id)
        awake = self._awake.pop(flow.id, None)
        if awake is not None:
            awake.close()

    def forget_frames(self, flow: http.HTTPFlow) -> None:
        """They are recorded: mitmproxy need not hold them all in memory as well."""
        if flow.websocket is not None:
            messages = flow.websocket.messages
            del messages[: max(0, len(messages) - self.frames_kept)]

    def _known(
        self, served: ServedWebSocketApi, environment: Environment, user_agent: str | None
    ) -> Connection:
        connections = self._events.means.connections
        now_ms = environment.time_ms
        identifier = connection_id(now_ms)
        while identifier in connections:
            identifier = connection_id(now_ms)
        known = Connection(
            id=identifier,
            api_id=served.api.id,
            connected_ms=now_ms,
            last_active_ms=now_ms,
            source_ip=environment.caller.source_ip,
            user_agent=user_agent,
        )
        connections.add(known)
        return known

    def _accept(self, flow: http.HTTPFlow, event: Event, result: Answer, known: Connection) -> None:
        """Point the flow at the broker, where a session waits for it."""
        known.stage = result.stage or ""
        handshake = Handshake(
            event.environment, _kept(event, result), event.served, event.digest, event.host
        )
        session = Session(self._events, handshake, known, _ending_of(flow), self._sessions.discard)
        self._sessions.add(session)
        path = self._broker.announce(
            Accepted(
                flow.request.headers["sec-websocket-key"],
                result.response.headers.get("sec-websocket-protocol"),
                event.served.limits,
                session,
            )
        )
        data = flow.request.data
        flow.metadata[_BROKERED] = path
        flow.metadata[_ORIGINAL] = data.scheme, data.host, data.port, data.path
        data.scheme, data.host, data.port = b"http", "127.0.0.1", self._broker.port
        data.path = path.encode("ascii")


def _kept(event: Event, result: Answer) -> Socket:
    """What all later events have of the handshake."""
    socket, chosen = event.environment.socket, chosen_of(result.result)
    assert socket is not None
    members = {} if chosen is None else dict(chosen.access.authorizer)
    members.pop(_LATENCY, None)
    return replace(socket, stage=result.stage or "", authorizer=members)


def _ending_of(flow: http.HTTPFlow) -> Ending:
    """How the client ended it, as mitmproxy saw."""

    def ending() -> Closing | None:
        told = flow.websocket
        if told is None or not told.closed_by_client or told.close_code is None:
            return None
        return Closing(int(told.close_code), told.close_reason or "")

    return ending

"""One WebSocket: its limits of time, and how many of its messages are worked on at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from wsproto.events import CloseConnection, Ping, Pong, TextMessage

from addons import socket_session
from addons.broker import Accepted, Broker
from addons.conversations import Conversations
from addons.pace import Pace
from addons.service import Service
from addons.socket_events import SocketEvents
from addons.socket_session import AT_ONCE, Handshake, Session
from inspector.definitions import Options
from inspector.gateway.environment import Socket
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.websocket.closing import GOING_AWAY, LOST, NO_CODE, Closing
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.recording.exchange import Exchange
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.connections import Connection
from inspector.runtime.http import HttpBackends
from inspector.runtime.means import Means
from tests.addons.broker_client import Client
from tests.addons.socket_api import WHO, proxied, socket_api

PATIENCE = 20.0
UNLIMITED = replace(AMAZONS, idle_s=None, connection_s=None)


class Backend:
    """Answers nothing before `go_on`; counts who waits."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.waiting = 0
        self.most = 0

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.waiting += 1
                self.most = max(self.most, self.waiting)
                await self.go_on.wait()
                self.waiting -= 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except asyncio.IncompleteReadError:
            writer.close()


@dataclass
class House:
    """A broker, the core behind it, and what was recorded."""

    folder: Path
    broker: Broker
    recorded: list[Exchange]
    means: Means
    backend: Backend

    async def open(
        self, limits: Limits = UNLIMITED, told: Closing | None = None
    ) -> tuple[Client, Session]:
        definition = self.folder / "api.json"
        definition.write_text(json.dumps(socket_api(default=WHO, wait=proxied("/"))), "utf-8")
        service = Service([str(definition)], Options(), _print, lambda _: None)
        [served] = service.gateway.apis
        assert isinstance(served, ServedWebSocketApi)
        circumstances = Circumstances()
        events = SocketEvents(
            service, self.means, circumstances, Conversations(self.recorded.append), Pace()
        )
        environment = circumstances.now("http", "HTTP/1.1", "127.0.0.1")
        socket = Socket("CONNECT", "connection-QAYKEjhnA==", environment.time_ms, stage="dev")
        known = Connection(
            id=socket.id, api_id=served.api.id, stage="dev", source_ip="127.0.0.1",
            connected_ms=environment.time_ms, last_active_ms=environment.time_ms,
        )  # fmt: skip
        self.means.connections.add(known)
        handshake = Handshake(environment, socket, replace(served, limits=limits),
                              service.digest, "host")  # fmt: skip
        session = Session(events, handshake, known, lambda: told, lambda _: None)
        path = self.broker.announce(Accepted("key", None, limits, session))
        client = await Client.at(self.broker.port, path)
        await client.head()
        return client, session


def _print(level: str, text: str) -> None:
    raise AssertionError(f"{level}: {text}")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    broker, backend = Broker(), Backend()
    await broker.start()
    async with asyncio.timeout(PATIENCE), backend as url:
        means = Means(HttpBackends({"backend.example": url}))
        yield House(tmp_path, broker, [], means, backend)
        await means.close()
    broker.stop()


def ended(recorded: list[Exchange]) -> Closing:
    socket = recorded[-1].environment.socket
    assert socket is not None
    assert socket.event == "DISCONNECT"
    assert socket.close_code is not None
    return Closing(socket.close_code, socket.close_reason)


@pytest.mark.parametrize(
    "limits",
    [replace(UNLIMITED, idle_s=0.05), replace(UNLIMITED, idle_s=60, connection_s=0.05)],
    ids=["idle", "age"],
)
async def test_time_is_up(house: House, limits: Limits) -> None:
    client, session = await house.open(limits)
    assert await client.event() == CloseConnection(1001, "Going away")
    await session.over.wait()
    assert ended(house.recorded) == GOING_AWAY


async def test_what_happens_keeps_it_open(house: House) -> None:
    client, session = await house.open(replace(UNLIMITED, idle_s=600))
    long_ago = session._began - 1000

    session._active = long_ago
    client.send(Ping(b"x"))
    assert await client.event() == Pong(b"x")
    assert session._active > long_ago

    session._active = long_ago
    client.send(TextMessage("who"))
    assert isinstance(await client.event(), TextMessage)
    assert session._active > long_ago

    session._active = long_ago
    session.send(b"posted")
    session._look()
    assert await client.event() == TextMessage("posted")

    session._active = long_ago
    session._look()
    assert await client.event() == CloseConnection(1001, "Going away")


async def test_so_many_messages_are_worked_on_at_a_time(house: House) -> None:
    client, _ = await house.open()
    count = AT_ONCE * 3
    for _ in range(count):
        client.send(TextMessage('{"action": "wait"}'))
    while house.backend.waiting < AT_ONCE:
        await asyncio.sleep(0)
    client.send(TextMessage("last"))
    house.backend.go_on.set()
    answers = [await client.event() for _ in range(count + 1)]
    assert answers.count(TextMessage("ok")) == count
    assert house.backend.most == AT_ONCE
    assert len(house.recorded) == count + 1


async def test_messages_are_read_while_others_are_worked_on(house: House) -> None:
    """What is still in the socket when its client hangs up would be lost."""
    client, session = await house.open()
    for waiting, count in ((1, AT_ONCE + 1), (10, 9)):
        for _ in range(count):
            client.send(TextMessage('{"action": "wait"}'))
        while len(session._waiting) < waiting:
            await asyncio.sleep(0)
    assert len(session._tasks) == AT_ONCE
    house.backend.go_on.set()
    answers = [await client.event() for _ in range(AT_ONCE + 10)]
    assert answers == [TextMessage("ok")] * (AT_ONCE + 10)


async def test_a_client_is_slowed_down_where_too_much_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_session, "HELD", 0)
    client, session = await house.open()
    line = session._line
    assert line is not None
    for _ in range(AT_ONCE + 1):
        client.send(TextMessage('{"action": "wait"}'))
    while line._transport.is_reading():
        await asyncio.sleep(0)
    house.backend.go_on.set()
    client.send(TextMessage("last"))
    answers = [await client.event() for _ in range(AT_ONCE + 2)]
    assert len(answers) == len(house.recorded) == AT_ONCE + 2
    assert line._transport.is_reading()


async def test_messages_that_wait_are_worked_on_before_the_end(house: House) -> None:
    client, session = await house.open()
    for number in range(AT_ONCE + 5):
        client.send(TextMessage(json.dumps({"action": "wait", "number": number})))
    while house.backend.waiting < AT_ONCE:
        await asyncio.sleep(0)
    client.writer.close()
    house.backend.go_on.set()
    await session.over.wait()
    while len(house.recorded) < AT_ONCE + 6:
        await asyncio.sleep(0)
    sent = [each.request.body for each in house.recorded if each.request.method == "MESSAGE"]
    assert len(set(sent)) == AT_ONCE + 5


@pytest.mark.parametrize(
    ("told", "recorded"),
    [(Closing(1006), LOST), (Closing(1005), NO_CODE), (Closing(1001, "x"), Closing(1001, "x"))],
)
async def test_mitmproxy_knows_better_how_the_client_ended_it(
    house: House, told: Closing, recorded: Closing
) -> None:
    """It sends 1000 for a client that has vanished."""
    client, session = await house.open(told=told)
    client.send(CloseConnection(1000))
    await session.over.wait()
    assert ended(house.recorded) == recorded

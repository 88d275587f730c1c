"""The broker by itself: who may use it, what it lets through, when it gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from addons import broker
from addons.broker import Accepted, Broker, Line
from inspector.gateway.limits import AMAZONS, Limits, without
from inspector.gateway.websocket.closing import BINARY, LOST, TOO_LARGE, Closing
from tests.addons.broker_client import Client

PATIENCE = 20.0
ENOUGH = Closing(4000, "enough")


class Peer:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[bytes] = asyncio.Queue()
        self.signs = 0
        self.line: Line | None = None
        self.over: asyncio.Future[tuple[Closing, bool]] = asyncio.get_running_loop().create_future()

    def opened(self, line: Line) -> None:
        self.line = line

    def message(self, data: bytes) -> None:
        self.messages.put_nowait(data)

    def active(self) -> None:
        self.signs += 1

    def closed(self, closing: Closing, *, by_us: bool) -> None:
        self.over.set_result((closing, by_us))


@pytest.fixture
async def served() -> AsyncIterator[Broker]:
    made = Broker()
    await made.start()
    async with asyncio.timeout(PATIENCE):
        yield made
    made.stop()


def announced(
    served: Broker, limits: Limits = AMAZONS, subprotocol: str | None = None
) -> tuple[str, Peer]:
    peer = Peer()
    return served.announce(Accepted("key", subprotocol, limits, peer)), peer


async def joined(served: Broker, limits: Limits = AMAZONS) -> tuple[Client, Peer, Line]:
    path, peer = announced(served, limits)
    client = await Client.at(served.port, path)
    await client.head()
    assert peer.line is not None
    return client, peer, peer.line


@pytest.mark.parametrize("head", ["GET / HTTP/1.1", "GET /@connections HTTP/1.1", "\0", "GET"])
async def test_nobody_gets_in_without_the_path(served: Broker, head: str) -> None:
    _, peer = announced(served)
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(f"{head}\r\nHost: x\r\n\r\n".encode())
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await reader.readexactly(1)
    assert peer.line is None


async def test_a_head_without_end_is_cut_off(served: Broker) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(b"GET /" + b"x" * 300_000)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await reader.readexactly(1)


async def test_a_path_serves_once(served: Broker) -> None:
    path, peer = announced(served)
    first = await Client.at(served.port, path)
    assert (await first.head()).startswith(b"HTTP/1.1 101 ")
    second = await Client.at(served.port, path)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await second.head()
    assert not peer.over.done()


async def test_a_subprotocol_is_one_header_whatever_the_function_says(served: Broker) -> None:
    path, _ = announced(served, subprotocol="chat\r\nSet-Cookie: a=b")
    head = await (await Client.at(served.port, path)).head()
    assert head.endswith(b"\r\nsec-websocket-protocol: chat Set-Cookie: a=b\r\n\r\n")


async def test_messages_both_ways(served: Broker) -> None:
    client, peer, line = await joined(served)
    client.send(TextMessage("one ", message_finished=False))
    client.send(TextMessage("\N{EURO SIGN}"))
    assert await peer.messages.get() == "one \N{EURO SIGN}".encode()
    client.send(Ping(b"alive"))
    assert await client.event() == Pong(b"alive")
    assert peer.signs == 1
    line.send(b"answer \xff")
    assert await client.event() == TextMessage("answer \N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize(
    ("event", "closing"),
    [
        (BytesMessage(b"x"), BINARY),
        (TextMessage("x" * 32_769), TOO_LARGE),
        (TextMessage("x" * 32_769, message_finished=False), TOO_LARGE),
    ],
)
async def test_what_is_not_taken(served: Broker, event: Event, closing: Closing) -> None:
    client, peer, _ = await joined(served)
    client.send(event)
    client.send(TextMessage("not looked at any more"))
    assert await client.event() == CloseConnection(closing.code, closing.reason)
    assert await peer.over == (closing, True)
    assert peer.messages.empty()


async def test_without_the_limit(served: Broker) -> None:
    client, peer, _ = await joined(served, without(["message"]))
    client.send(TextMessage("x" * 200_000))
    assert len(await peer.messages.get()) == 200_000


async def test_a_connection_ends_once(served: Broker) -> None:
    client, peer, line = await joined(served)
    line.close(ENOUGH)
    line.close(Closing(1000))
    line.send(b"late")
    assert await client.event() == CloseConnection(4000, "enough")
    assert await peer.over == (ENOUGH, True)
    assert await client.reader.read() == b""


async def test_the_client_ends_it(served: Broker) -> None:
    client, peer, _ = await joined(served)
    client.send(CloseConnection(4000, "enough"))
    assert await client.event() == CloseConnection(4000, "enough")
    assert await peer.over == (ENOUGH, False)


async def test_a_client_that_is_gone(served: Broker) -> None:
    client, peer, _ = await joined(served)
    client.writer.close()
    assert await peer.over == (LOST, False)


async def test_a_client_that_never_reads_is_given_up(served: Broker) -> None:
    _, peer, line = await joined(served)
    while not peer.over.done():
        line.send(b"x" * 1_000_000)
        await asyncio.sleep(0)
    assert peer.over.result() == (LOST, False)


async def test_nobody_came_for_it(served: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "PATIENCE", 0.0)
    path, peer = announced(served)
    assert await peer.over == (LOST, False)
    client = await Client.at(served.port, path)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await client.head()


async def test_at_the_end_what_is_announced_is_over(served: Broker) -> None:
    _, peer = announced(served)
    served.stop()
    assert await peer.over == (LOST, False)

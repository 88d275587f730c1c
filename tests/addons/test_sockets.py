"""WebSockets through the running gateway: real clients, a real proxy, a real recording."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import botocore.session
import httpx
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from inspector.recording.exchange import Exchange
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from tests.addons.live import Live, api, live
from tests.addons.live import proxied as live_proxied
from tests.addons.socket_api import (
    HOST,
    WHO,
    opened,
    proxied,
    said,
    socket_api,
    unverified,
)
from tests.addons.waiting_backend import WaitingBackend

pytestmark = pytest.mark.slow

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = (
    f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: {KEY}\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
)
PATIENCE = 20.0


def address_of(gateway: Live) -> tuple[str, int]:
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    return host, int(port)


def raw(gateway: Live, head: str) -> socket.socket:
    client = socket.create_connection(address_of(gateway), timeout=PATIENCE)
    client.sendall(head.encode())
    return client


def read_head(client: socket.socket) -> bytes:
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        read += client.recv(1)
    return read


async def recorded_are(gateway: Live, text: str, count: int) -> None:
    """Wait until so many are in the recording."""
    with Reader(gateway.db) as reader:
        async with asyncio.timeout(PATIENCE):
            while reader.count(parse(text)) < count:
                await asyncio.sleep(0)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A gateway for all that look at one connection of their own."""
    with live(tmp_path_factory.mktemp("chat"), socket_api(default=WHO), {}) as gateway:
        yield gateway


async def life_of(gateway: Live, connection: str) -> list[Exchange]:
    """All events of a connection that is over."""
    await recorded_are(gateway, f"connection:{connection} method:DISCONNECT", 1)
    with Reader(gateway.db) as reader:
        rows = reader.page(parse(f"connection:{connection}"), limit=100)
        return [reader.exchange(row.id) for row in reversed(rows)]


def events_of(exchanges: list[Exchange]) -> list[tuple[str, int, str]]:
    """Event, status and what came back, or why it was closed."""
    found = []
    for each in exchanges:
        event = each.environment.socket
        assert event is not None
        assert each.response is not None
        told = each.response.body.decode()
        if event.event == "DISCONNECT":
            told = f"{event.close_code} {event.close_reason}".rstrip()
        found.append((event.event, each.response.status, told))
    return found


def test_the_bytes_of_an_accepted_handshake(chat: Live) -> None:
    with raw(chat, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n") as client:
        head = read_head(client)
    date = rb"date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"
    assert re.fullmatch(
        rb"HTTP/1\.1 101 Switching Protocols\r\n" + date + rb"\r\nconnection: upgrade\r\n"
        rb"upgrade: websocket\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n\r\n",
        head,
    ), head


async def test_every_event_is_recorded_and_runs_again(chat: Live) -> None:
    async with opened(chat.url) as client:
        answers = [await said(client, f"message {number}") for number in range(3)]
        pong = await client.ping()
        await pong
        await client.close(1000, "probe-complete")
        assert (client.close_code, client.close_reason) == (1000, "probe-complete")
    recorded = await life_of(chat, answers[0].split()[0])
    assert events_of(recorded) == [
        ("CONNECT", 101, ""),
        *(("MESSAGE", 200, answer) for answer in answers),
        ("DISCONNECT", 200, "1000 probe-complete"),
    ]
    assert [each.request.body for each in recorded[1:4]] == [
        f"message {number}".encode() for number in range(3)
    ]
    sockets = [each.environment.socket for each in recorded]
    assert all(each is not None for each in sockets)
    [connection] = {each.id for each in sockets if each}
    assert re.fullmatch(r"[\w-]{9}QAYKE[\w-]{3}A==", connection)
    for exchange, answer in zip(recorded[1:4], answers, strict=True):
        event = exchange.environment.socket
        assert event is not None
        assert answer == f"{connection} {event.message_id}"
        assert event.message_id is not None
        assert event.message_id[-11:] == connection[-11:]
    with Reader(chat.db) as reader:
        again = gateway_of(reader.definition(recorded[0].definition or ""))
    for exchange in recorded:
        result = rerun(exchange, again)
        assert result.answer is not None
        assert result.answer.response == exchange.response
        assert result.answer.trace == exchange.trace


async def test_a_refused_handshake(chat: Live) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await opened(f"{chat.url}/none")
    await recorded_are(chat, "path:/none", 1)
    with Reader(chat.db) as reader:
        recorded = [reader.exchange(row.id) for row in reader.page(parse("path:/none"), limit=9)]
    response = refused.value.response
    assert response.status_code == 403
    assert json.loads(bytes(response.body))["message"] == "Forbidden"
    assert events_of(recorded) == [("CONNECT", 403, bytes(response.body).decode())]


@pytest.mark.parametrize(
    ("sent", "code", "reason"),
    [
        (b"bytes", 1003, "Binary is not supported"),
        ("x" * 32_769, 1009, ""),
        (["x" * 32_768] * 4 + ["x"], 1009, ""),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}" * 16_385, 1009, ""),
    ],
    ids=["binary", "frame", "message", "bytes-count"],
)
async def test_what_amazon_does_not_take(chat: Live, sent: Any, code: int, reason: str) -> None:
    async with opened(chat.url) as client:
        connection = (await said(client, "who")).split()[0]
        await client.send(sent)
        with pytest.raises(ConnectionClosed):
            await client.recv()
        assert (client.close_code, client.close_reason) == (code, reason)
    recorded = await life_of(chat, connection)
    assert events_of(recorded)[2:] == [("DISCONNECT", 200, f"{code} {reason}".rstrip())]


async def test_a_message_without_end_holds_up_nobody(chat: Live) -> None:
    """It is cut off at its limit, where putting it together would take minutes."""
    with raw(chat, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n") as client:
        read_head(client)
        client.sendall(bytes.fromhex("818000000000"))
        connection = client.recv(200)[2:].decode().split()[0]
        client.sendall(bytes.fromhex("81ff") + (1 << 40).to_bytes(8, "big") + bytes(4))
        with contextlib.suppress(ConnectionError):
            for _ in range(10_000):
                client.sendall(b"x" * 100_000)
    ended = (await life_of(chat, connection))[-1].environment.socket
    assert ended is not None
    assert ended.close_code == 1009


async def test_frames_without_a_byte_do_not_come_without_end(chat: Live) -> None:
    with raw(chat, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n") as client:
        read_head(client)
        client.sendall(bytes.fromhex("818000000000"))
        connection = client.recv(200)[2:].decode().split()[0]
        client.sendall(bytes.fromhex("018000000000"))
        with contextlib.suppress(ConnectionError):
            for _ in range(140):
                client.sendall(bytes.fromhex("008000000000") * 1_000)
    ended = (await life_of(chat, connection))[-1].environment.socket
    assert ended is not None
    assert ended.close_code == 1009


async def test_as_much_as_amazon_takes(chat: Live) -> None:
    async with opened(chat.url) as client:
        await client.send(["x" * 32_768] * 4)
        answer = await client.recv()
    recorded = await life_of(chat, str(answer).split()[0])
    assert len(recorded[1].request.body) == 131_072


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (bytes.fromhex("88841234567811dc3e11"), "1000 hi"),
        (bytes.fromhex("888000000000"), "1005 Client-side close frame status not set"),
        (b"", "1006"),
    ],
    ids=["code", "no-code", "vanished"],
)
async def test_how_a_client_ended_it(chat: Live, ending: bytes, told: str) -> None:
    with raw(chat, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n") as client:
        read_head(client)
        client.sendall(bytes.fromhex("818000000000"))  # an empty message
        answer = client.recv(200)
        if ending:
            client.sendall(ending)
            assert client.recv(1) == b"\x88"
    recorded = await life_of(chat, answer[2:].decode().split()[0])
    assert events_of(recorded)[-1] == ("DISCONNECT", 200, told)


@pytest.mark.parametrize(
    ("frames", "code"),
    [("810178", 1002), ("838000000000", 1002), ("81820000000080ff", 1007), ("808000000000", 1002)],
    ids=["unmasked", "reserved", "no-text", "goes-on-with-nothing"],
)
async def test_what_is_no_frame_ends_one_connection(chat: Live, frames: str, code: int) -> None:
    with raw(chat, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n") as client:
        read_head(client)
        client.sendall(bytes.fromhex("818000000000"))
        connection = client.recv(200)[2:].decode().split()[0]
        client.sendall(bytes.fromhex(frames))
        assert client.recv(4)[2:] == code.to_bytes(2, "big")
    recorded = await life_of(chat, connection)
    ended = recorded[-1].environment.socket
    assert ended is not None
    assert ended.close_code == code


async def test_posting_to_a_connection_and_deleting_it(chat: Live) -> None:
    text = '{"b":1,  "a": "\\u00e9 \N{EURO SIGN}"}\r\n'
    async with opened(chat.url) as client:
        connection = (await said(client, "who")).split()[0]
        manager = await asyncio.to_thread(management, f"{chat.url}/dev")
        found = await asyncio.to_thread(manager.get_connection, ConnectionId=connection)
        assert found["Identity"]["SourceIp"] == "127.0.0.1"
        assert found["Identity"]["UserAgent"].startswith("Python/")
        assert found["LastActiveAt"] >= found["ConnectedAt"]
        await asyncio.to_thread(
            manager.post_to_connection, ConnectionId=connection, Data=text.encode()
        )
        assert await client.recv() == text
        await asyncio.to_thread(manager.delete_connection, ConnectionId=connection)
        with pytest.raises(ConnectionClosed):
            await client.recv()
        closed = client.close_code, client.close_reason
        assert closed == (1000, "Connection Closed Normally")
    with pytest.raises(manager.exceptions.GoneException):
        await asyncio.to_thread(manager.post_to_connection, ConnectionId=connection, Data=b"late")
    with pytest.raises(ClientError, match="Invalid connectionId: AbgHN0-zjQAYKEjhgA=="):
        await asyncio.to_thread(manager.get_connection, ConnectionId="AbgHN0-zjQAYKEjhgA==")
    unsigned = f"{chat.url}/dev/@connections/{quote(connection, safe='')}"
    refused = await asyncio.to_thread(httpx.get, unsigned, trust_env=False)
    assert refused.status_code == 403
    await recorded_are(chat, f"connection:{connection}", 8)
    with Reader(chat.db) as reader:
        listed = reader.page(parse(f"connection:{connection}"), limit=20)
        exchanges = [reader.exchange(row.id) for row in listed]
    assert [row.method for row in reversed(listed)] == [
        "GET", "MESSAGE", "GET", "POST", "DELETE", "DISCONNECT", "POST", "GET",
    ]  # fmt: skip
    assert exchanges[-4].request.body == text.encode()
    assert events_of([exchanges[2]]) == [("DISCONNECT", 200, "1000 Connection Closed Normally")]
    with Reader(chat.db) as reader:
        again = gateway_of(reader.definition(exchanges[0].definition or ""))
    for exchange in exchanges:
        result = rerun(exchange, again)
        assert result.answer is not None
        assert (result.answer.response, result.answer.trace) == (exchange.response, exchange.trace)


def management(url: str) -> Any:
    """An SDK's client of `@connections`, with credentials that nobody knows."""
    return botocore.session.Session().create_client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


@pytest.mark.parametrize(("size", "status"), [(131_073, 413), (10_485_761, 413)])
async def test_posting_too_much(chat: Live, size: int, status: int) -> None:
    """The larger one is answered before it has come."""
    async with opened(chat.url) as client:
        connection = (await said(client, "who")).split()[0]
        manager = await asyncio.to_thread(management, f"{chat.url}/dev")
        with pytest.raises(ClientError) as refused:
            await asyncio.to_thread(
                manager.post_to_connection, ConnectionId=connection, Data=b"x" * size
            )
        assert "QAYKE" in await said(client, "still open")
    await recorded_are(chat, f"connection:{connection} method:POST", 1)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    with Reader(chat.db) as reader:
        [row] = reader.page(parse(f"connection:{connection} method:POST"), limit=2)
    assert (row.status, row.connection) == (status, connection)


async def test_through_tls_and_as_a_proxy(tmp_path: Path) -> None:
    """`wss://` on our port, and the names that Amazon serves the API under, through our proxy."""
    with live(tmp_path, socket_api(default=WHO), {}) as gateway:
        secure = gateway.url.replace("http", "https")
        ways = (
            opened(secure, ssl=unverified()),
            connect(f"wss://{HOST}/dev", proxy=gateway.url, ssl=unverified()),
            connect(f"ws://{HOST}/dev", proxy=gateway.url),
        )
        for way in ways:
            async with way as client:
                assert "QAYKE" in await said(client, "who")
        recorded = gateway.exchanges()
    handshakes = [each for each in recorded if each.request.method == "GET"]
    assert [each.environment.scheme for each in handshakes] == ["https", "https", "http"]
    assert [each.host for each in handshakes] == ["127.0.0.1", HOST, HOST]
    assert len(recorded) == 9


async def test_messages_do_not_wait_for_one_another(tmp_path: Path) -> None:
    document = socket_api(default=WHO, wait=proxied("/wait"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        async with opened(gateway.url) as client:
            await client.send('{"action": "wait"}')
            assert await asyncio.to_thread(backend.arrived.wait, PATIENCE)
            assert "QAYKE" in await said(client, "second")
            backend.go_on.set()
            assert await client.recv() == "hello"
        recorded = gateway.exchanges()
    messages = [each for each in recorded if each.request.method == "MESSAGE"]
    assert [each.request.body for each in messages] == [b"second", b'{"action": "wait"}']


async def test_a_client_who_left_before_the_answer(tmp_path: Path) -> None:
    document = socket_api(default=proxied("/wait"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        async with opened(gateway.url) as client:
            await client.send("anything")
            assert await asyncio.to_thread(backend.arrived.wait, PATIENCE)
        backend.go_on.set()
        await recorded_are(gateway, "method:MESSAGE", 1)
        recorded = gateway.exchanges()
    [message] = [each for each in recorded if each.request.method == "MESSAGE"]
    assert message.response is not None
    assert message.response.body == b"hello"
    assert message.error == "the client hung up before the answer was there"


async def test_a_client_who_left_during_the_handshake(tmp_path: Path) -> None:
    """He is connected, then disconnected: `$connect` had said yes."""
    document = socket_api(default=WHO, connect=proxied("/wait"))
    with WaitingBackend() as backend, live(tmp_path, document, backend.names) as gateway:
        with raw(gateway, f"GET /dev HTTP/1.1\r\nHost: {HOST}\r\n{UPGRADE}\r\n"):
            assert await asyncio.to_thread(backend.arrived.wait, PATIENCE)
        backend.go_on.set()
        await recorded_are(gateway, "method:DISCONNECT", 1)
        recorded = gateway.exchanges()
    assert events_of(recorded) == [("CONNECT", 101, ""), ("DISCONNECT", 200, "1006")]
    assert recorded[0].error == "the client hung up before the answer was there"


async def test_an_open_connection_follows_an_edit(tmp_path: Path) -> None:
    with (
        WaitingBackend() as backend,
        live(tmp_path, socket_api(default=WHO), backend.names) as gateway,
    ):
        async with opened(gateway.url) as client:
            assert "QAYKE" in await said(client, '{"action": "greet"}')
            edited = socket_api(default=WHO, greet=proxied("/hello"))
            gateway.definition.write_text(json.dumps(edited), "utf-8")
            assert await said(client, '{"action": "greet"}') == "hello"
        recorded = gateway.exchanges()
    assert len({each.definition for each in recorded}) == 2


async def test_an_edit_that_takes_the_api_away_closes_its_connections(tmp_path: Path) -> None:
    with live(tmp_path, socket_api(default=WHO), {}) as gateway:
        async with opened(gateway.url) as client:
            edited = api(x=live_proxied("/x"))
            gateway.definition.write_text(json.dumps(edited), "utf-8")
            await client.send("anybody there?")
            with pytest.raises(ConnectionClosed):
                await client.recv()
            assert (client.close_code, client.close_reason) == (1001, "Going away")
        recorded = gateway.exchanges()
    assert events_of(recorded) == [("CONNECT", 101, ""), ("DISCONNECT", 200, "1001 Going away")]
    assert len({each.definition for each in recorded}) == 1


async def test_the_end_of_the_gateway_is_told_and_recorded(tmp_path: Path) -> None:
    with live(tmp_path, socket_api(default=WHO), {}) as gateway:
        clients = [await opened(gateway.url) for _ in range(3)]
        await asyncio.to_thread(gateway.child.stop)
        for client in clients:
            await client.wait_closed()
            assert (client.close_code, client.close_reason) == (1001, "Going away")
        recorded = gateway.exchanges()
    assert events_of(recorded)[3:] == [("DISCONNECT", 200, "1001 Going away")] * 3


async def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with live(tmp_path, socket_api(default=WHO), {}) as gateway:
        async with opened(gateway.url) as client:
            answers = [await said(client, str(number)) for number in range(20)]
            await recorded_are(gateway, "method:MESSAGE", 20)
            gateway.child.kill()
            with pytest.raises(ConnectionClosed):
                await client.recv()
    with Reader(gateway.db) as reader:
        rows = reader.page(parse("method:MESSAGE"), limit=100)
        kept = [reader.exchange(row.id).response for row in reversed(rows)]
    assert [each.body.decode() for each in kept if each] == answers


async def test_the_websockets_of_other_hosts_pass_and_are_recorded(tmp_path: Path) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with live(tmp_path, socket_api(default=WHO), {}) as gateway:
            url = f"ws://127.0.0.1:{port}/other?x=1"
            async with connect(url, proxy=gateway.url) as client:
                assert await said(client, "text") == "text"
                await client.send(b"\x00\xff")
                assert await client.recv() == b"\x00\xff"
                await client.close(3000, "bye")
            await recorded_are(gateway, "method:DISCONNECT", 1)
            recorded = gateway.exchanges()
    assert {each.outcome for each in recorded} == {"passed"}
    sockets = [each.environment.socket for each in recorded]
    assert len({each.id for each in sockets if each}) == 1
    assert sockets[-1] is not None
    assert (sockets[-1].close_code, sockets[-1].close_reason) == (3000, "bye")
    assert [
        (each.request.method, each.request.target, each.request.body,
         each.response and (each.response.status, each.response.body))
        for each in recorded
    ] == [
        ("GET", "/other?x=1", b"", (101, b"")),
        ("MESSAGE", "/other?x=1", b"text", None),
        ("MESSAGE", "/other?x=1", b"", (101, b"text")),
        ("MESSAGE", "/other?x=1", b"\x00\xff", None),
        ("MESSAGE", "/other?x=1", b"", (101, b"\x00\xff")),
        ("DISCONNECT", "/other?x=1", b"", None),
    ]  # fmt: skip

"""Backends that are watched: told when nobody is there, and when somebody is again."""

from __future__ import annotations

import asyncio
import socket

import pytest

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallBackend
from inspector.message import Headers
from inspector.runtime.watched import WatchedBackends

_ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.readline() not in {b"\r\n", b""}:
        pass
    writer.write(_ANSWER)
    writer.close()


def _call(port: int) -> CallBackend:
    return CallBackend(BackendRequest("GET", f"http://127.0.0.1:{port}/", Headers(), b""), 2_000)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_told_once_and_told_when_it_answers_again() -> None:
    told: list[tuple[str, str]] = []
    backends = WatchedBackends(lambda level, text: told.append((level, text)))
    port = _free_port()
    for _ in range(2):
        assert isinstance(await backends.call(_call(port)), BackendFailure)
    assert told == [
        ("warning", f"The backend http://127.0.0.1:{port} refuses connections: is it running?")
    ]
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    async with server:
        assert isinstance(await backends.call(_call(port)), BackendAnswer)
    assert told[-1] == ("info", f"The backend http://127.0.0.1:{port} can be reached again.")
    await backends.close()


@pytest.mark.slow
async def test_its_return_is_noticed_without_a_request() -> None:
    told: list[str] = []
    back = asyncio.Event()

    def tell(level: str, text: str) -> None:
        told.append(text)
        if level == "info":
            back.set()

    backends = WatchedBackends(tell)
    port = _free_port()
    await backends.call(_call(port))
    watching = asyncio.ensure_future(backends.watch())
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    async with server:
        await asyncio.wait_for(back.wait(), 10)
    assert told[-1] == f"The backend http://127.0.0.1:{port} can be reached again."
    watching.cancel()
    await backends.close()


async def test_who_is_still_down_is_told_of() -> None:
    told: list[tuple[str, str]] = []
    backends = WatchedBackends(lambda level, text: told.append((level, text)))
    first, second = _free_port(), _free_port()
    await backends.call(_call(first))
    await backends.call(_call(second))
    assert [line.split()[2] for line in told[-1][1].splitlines()] == [
        f"http://127.0.0.1:{second}",
        f"http://127.0.0.1:{first}",
    ]
    server = await asyncio.start_server(_serve, "127.0.0.1", first)
    async with server:
        await backends.call(_call(first))
    level, text = told[-1]
    assert (level, f":{second} " in text, f":{first} " in text) == ("warning", True, False)
    await backends.close()


async def test_what_stands_in_for_a_host_is_told_with_its_name() -> None:
    told: list[str] = []
    port = _free_port()
    places = {"pets.example": f"http://127.0.0.1:{port}"}
    backends = WatchedBackends(lambda _level, text: told.append(text), places)
    request = BackendRequest("GET", "https://pets.example/a?b", Headers(), b"")
    await backends.call(CallBackend(request, 2_000))
    [text] = told
    assert text == f"pets.example (127.0.0.1:{port}) refuses connections: is it running?"
    await backends.close()


async def test_a_name_without_an_address_can_be_given_one() -> None:
    told: list[str] = []
    backends = WatchedBackends(lambda _level, text: told.append(text))
    request = BackendRequest("GET", "https://pets.invalid/a", Headers(), b"")
    await backends.call(CallBackend(request, 2_000))
    [text] = told
    assert text.startswith("The backend https://pets.invalid:443 has no address")
    assert text.endswith(": give --backend pets.invalid=URL.")
    await backends.close()

"""What is said on the WebSockets of a sample: turn by turn, each heard before the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import aiohttp

from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from sample_apis.conversations import Turn, is_heard

#: Seconds until a frame has come: the first one waits for a function to start.
PATIENCE = 15.0
#: Exchanges of a conversation that are looked at: a few for each turn.
_MOST = 1000
_OTHERS = "a call of @connections"


def speak(turns: Sequence[Turn], stage: str) -> list[str]:
    """Say it all to the stage at this URL; what came otherwise than expected, in words."""
    return asyncio.run(_speak(turns, stage)) if turns else []


async def _speak(turns: Sequence[Turn], stage: str) -> list[str]:
    parts = urlsplit(stage)
    url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{parts.path}"
    surprises: list[str] = []
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
        room = _Room(client, url, stack)
        for turn in turns:
            surprises += [f"{turn.name}: {each}" for each in await room.take(turn)]
    return surprises


class _Room:
    """Everybody who is connected."""

    def __init__(self, client: aiohttp.ClientSession, url: str, stack: AsyncExitStack) -> None:
        self._client, self._url, self._stack = client, url, stack
        self._people: dict[str, aiohttp.ClientWebSocketResponse] = {}

    async def take(self, turn: Turn) -> list[str]:
        """One turn, and what was odd about it."""
        if turn.connect is not None:
            return await self._connect(turn, turn.connect)
        speaker = self._people.get(turn.who)
        if speaker is None:
            return [f"{turn.who} is not connected"]
        if turn.send is not None:
            await speaker.send_str(turn.send)
        else:
            del self._people[turn.who]
            await speaker.close(code=turn.close or aiohttp.WSCloseCode.OK)
        odd = []
        for who, frames in turn.hears.items():
            for wanted in frames:
                heard = await self._heard(who)
                if heard is None or not is_heard(wanted, heard):
                    odd.append(f"{who} should hear {wanted}, and heard {heard}")
        return odd

    async def _connect(self, turn: Turn, path: str) -> list[str]:
        opening = self._client.ws_connect(f"{self._url}{path}", protocols=turn.protocols)
        try:
            self._people[turn.who] = await self._stack.enter_async_context(opening)
            status = 101
        except aiohttp.WSServerHandshakeError as refused:
            status = refused.status
        except aiohttp.ClientError as error:
            return [f"no answer: {error}"]
        return [] if status == turn.expect else [f"expected {turn.expect}, got {status}"]

    async def _heard(self, who: str) -> str | None:
        """The next frame, None where there comes none."""
        try:
            message = await self._people[who].receive(PATIENCE)
        except (KeyError, TimeoutError):
            return None
        return str(message.data) if message.type is aiohttp.WSMsgType.TEXT else None


def named(turns: Sequence[Turn], reader: Reader, before: int) -> Iterator[tuple[str, int]]:
    """The exchanges since the id `before` as (what was said, id), in the order of their beginnings.

    Each turn is one event of a connection; what a function posted stands between them.
    """
    rows = reader.page(EVERYTHING, after=before, limit=_MOST)
    names = iter([turn.name for turn in turns])
    for row in sorted(rows, key=lambda row: row.started_us):
        socket = reader.exchange(row.id).environment.socket
        yield (_OTHERS if socket is None else next(names, socket.event.lower())), row.id

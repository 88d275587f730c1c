"""Conversations of the core that are under way: carried through, recorded, and ended in time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from addons.crashed import crashed
from addons.exchanges import Asked, exchange_of, unanswered
from addons.performing import Performer
from addons.recorder import Put
from inspector.gateway.answer import Answer
from inspector.gateway.deploy import Served
from inspector.gateway.pipeline import converse
from inspector.runtime.drive import drive_async

#: Seconds that what is under way at the end has to be answered and recorded.
LAST_WORDS = 0.5


class Conversations:
    """Each is begun, carried through and recorded, whatever breaks."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._open: dict[Performer, tuple[Asked, Served]] = {}
        self._quiet: asyncio.Event | None = None

    async def carry_through(self, asked: Asked, served: Served, performer: Performer) -> Answer:
        """The answer. It is recorded once `record` is called, or at the end of the gateway."""
        self._open[performer] = asked, served
        try:
            conversation = converse(served, asked.request, asked.environment)
            return await drive_async(conversation, performer)
        except Exception as error:  # noqa: BLE001  whatever breaks, the client is answered
            return crashed(served, asked, error)
        finally:
            performer.discard()

    def record(self, answer: Answer, performer: Performer, *, gone: bool = False) -> None:
        """Keep what became of it. `gone`: the client had hung up before."""
        found = self._open.pop(performer, None)
        if found is not None:  # else the end of the gateway came first
            self._put(exchange_of(found[0], answer, performer.performed, gone=gone))
        if self._quiet is not None and not self._open:
            self._quiet.set()

    async def come_to_an_end(self) -> None:
        """Wait for those that are open, for a moment at most; record what is left as unanswered."""
        self._quiet = asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                if self._open:
                    await self._quiet.wait()
        while self._open:
            performer, (asked, served) = self._open.popitem()
            self._put(unanswered(asked, performer.performed, served.api.id))

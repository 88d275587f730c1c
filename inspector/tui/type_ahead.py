"""Keys typed faster than the screen can follow go where the keys before them lead.

Textual hands a key to whoever has the focus and reads the next one at once, while the first is
still on its way up to what it is bound to: `/` followed by `s` in one breath would give the `s` to
the list, not to the filter that `/` leads to. Here a key waits until the one before has arrived.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

#: Seconds that the next key waits at most for the one before.
_MOST = 0.15


class TypeAhead:
    """`deliver` is Textual's own way of handling a key."""

    def __init__(self, app: App[Any], deliver: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._typed: deque[events.Key] = deque()
        self._task: asyncio.Task[None] | None = None

    async def typed(self, event: events.Key) -> None:
        """A key was pressed: handled now, or once those before it have arrived."""
        if self._task is not None and not self._task.done():
            self._typed.append(event)
            return
        target = self._app.focused or self._app.screen
        await self._deliver(event)
        self._task = asyncio.create_task(self._pump(target))

    async def _pump(self, target: MessagePump) -> None:
        await self._settled(target)
        while self._typed and self._app.is_running:
            event, target = self._typed.popleft(), self._app.focused or self._app.screen
            await self._deliver(event)
            await self._settled(target)

    async def _settled(self, target: MessagePump) -> None:
        """Until the key has gone up to the app, and what it was bound to has done its part."""
        app = self._app
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST):
                for node in (*_upwards(target, app), app, *_upwards(target, app), app.screen):
                    done = asyncio.Event()
                    if node.call_later(done.set):
                        await done.wait()


def _upwards(target: MessagePump, app: App[Any]) -> list[MessagePump]:
    """The target and its parents up to the screen."""
    nodes: list[MessagePump] = []
    node: MessagePump | None = target
    while node is not None and node is not app:
        nodes.append(node)
        node = node._parent  # noqa: SLF001  `parent` is for nodes of the DOM only
    return nodes

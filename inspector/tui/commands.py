"""The command palette: every action of `keys`, found by its words, each with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from inspector.tui import keys
from inspector.tui.keys import Key

_LEFT_OUT = frozenset(("palette", "down", "up"))


class Commands(Provider):
    """Runs an action where the focus is."""

    def _commands(self) -> Iterator[tuple[Key, str, str]]:
        keymap = getattr(self.app, "keymap", {})
        stepping = self.screen.has_class("debugger")
        for key in keys.ALL:
            here = (key.where == "debugger") == stepping
            if here and key.id not in _LEFT_OUT:
                words = key.help[:1].upper() + key.help[1:]
                yield key, words, f"{keys.TITLES[key.where]}, {keys.shown(key.id, keymap)}"

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for key, words, where in self._commands():
            yield DiscoveryHit(words, partial(self._run, key), help=where)

    async def search(self, query: str) -> Hits:
        """Those that have the letters."""
        matcher = self.matcher(query)
        for key, words, where in self._commands():
            score = max(matcher.match(words), matcher.match(key.id))
            if score > 0:
                yield Hit(score, matcher.highlight(words), partial(self._run, key), help=where)

    async def _run(self, key: Key) -> None:
        """On the widget that has the focus, else on the screen that knows it."""
        screen = self.app.screen
        name = key.action.partition("(")[0].rpartition(".")[2]
        for node in (self.focused, screen.focused, *screen.query("#list, #view"), screen):
            if node is not None and hasattr(node, f"action_{name}"):
                await self.app.run_action(key.action.removeprefix("screen."), node)
                return
        await self.app.run_action(key.action)

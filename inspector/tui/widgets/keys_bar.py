"""The line at the foot: the keys that matter here. `?` lists all of them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from inspector.tui import keys
from inspector.tui.present import footer
from inspector.tui.widgets.lines import Lines


class KeysBar(Lines):
    """Shows as many of its keys as fit; a menu takes their place for a moment."""

    def __init__(self, identities: Sequence[str]) -> None:
        super().__init__(id="keys")
        self._identities = tuple(identities)
        self._menu: list[tuple[str, str]] = []

    def show(self, identities: Sequence[str]) -> None:
        """The keys of these actions."""
        self._identities, self._menu = tuple(identities), []
        self.styles.height = 1
        self.refresh()

    def menu(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Keys with their words, until others are shown."""
        self._menu = list(pairs)
        self.styles.height = len(footer.menu(self._menu, self.content_size.width))
        self.refresh()

    def text_at(self, y: int) -> Text | None:
        width = self.content_size.width
        if self._menu:
            lines = footer.menu(self._menu, width)
            return lines[y] if y < len(lines) else None
        keymap = getattr(self.app, "keymap", {})
        pairs = [(keys.shown(each, keymap), keys.named(each).word) for each in self._identities]
        return footer.keys(pairs, width)

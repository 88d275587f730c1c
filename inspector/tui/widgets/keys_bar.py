"""The line at the foot: the keys that matter here. `?` lists all, `ctrl+b`-like chords stay out."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from inspector.tui.present import footer
from inspector.tui.widgets.lines import Lines


class KeysBar(Lines):
    """Shows as many of its keys as fit; a message takes their place for a moment."""

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(id="keys")
        self.keys = list(keys)

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Other keys."""
        self.keys = list(keys)
        self.refresh()

    def text_at(self, y: int) -> Text | None:
        return footer.keys(self.keys, self.content_size.width)

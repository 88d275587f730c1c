"""`gg`, the only key of two strokes."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


class TwoStrokes(Widget):
    """A part of a widget that has a first line to go to."""

    _g = False

    def action_first(self) -> None:
        """To the first."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        """The second `g` in a row counts."""
        again, self._g = self._g and event.key == "g", event.key == "g"
        if event.key == "g":
            event.stop()
            if again:
                self._g = False
                self.action_first()

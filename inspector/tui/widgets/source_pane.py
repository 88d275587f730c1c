"""A template with its gutter: the statement about to run, breakpoints, and a cursor of the user's."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType

from inspector.gateway.velocity.stepping import Debugger
from inspector.tui import keys
from inspector.tui.present import debugging, styles
from inspector.tui.widgets.lines import Lines, bar, with_bar


class SourcePane(Lines, can_focus=True):
    """Shows the template of a debugger. `cursor` is the line (from 1) that breakpoints go to."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.MOVE)]

    def __init__(self) -> None:
        super().__init__(id="source")
        self.debugger: Debugger | None = None
        self.cursor = 1
        self._top = 0
        self._text = ""
        self._lines: list[str] = []
        self._starts: list[int] = []

    def follow(self, debugger: Debugger) -> None:
        """Show where it stands; the cursor goes there."""
        self.debugger = debugger
        text = debugger.recorded.template
        if text != self._text or not self._lines:
            self._text = text
            self._lines = text.split("\n")
            self._starts = debugging.starts(self._lines)
        event = debugger.current or debugger.last
        if event is not None:
            self.cursor = event.span.line
        self._settle()

    def text_at(self, y: int) -> Text | None:
        """A line of the template and its piece of the scroll bar."""
        number = self._top + y + 1
        if self.debugger is None:
            return None
        width, height, total = self.content_size.width, self.content_size.height, len(self._lines)
        text = Text(end="")
        if number <= total:
            current = self.debugger.current
            stops = {each.line: each for each in self.debugger.breakpoints}
            gutter = debugging.Gutter(current.span if current else None, stops)
            line, start = self._lines[number - 1], self._starts[number - 1]
            text = debugging.template_line(number, line, start, gutter)
        if total <= height:
            return text
        return with_bar(text, width, bar(self._top / (total - height), height / total, y, height))

    def style_at(self, y: int) -> str:
        """The user's cursor."""
        return styles.CURSOR_AWAY if self._top + y + 1 == self.cursor and self.has_focus else ""

    def _settle(self) -> None:
        height = max(self.content_size.height, 1)
        self.cursor = min(max(self.cursor, 1), max(len(self._lines), 1))
        margin = min(2, height // 3)
        if self.cursor - 1 < self._top + margin:
            self._top = self.cursor - 1 - margin
        elif self.cursor > self._top + height - margin:
            self._top = self.cursor + margin - height
        self._top = min(max(self._top, 0), max(len(self._lines) - height, 0))
        self.refresh()

    def action_move(self, lines: int) -> None:
        """The cursor by lines."""
        self.cursor += lines
        self._settle()

    def action_page(self, pages: float) -> None:
        """By screens."""
        self.action_move(int(max(self.content_size.height - 1, 1) * pages) or 1)

    def action_first(self) -> None:
        """To the first line."""
        self.action_move(-len(self._lines))

    def action_last(self) -> None:
        """To the last line."""
        self.action_move(len(self._lines))

    def resized(self) -> None:
        """Another size."""
        self._settle()

"""A template with its gutter: the statement about to run, breakpoints, and a cursor of the user's."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from inspector.gateway.velocity.stepping import Debugger
from inspector.tui import keys
from inspector.tui.present import debugging, styles
from inspector.tui.widgets.lines import Lines, bar, with_bar

_STEP = 8


class SourcePane(Lines, can_focus=True):
    """Shows the template of a debugger. `cursor` is the line (from 1) that breakpoints go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings(keys.MOVE),
        Binding("right", "sideways(1)", show=False),
        Binding("left", "sideways(-1)", show=False),
    ]

    class Looked(Message):
        """The user moved the cursor to a line (from 1)."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    class Toggled(Message):
        """The user clicked into the gutter of a line (from 1)."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self) -> None:
        super().__init__(id="source")
        self.debugger: Debugger | None = None
        self.cursor = 1
        self._top = self._left = self._shift = 0
        self._column = 1
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
            self._column = event.span.column
        self._show_column()
        self._settle()

    def _show_column(self) -> None:
        """Shift a long line so far that its statement is in sight, with what stands before it."""
        room = max(self.content_size.width - debugging.GUTTER - 1, 2 * _STEP)
        self._shift = 0 if self._column <= room - _STEP else self._column - room // 2

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
            here = current is not None and current.span.line == number
            left = self._left or (self._shift if here else 0)
            text = debugging.template_line(number, line, start, gutter, left)
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
        self.post_message(self.Looked(self.cursor))

    def action_sideways(self, steps: int) -> None:
        """Along long lines."""
        self._left = max(self._left + steps * _STEP, 0)
        self.refresh()

    def action_page(self, pages: float) -> None:
        """By screens."""
        self.action_move(int(max(self.content_size.height - 1, 1) * pages) or 1)

    def action_first(self) -> None:
        """To the first line."""
        self.action_move(-len(self._lines))

    def action_last(self) -> None:
        """To the last line."""
        self.action_move(len(self._lines))

    def on_click(self, event: events.Click) -> None:
        """The cursor to the line clicked; in the gutter a breakpoint."""
        at = event.get_content_offset(self)
        if at is None or self._top + at.y >= len(self._lines):
            return
        self.action_move(self._top + at.y + 1 - self.cursor)
        if at.x < debugging.GUTTER:
            self.post_message(self.Toggled(self.cursor))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self.action_move(-3)

    def resized(self) -> None:
        """Another size."""
        self._show_column()
        self._settle()

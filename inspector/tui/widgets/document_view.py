"""A document on the screen: only the lines that are visible are ever laid out or wrapped."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from inspector.tui import keys
from inspector.tui.present import styles
from inspector.tui.present.document import Document, Hit, Needle
from inspector.tui.present.wrapping import rows
from inspector.tui.widgets.lines import Lines, bar, with_bar
from inspector.tui.widgets.two_strokes import TwoStrokes

_SIDEWAYS = 8


class DocumentView(TwoStrokes, Lines, can_focus=True):
    """Scrolls, folds, wraps and searches a `Document`. The cursor is on one of its lines.

    The first line drawn is `top`, from its wrapped row `sub` on, so a line taller than the screen
    can be read to its end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings((*keys.MOVE, *keys.VIEW)),
        Binding("l,right", "sideways(1)", show=False),
        Binding("h,left", "sideways(-1)", show=False),
        Binding("enter", "fold", show=False),
    ]
    wrap: reactive[bool] = reactive(True)

    class Searched(Message):
        """The search moved: hit `number` of `total` (from 1; 0 for none)."""

        def __init__(self, needle: str, number: int, total: int) -> None:
            super().__init__()
            self.needle = needle
            self.number = number
            self.total = total

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.document = Document([])
        self.top = self.sub = self.cursor = self.left = 0
        self.needle = Needle("")
        self.hits: list[Hit] = []
        self.hit = -1
        self._rows: list[tuple[int, Text]] = []

    def show(self, document: Document, *, keep_place: bool = False) -> None:
        """Another document, from its beginning or about where the last one was."""
        self.document = document
        if not keep_place:
            self.top = self.cursor = self.left = 0
        self.sub = 0
        self.hits, self.hit = document.find(self.needle), -1
        self._settle()

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    def _row_count(self, line: int) -> int:
        if not self.wrap:
            return 1
        return len(self._wrapped(line, self.document.line(line)))

    def _wrapped(self, line: int, text: Text) -> list[Text]:
        width = max(self.content_size.width - 1, 1)
        return rows(text, width, words=self.document.in_words(line))

    def _lay_out(self) -> None:
        """The rows of the screen, from `top` on."""
        self._rows = []
        height = self.content_size.height
        line, skip = self.top, self.sub
        while line < len(self.document) and len(self._rows) < height:
            text = self._marked(line)
            parts = self._wrapped(line, text) if self.wrap else [_shifted(text, self.left)]
            self._rows += [(line, part) for part in parts[skip:]]
            line, skip = line + 1, 0
        del self._rows[height:]

    def _marked(self, line: int) -> Text:
        """A line with the places that were searched."""
        text = self.document.line(line)
        if self.needle.text:
            text = text.copy()
            here = self.hit >= 0 and line == self.cursor
            for at in self.needle.places(text.plain):
                style = styles.CURRENT_HIT if here else styles.HIT
                text.stylize(style, at, at + len(self.needle.text))
        return text

    def text_at(self, y: int) -> Text | None:
        """A row of the screen with its piece of the scroll bar."""
        height, total = self.content_size.height, len(self.document)
        text = self._rows[y][1].copy() if y < len(self._rows) else Text(end="")
        seen = len({line for line, _ in self._rows})
        if total <= seen:
            return text
        cell = bar(self.top / max(total - seen, 1), seen / total, y, height)
        return with_bar(text, self.content_size.width, cell)

    def style_at(self, y: int) -> str:
        """The cursor's line, while the view has the focus."""
        on_cursor = y < len(self._rows) and self._rows[y][0] == self.cursor
        return styles.CURSOR_AWAY if on_cursor and self.has_focus else ""

    def _settle(self) -> None:
        """Bring places back into the document and the cursor onto the screen, and repaint."""
        last = max(len(self.document) - 1, 0)
        self.cursor = min(max(self.cursor, 0), last)
        self.top = min(max(self.top, 0), last)
        if self.cursor < self.top:
            self.top, self.sub = self.cursor, 0
        self._show_cursor_from_below()
        self._lay_out()
        self.refresh()

    def _show_cursor_from_below(self) -> None:
        """Scroll just so far that the cursor's line ends on the screen (or begins there)."""
        if not len(self.document):
            return
        height, rows = max(self.content_size.height, 1), 0
        line = self.cursor
        while line >= self.top and rows <= height:
            rows += self._row_count(line) - (self.sub if line == self.top else 0)
            line -= 1
        if rows <= height and line < self.top:
            return
        rows = self._row_count(self.cursor)
        if rows >= height:
            if self.top != self.cursor:
                self.top, self.sub = self.cursor, 0
            return
        line = self.cursor
        while line > 0 and rows + self._row_count(line - 1) <= height:
            line -= 1
            rows += self._row_count(line)
        self.top, self.sub = line, 0

    # ── moving ────────────────────────────────────────────────────────────────────────────────

    def action_move(self, lines: int) -> None:
        """The cursor by lines; within a line taller than the screen by rows."""
        height = max(self.content_size.height, 1)
        if lines == 1 and self._row_count(self.cursor) - self._hidden() > height:
            self.top, self.sub = self.cursor, self._hidden() + 1
        elif lines == -1 and self._hidden():
            self.sub -= 1
        else:
            self.cursor += lines
            if self.cursor == self.top:
                self.sub = 0
        self._settle()

    def _hidden(self) -> int:
        """How many rows of the cursor's line are above the screen."""
        return self.sub if self.top == self.cursor else 0

    def action_page(self, pages: float) -> None:
        """By screens."""
        self.action_move(int(max(self.content_size.height - 1, 1) * pages) or 1)

    def action_first(self) -> None:
        """To the beginning."""
        self.cursor = self.top = self.sub = self.left = 0
        self._settle()

    def action_last(self) -> None:
        """To the end."""
        self.cursor = max(len(self.document) - 1, 0)
        self._settle()

    def action_sideways(self, steps: int) -> None:
        """Along lines that are not wrapped; else fold and unfold."""
        if self.wrap:
            self.action_fold()
            return
        self.left = max(self.left + steps * _SIDEWAYS, 0)
        self._settle()

    def action_fold(self) -> None:
        """Fold or unfold the value on the cursor's line."""
        if self.document.toggle(self.cursor):
            self._settle()

    def action_fold_all(self, folded: bool) -> None:  # noqa: FBT001 (an action's argument)
        """Fold everything, or open everything."""
        self.document.fold_all(folded=folded)
        self._settle()

    def action_wrap(self) -> None:
        """Wrap long lines, or let them run out of the screen."""
        self.wrap = not self.wrap

    def watch_wrap(self) -> None:
        """Lay out anew."""
        self.left = self.sub = 0
        if self.is_mounted:
            self._settle()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        self.action_move(lines)

    def on_click(self, event: events.Click) -> None:
        """The cursor to the line clicked; a second click folds it."""
        at = event.get_content_offset(self)
        if at is None or at.y >= len(self._rows):
            return
        if at.x >= self.content_size.width - 1 and len(self.document) > len(self._rows):
            share = at.y / max(self.content_size.height - 1, 1)
            self.cursor = self.top = int(share * (len(self.document) - 1))
        else:
            self.cursor = self._rows[at.y][0]
            if event.chain == 2:
                self.document.toggle(self.cursor)
        self._settle()

    def resized(self) -> None:
        """Another size wraps in other places."""
        self._settle()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def value(self) -> bytes:
        """The value on the cursor's line as it was sent, else the line."""
        return self.document.source(self.cursor) or self.current_line().encode()

    def current_line(self) -> str:
        """The text of the cursor's line."""
        return self.document.text(self.cursor, self.cursor).strip()

    # ── searching ─────────────────────────────────────────────────────────────────────────────

    def search(self, text: str, *, from_here: bool = True) -> None:
        """Mark every place of `text` and go to the first from the cursor on."""
        self.needle = Needle(text)
        self.hits = self.document.find(self.needle)
        self.hit = -1
        if self.hits and from_here:
            self.hit = self._first_from_cursor() - 1
            self.action_next_hit(1)
            return
        self._settle()
        self.post_message(self.Searched(text, 0, len(self.hits)))

    def _first_from_cursor(self) -> int:
        here = self.document.place_of_line(self.cursor)
        later = (number for number, hit in enumerate(self.hits) if (hit.block, hit.unit) >= here)
        return next(later, 0)

    def action_next_hit(self, step: int) -> None:
        """To the next place found, round and round."""
        if not self.hits:
            self.post_message(self.Searched(self.needle.text, 0, 0))
            return
        self.hit = (self.hit + step) % len(self.hits)
        self.cursor = self.document.reveal(self.hits[self.hit])
        self._settle()
        self.post_message(self.Searched(self.needle.text, self.hit + 1, len(self.hits)))


def _shifted(text: Text, left: int) -> Text:
    """A line from column `left` on."""
    return text[left:] if left else text

"""The live list of exchanges: draws the feed's window, moves its cursor."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.rows import Row
from inspector.tui import keys
from inspector.tui.feed import Feed
from inspector.tui.present import rows, styles, units
from inspector.tui.present.safe import clean, ink
from inspector.tui.widgets.lines import Lines, bar, with_bar
from inspector.tui.widgets.two_strokes import TwoStrokes

_WRONG = parse("status:>=400 or outcome:failed or outcome:broken")
_MARKED = parse("marked:yes")


#: So many lines are kept as they were drawn.
_KEPT = 2000


class ExchangeList(TwoStrokes, Lines, can_focus=True):
    """One line an exchange, the column names above, what waits below the screen at its end."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings((*keys.MOVE, *keys.LIST))]

    class Moved(Message):
        """The cursor is on another exchange now."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """The exchange under the cursor is to be opened."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(id="list")
        self.feed = feed
        self._cursor_id: int | None = None
        self._shown: list[tuple[object, ...]] = []
        self._strips: dict[tuple[object, ...], Strip] = {}

    def repaint(self) -> None:
        """The feed has changed: draw the lines that are other than before."""
        current = self.feed.window.current
        now = None if current is None else current.id
        lines = [self._line(y) for y in range(self.content_size.height)]
        before, self._shown = self._shown, lines
        if len(before) != len(lines):
            self.refresh()
        else:
            changed = [y for y, line in enumerate(lines) if line != before[y]]
            if changed:
                self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))
        if now != self._cursor_id:
            self._cursor_id = now
            self.post_message(self.Moved(current))

    def _line(self, y: int) -> tuple[object, ...]:
        """What a line looks like depends on, so that what is drawn can be drawn again."""
        window = self.feed.window
        row = window.row_at(y - 1) if y else None
        if row is None:
            remark = self._remark(y) if y else None
            return self.content_size.width, remark and remark.plain, y == 0
        waiting = self._waiting() if y == window.height else None
        if waiting is not None:
            return self.content_size.width, waiting.plain
        mark = self._bar(y - 1)
        return self.content_size.width, row, self.style_at(y), mark

    def render_line(self, y: int) -> Strip:
        """As drawn before, where nothing has changed."""
        if self.text_selection is not None:
            return super().render_line(y)
        key = self._line(y)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > _KEPT:
                self._strips.clear()
            strip = self._strips[key] = super().render_line(y)
        return strip.apply_offsets(0, y)

    def notify_style_update(self) -> None:
        """Other colours."""
        self._strips.clear()
        super().notify_style_update()

    def text_at(self, y: int) -> Text | None:
        """The column names, then the rows."""
        width, window = self.content_size.width, self.feed.window
        columns = rows.layout(width - 1)
        if y == 0:
            return rows.header(columns)
        row = window.row_at(y - 1)
        if row is None:
            return self._remark(y)
        waiting = self._waiting() if y == window.height else None
        if waiting is not None:
            return waiting
        text = rows.draw(row, columns, marked=row.marked)
        return with_bar(text, width, self._bar(y - 1))

    def _remark(self, y: int) -> Text | None:
        """What an empty list says."""
        if y not in (2, 4) or self.feed.window.rows:
            return None
        if y == 4:
            trial = "" if self.feed.total else getattr(self.app, "trial", "")
            return ink(f"  {clean(trial)}", styles.ACCENT) if trial else None
        if self.feed.error:
            return ink(f"  {clean(self.feed.error)}", styles.BAD)
        if not self.feed.loaded:
            return None
        if self.feed.total:
            return ink("  Nothing matches. esc clears the filter.", styles.DIM)
        return ink("  No exchanges yet. Send a request and it appears here.", styles.DIM)

    def _waiting(self) -> Text | None:
        """How many rows came in below the screen while the list stayed put."""
        window = self.feed.window
        if self.feed.follow or window.cursor >= window.top + window.height - 1:
            return None
        below = window.below + 1
        if not self.feed.arrived or (window.at_end and below <= 1):
            return None
        more = "" if window.at_end else "+"
        line = ink(f"  ↓ {units.number(below)}{more} newer below", styles.NOTICE)
        return line.append("   G goes to the newest, F follows", styles.DIM)

    def _bar(self, y: int) -> tuple[str, str]:
        """The scroll bar: by id, because ids are all that is known of a million rows."""
        window, feed = self.feed.window, self.feed
        span = max(feed.newest - feed.oldest, 1)
        if len(window.rows) <= window.height and window.at_start and window.at_end:
            return " ", ""
        shown = window.visible()
        covered = (shown[-1].id - shown[0].id + 1) / span
        position = (shown[0].id - feed.oldest) / max(span - (shown[-1].id - shown[0].id), 1)
        return bar(position, covered, y, window.height)

    def style_at(self, y: int) -> str:
        """The cursor's row."""
        window = self.feed.window
        if y == 0 or not window.rows or y - 1 != window.cursor - window.top:
            return ""
        return styles.CURSOR if self.has_focus else styles.CURSOR_AWAY

    def resized(self) -> None:
        """The window is as high as the list, less its heading."""
        self.feed.window.resize(self.content_size.height - 1)
        self.feed.fill()
        self.refresh()

    def action_move(self, steps: int) -> None:
        """By rows."""
        self.feed.move(steps)

    def action_page(self, pages: float) -> None:
        """By screens."""
        self.feed.move(int(max(self.feed.window.height - 1, 1) * pages))

    def action_first(self) -> None:
        """To the oldest."""
        self.feed.first()

    def action_last(self) -> None:
        """To the newest."""
        self.feed.last()

    def action_follow(self) -> None:
        """Stay on the newest, or stay put."""
        self.feed.toggle_follow()

    def action_next_match(self, step: int) -> None:
        """To the next that went wrong; under a filter every row is a match."""
        if self.feed.filter != EVERYTHING:
            self.feed.move(step)
        else:
            self.feed.seek(_WRONG, step)

    def action_next_mark(self, step: int) -> None:
        """To the next favourite."""
        self.feed.seek(_MARKED, step)

    def action_open(self) -> None:
        """Look at the exchange under the cursor."""
        if self.feed.window.current is not None:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.feed.scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.feed.scroll(-3)

    def on_click(self, event: events.Click) -> None:
        """The cursor to the row clicked; a second click opens it."""
        at = event.get_content_offset(self)
        window = self.feed.window
        if at is None or not 1 <= at.y <= len(window.visible()):
            return
        if at.x >= self.content_size.width - 1:
            span = self.feed.newest - self.feed.oldest
            share = (at.y - 1) / max(window.height - 1, 1)
            self.feed.at(self.feed.oldest + round(span * share))
            return
        self.feed.move(window.top + at.y - 1 - window.cursor)
        if event.chain == 2:
            self.action_open()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

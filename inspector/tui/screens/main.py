"""The home: the list, and below it the exchange under its cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.reader import Reader
from inspector.recording.rows import Row
from inspector.tui import keys
from inspector.tui.feed import Feed
from inspector.tui.notices import Notice, Notices
from inspector.tui.present import filtering, footer
from inspector.tui.reading import Opened, read
from inspector.tui.screens.deeds import Deeds
from inspector.tui.store import Failed, Store
from inspector.tui.views import DIFFERENCE, VIEWS
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.exchange_list import ExchangeList
from inspector.tui.widgets.exchange_pane import ExchangePane
from inspector.tui.widgets.filter_bar import FilterBar
from inspector.tui.widgets.keys_bar import KeysBar
from inspector.tui.widgets.lines import Lines

LIST_KEYS = ("open", "find", "replay", "edit", "copy", "mark", "follow", "caller", "palette",
             "help", "quit")  # fmt: skip
VIEW_KEYS = ("back", "find", "replay", "edit", "difference", "remedy", "step", "copy", "full", "palette",
             "help", "quit")  # fmt: skip
#: Seconds that the cursor rests before the open exchange follows it.
_REST = 0.07
#: Shares of the screen that the exchange can have, in percent.
_SHARES = (30, 50, 67, 80)


class TopLine(Lines):
    """Which API, where, how much, as whom."""

    def __init__(self, where: footer.Where) -> None:
        super().__init__(id="top")
        self.where = where

    def text_at(self, y: int) -> Text | None:
        return footer.top(self.where, self.content_size.width)


class NoticeLine(Lines):
    """What the user should know while it lasts."""

    def __init__(self, notices: Notices) -> None:
        super().__init__(id="notice")
        self._notices = notices

    def text_at(self, y: int) -> Text | None:
        worst, standing = self._notices.worst, self._notices.standing
        if worst is None:
            return None
        return footer.notice(worst.level, worst.text, len(standing) - 1, self.content_size.width)


class MainScreen(Deeds, Screen[None]):
    """List, filter, exchange. What is done to an exchange is in `Deeds`."""

    CSS_PATH: ClassVar[str] = "main.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings((*keys.EVERYWHERE, *keys.EXCHANGE)),
        *(Binding(str(number), f"tab({number})", view.name, show=False)
          for number, view in enumerate(VIEWS)),
    ]  # fmt: skip

    def __init__(
        self, store: Store, where: footer.Where, filter_text: str, notices: Notices
    ) -> None:
        super().__init__()
        self.where = where
        self.notices = notices
        self._store = store
        self._filter_text = filter_text
        self._share = 2
        self._following: Timer | None = None
        self.feed = Feed(store, parse(filter_text) if filter_text else EVERYTHING, self._painted)

    def compose(self) -> ComposeResult:
        """Top line, notices, filter, list, exchange, keys."""
        yield TopLine(self.where)
        yield NoticeLine(self.notices)
        yield FilterBar(self._filter_text)
        yield ExchangeList(self.feed)
        yield ExchangePane()
        yield KeysBar(LIST_KEYS)

    def on_mount(self) -> None:
        """The list comes first."""
        self.pane.display = False
        self.list.focus()
        self.notified(None)
        self.feed.open()
        self.feed.count()

    @property
    def list(self) -> ExchangeList:
        """The list of exchanges."""
        return self.query_one(ExchangeList)

    @property
    def pane(self) -> ExchangePane:
        """The exchange."""
        return self.query_one(ExchangePane)

    # ── the list ──────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        """The recording has been written to."""
        self.feed.changed()

    def _painted(self) -> None:
        if not self.query(FilterBar):
            return  # not there yet, or gone already
        feed = self.feed
        self._tell_trouble(feed.error)
        self.list.repaint()
        self.tell(follow=feed.follow, total=feed.total)
        text = None
        if feed.filter != EVERYTHING:
            text = filtering.counted(
                feed.matches, feed.total, counting=feed.counting, loading=feed.loading
            )
        self.query_one(FilterBar).count(text)

    def _tell_trouble(self, error: str) -> None:
        """A recording that cannot be read is to be known wherever one looks."""
        standing = self.notices.standing.get("reading")
        if error and (standing is None or standing.text != error):
            self.notices.tell("reading", "error", error)
        elif standing is not None and not error:
            del self.notices.standing["reading"]
            self.notified(None)

    def tell(self, **changed: object) -> None:
        """The top line says something else."""
        line = self.query_one(TopLine)
        self.where = self.where.but(**changed)
        if line.where != self.where:
            line.where = self.where
            line.refresh()

    def notified(self, notice: Notice | None) -> None:
        """What the user should know has changed. Of the topic `gateway` is only its end."""
        if notice is not None and notice.topic == "gateway" and self.query(TopLine):
            self.tell(live=False)
        for line in self.query(NoticeLine):
            line.display = self.notices.worst is not None
            line.refresh()

    def on_filter_bar_narrowed(self, event: FilterBar.Narrowed) -> None:
        """The filter works as it is typed."""
        if event.chosen != self.feed.filter:
            self.feed.narrow(event.chosen)

    def on_filter_bar_left(self) -> None:
        """To the list."""
        self.list.focus()

    def on_filter_bar_wanted(self, event: FilterBar.Wanted) -> None:
        """What a field can be is looked up in the recording."""
        field, bar = event.field, self.query_one(FilterBar)

        def then(found: list[str] | Failed) -> None:
            if not isinstance(found, Failed) and found:
                bar.know(field, found)

        self._store.slow.ask(f"values {field}", lambda reader: reader.values(field), then)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys that matter here."""
        self.show_keys()

    def show_keys(self) -> None:
        """The foot line for where the focus is."""
        in_view = isinstance(self.focused, DocumentView)
        self.query_one(KeysBar).show(VIEW_KEYS if in_view else LIST_KEYS)

    def on_exchange_list_moved(self, event: ExchangeList.Moved) -> None:
        """An exchange that is open beside the list follows the cursor."""
        if self._following is not None:
            self._following.stop()
        if self.pane.display and event.row is not None:
            number = event.row.id
            self._following = self.set_timer(_REST, lambda: self.ask(number, self.pane.show))

    def on_exchange_list_opened(self) -> None:
        """Open the one under the cursor."""
        self.open(focus=True)

    # ── the exchange ──────────────────────────────────────────────────────────────────────────

    def open(self, *, focus: bool = False) -> None:
        """Show the exchange under the cursor."""
        row = self.feed.window.current
        if row is None:
            return
        self.pane.display = True
        self.ask(row.id, self.pane.show)
        if focus:
            self.pane.view.focus()

    def ask(self, number: int, then: Callable[[Opened], None]) -> None:
        """Read an exchange, then do this with it; say so where it cannot be read."""

        def work(reader: Reader) -> Opened | None:
            try:
                return read(reader, number)
            except KeyError:
                return None

        def found(opened: Opened | Failed | None) -> None:
            if isinstance(opened, Failed):
                self.notify(opened.message, severity="error", markup=False)
            elif opened is None:
                self.notify(f"{number} is no longer in the recording.", markup=False)
            else:
                then(opened)

        self._store.quick.ask("exchange", work, found)

    def with_current(self, then: Callable[[Opened], None]) -> None:
        """Do this with the exchange under the cursor."""
        row, opened = self.feed.window.current, self.pane.opened
        if row is None:
            return
        if opened is not None and opened.id == row.id:
            then(opened)
        else:
            self.ask(row.id, then)

    def show_number(self, number: int, tab: int) -> None:
        """Put the cursor on an exchange, and show this view of it; a filter gives way to it."""
        bar, chosen = self.query_one(FilterBar), self.feed.filter

        def then(found: list[Row] | Failed) -> None:
            if isinstance(found, Failed) or [row.id for row in found] != [number]:
                self.notify(f"The filter hid {number}, so it was cleared.", markup=False)
                self.feed.narrow(EVERYTHING)
                bar.input.value = ""
            self._show_number(number, tab)

        if bar.input.value:
            self._store.quick.ask(
                "hidden", lambda reader: reader.page(chosen, after=number - 1, limit=1), then
            )
        else:
            self._show_number(number, tab)

    def _show_number(self, number: int, tab: int) -> None:
        self.feed.at(number)
        self.pane.display = True
        self.pane.choose(tab)
        self.ask(number, self.pane.show)
        self.pane.view.focus()

    def action_tab(self, number: int) -> None:
        """Another view of the exchange."""
        if self.pane.display:
            self.pane.choose(number)
        else:
            self.pane.choose(number)
            self.open(focus=True)

    def action_difference(self) -> None:
        """The answer beside that of the original."""
        self.action_tab(DIFFERENCE)

    # ── finding one's way ─────────────────────────────────────────────────────────────────────

    def action_find(self) -> None:
        """Filter the list, or search in the view."""
        if isinstance(self.focused, DocumentView):
            self.pane.ask_search()
        else:
            self.query_one(FilterBar).input.focus()

    def action_switch(self) -> None:
        """Between list and exchange."""
        if isinstance(self.focused, ExchangeList) and self.pane.display:
            self.pane.view.focus()
        else:
            self.remove_class("full")
            self.list.focus()

    def action_full(self) -> None:
        """Give the exchange the whole screen, or give it back."""
        if not self.pane.display:
            self.open(focus=True)
        self.toggle_class("full")
        if self.has_class("full"):
            self.pane.view.focus()

    def action_size(self, step: int) -> None:
        """More or less room for the exchange."""
        self._share = min(max(self._share + step, 0), len(_SHARES) - 1)
        self.pane.styles.height = f"{_SHARES[self._share]}%"

    def action_bar(self) -> None:
        """Hide the line of keys, or show it."""
        bar = self.query_one(KeysBar)
        bar.display = not bar.display

    def action_back(self) -> None:
        """One step back."""
        bar = self.query_one(FilterBar)
        if self.end_copying():
            return
        if self.pane.searching:
            self.pane.end_search()
        elif isinstance(self.focused, DocumentView):
            if self.has_class("full"):
                self.remove_class("full")
                return
            self.pane.display = False
            self.list.focus()
        elif isinstance(self.focused, Input) or bar.input.value:
            bar.input.value = ""
            self.list.focus()
        elif self.pane.display:
            self.pane.display = False
        else:
            self.notices.standing.clear()
            self.notified(None)

    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.feed.window.current

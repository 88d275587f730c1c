"""The one place where everything happens: the list, and beside or below it the exchange."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input

from inspector.message import Request
from inspector.recording.filters import EVERYTHING, Filter, FilterError, describe, parse
from inspector.replay.curl import to_curl, url_of
from inspector.replay.resend import ResendError, through_gateway
from inspector.tui import clipboard
from inspector.tui.feed import Feed
from inspector.tui.present import diff, footer, messages, steps, styles, title
from inspector.tui.present.document import Document
from inspector.tui.reading import Opened, read
from inspector.tui.screens.editor import EditorScreen
from inspector.tui.screens.help import HelpScreen
from inspector.tui.store import Failed, Store
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.exchange_list import ExchangeList
from inspector.tui.widgets.keys_bar import KeysBar
from inspector.tui.widgets.lines import Lines

TABS = ("Steps", "Request", "Backend", "Response", "Difference")
LIST_KEYS = (
    ("enter", "open"), ("r", "replay"), ("e", "edit"), ("/", "filter"), ("F", "follow"),
    ("y", "copy"), ("ctrl+p", "commands"), ("?", "keys"), ("q", "quit"),
)  # fmt: skip
VIEW_KEYS = (
    ("1-5", "views"), ("/", "search"), ("r", "replay"), ("e", "edit"), ("d", "difference"),
    ("y", "copy"), ("f", "full"), ("esc", "back"), ("?", "keys"),
)  # fmt: skip
COPY_KEYS = (
    ("b", "answer's body"), ("r", "request's body"), ("u", "URL"), ("h", "headers"),
    ("c", "curl"), ("C", "curl with secrets"), ("esc", "nothing"),
)  # fmt: skip


class TopLine(Lines):
    """Which API, where, how much, since when."""

    def __init__(self) -> None:
        super().__init__(id="top")
        self.where = footer.Where()

    def text_at(self, y: int) -> Text | None:
        if self.where.trouble:
            return footer.trouble(self.where.trouble)
        return footer.top(self.where, self.content_size.width)


class Heading(Lines):
    """The exchange's title, and the views it opens into."""

    def __init__(self) -> None:
        super().__init__(id="heading")
        self.opened: Opened | None = None
        self.tab = 0

    def text_at(self, y: int) -> Text | None:
        if self.opened is None:
            return None
        if y == 0:
            return title.title(self.opened.exchange)
        text = Text(no_wrap=True, end="")
        for index, name in enumerate(TABS):
            style = styles.TAB if index == self.tab else styles.DIM
            text.append(f"{index + 1} ", styles.FAINT).append(name, style).append("   ")
        return text


class MainScreen(Screen[None]):
    """List, filter, exchange."""

    CSS_PATH: ClassVar[str] = "main.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Filter or search"),
        Binding("F", "follow", "Follow the newest"),
        Binding("r", "replay", "Replay through the gateway"),
        Binding("e", "edit", "Edit and send"),
        Binding("d", "tab(4)", "Difference to the original"),
        Binding("y", "copy", "Copy"),
        Binding("f", "full", "Full screen"),
        Binding("question_mark,f1", "help", "Keys"),
        Binding("escape", "back", "Back"),
        Binding("q", "app.quit", "Quit"),
        *(Binding(str(number + 1), f"tab({number})", name) for number, name in enumerate(TABS)),
    ]

    def __init__(self, store: Store, where: footer.Where, filter_text: str, url: str) -> None:
        super().__init__()
        self._where = where
        self._url = url
        self._tab = 0
        self._opened: Opened | None = None
        self._copying = False
        self.feed = Feed(store, parse(filter_text) if filter_text else EVERYTHING, self._painted)
        self._store = store
        self._filter_text = filter_text

    def compose(self) -> ComposeResult:
        """Top line, filter, list, exchange, keys."""
        yield TopLine()
        yield Input(
            self._filter_text, placeholder="/ filter: status:>=400 path:/pets", id="filter",
            compact=True, select_on_focus=False,
        )  # fmt: skip
        yield ExchangeList(self.feed)
        with Vertical(id="exchange"):
            yield Heading()
            yield DocumentView(id="view")
        yield Input(placeholder="search", id="search", compact=True)
        yield KeysBar(LIST_KEYS)

    def on_mount(self) -> None:
        """The list comes first."""
        self.query_one("#search").display = False
        self.query_one("#exchange").display = False
        self.query_one(ExchangeList).focus()
        self.feed.open()
        self.feed.count()

    # ── the list ──────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        """The recording has been written to."""
        self.feed.changed()

    def _painted(self) -> None:
        if not self.is_mounted:
            return
        self.query_one(ExchangeList).repaint()
        top = self.query_one(TopLine)
        where = self._where
        top.where = footer.Where(
            where.api, where.stage, where.address, bool(self._url), self.feed.follow,
            self.feed.total, where.recording, self.feed.error,
        )  # fmt: skip
        top.refresh()
        self._explain()

    def _explain(self) -> None:
        feed = self.feed
        if feed.filter == EVERYTHING:
            said = ""
        elif feed.matches is None or feed.counting:
            said = f"{describe(feed.filter)} · counting …"
        else:
            said = f"{describe(feed.filter)} · {feed.matches:,} of {feed.total or 0:,}"
        self.query_one("#filter", Input).border_title = None
        bar = self.query_one(KeysBar)
        in_filter = self.query_one("#filter", Input).has_focus
        if in_filter and said:
            bar.show([(said, ""), ("enter", "to the list"), ("esc", "clear")])

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter works as it is typed."""
        if event.input.id == "search":
            self.query_one(DocumentView).search(event.value)
            return
        try:
            chosen: Filter = parse(event.value)
        except FilterError as error:
            keys = self.query_one(KeysBar)
            keys.show([("✗", f"{error.message}; expected {error.expected[:90]}")])
            return
        if chosen != self.feed.filter:
            self.feed.narrow(chosen)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back to what is filtered or searched."""
        if event.input.id == "search":
            event.input.display = False
            self.query_one(DocumentView).focus()
        else:
            self.query_one(ExchangeList).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys that matter here."""
        in_view = isinstance(event.widget, DocumentView)
        self.query_one(KeysBar).show(VIEW_KEYS if in_view else LIST_KEYS)

    def on_exchange_list_moved(self, event: ExchangeList.Moved) -> None:
        """An exchange that is open beside the list follows the cursor."""
        if self.query_one("#exchange").display and event.row is not None:
            self._read(event.row.id)

    def on_exchange_list_opened(self) -> None:
        """Open the one under the cursor."""
        row = self.feed.window.current
        if row is not None:
            self.query_one("#exchange").display = True
            self._read(row.id)
            self.query_one(DocumentView).focus()

    # ── the exchange ──────────────────────────────────────────────────────────────────────────

    def _read(self, number: int) -> None:
        def then(found: Opened | Failed) -> None:
            if isinstance(found, Failed):
                self.notify(found.message, severity="error", markup=False)
                return
            self._opened = found
            self._show()

        self._store.quick.ask("exchange", lambda reader: read(reader, number), then)

    def _show(self) -> None:
        if self._opened is None:
            return
        heading = self.query_one(Heading)
        heading.opened, heading.tab = self._opened, self._tab
        heading.refresh()
        self.query_one(DocumentView).show(self._document(self._opened))

    def _document(self, opened: Opened) -> Document:
        exchange = opened.exchange
        if self._tab == 0:
            return steps.steps(exchange, opened.line_of)
        if self._tab == 1:
            return messages.request(exchange)
        if self._tab == 2:
            return messages.backend(exchange)
        if self._tab == 3:
            return messages.response(exchange)
        before = opened.original.response if opened.original else exchange.response
        left = diff.Side("original" if opened.original else "this", before)
        right = diff.Side("replay" if opened.original else "this", exchange.response)
        return diff.document(left, right, self.size.width - 2)

    def action_tab(self, number: int) -> None:
        """Another view of the exchange."""
        self._tab = number
        if not self.query_one("#exchange").display:
            self.on_exchange_list_opened()
        else:
            self._show()

    # ── doing ─────────────────────────────────────────────────────────────────────────────────

    def action_find(self) -> None:
        """Filter the list, or search in the view."""
        if isinstance(self.focused, DocumentView):
            search = self.query_one("#search", Input)
            search.display = True
            search.focus()
        else:
            self.query_one("#filter", Input).focus()

    def action_follow(self) -> None:
        """Stay on the newest, or stay put."""
        self.feed.toggle_follow()

    def action_full(self) -> None:
        """Give the exchange the whole screen, or give it back."""
        self.toggle_class("full")

    def action_help(self) -> None:
        """All keys."""
        self.app.push_screen(HelpScreen())

    def action_back(self) -> None:
        """One step back."""
        search, filter_ = self.query_one("#search", Input), self.query_one("#filter", Input)
        if self._copying:
            self._end_copy()
        elif search.display:
            search.value, search.display = "", False
            self.query_one(DocumentView).focus()
        elif isinstance(self.focused, DocumentView):
            self.remove_class("full")
            self.query_one("#exchange").display = False
            self.query_one(ExchangeList).focus()
        elif filter_.has_focus or filter_.value:
            filter_.value = ""
            self.query_one(ExchangeList).focus()

    def action_edit(self) -> None:
        """Edit the request of the exchange, then send it."""
        self._with_exchange(self._edit)

    def _edit(self, opened: Opened) -> None:
        def then(request: Request | None) -> None:
            if request is not None:
                self._send(request, opened.id)

        self.app.push_screen(EditorScreen(opened.exchange.request), then)

    def action_replay(self) -> None:
        """Send the request again."""
        self._with_exchange(lambda opened: self._send(opened.exchange.request, opened.id))

    def _with_exchange(self, then: object) -> None:
        assert callable(then)
        row = self.feed.window.current
        if row is None:
            return
        if self._opened is not None and self._opened.id == row.id:
            then(self._opened)
            return

        def arrived(found: Opened | Failed) -> None:
            if isinstance(found, Opened):
                self._opened = found
                then(found)

        self._store.quick.ask("exchange", lambda reader: read(reader, row.id), arrived)

    def _send(self, request: Request, replay_of: int) -> None:
        if not self._url:
            self.notify("No gateway is running here: `inspector up` starts one.", markup=False)
            return
        self._resend(request, replay_of)

    @work(thread=True)
    def _resend(self, request: Request, replay_of: int) -> None:
        try:
            response = through_gateway(request, self._url, replay_of)
        except ResendError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
            return
        said = f"Answered {response.status}. It is the newest in the list; d shows the difference."
        self.app.call_from_thread(self._replayed, said)

    def _replayed(self, said: str) -> None:
        self.notify(said, markup=False)
        self.feed.last()

    # ── copying ───────────────────────────────────────────────────────────────────────────────

    def action_copy(self) -> None:
        """The next key says what."""
        self._copying = True
        self.query_one(KeysBar).show(COPY_KEYS)

    def on_key(self, event: events.Key) -> None:
        """The key after `y`."""
        if not self._copying or event.key == "y":
            return
        event.stop()
        event.prevent_default()
        key = event.character or ""
        self._end_copy()
        if key in {"b", "r", "u", "h", "c", "C"}:
            self._with_exchange(lambda opened: self._copy(opened, key))

    def _end_copy(self) -> None:
        self._copying = False
        in_view = isinstance(self.focused, DocumentView)
        self.query_one(KeysBar).show(VIEW_KEYS if in_view else LIST_KEYS)

    def _copy(self, opened: Opened, key: str) -> None:
        exchange = opened.exchange
        request, base = exchange.request, self._url or f"http://{exchange.host}"
        head = "\n".join(f"{name}: {value}" for name, value in request.headers)
        content, name = {
            "b": (exchange.response.body if exchange.response else b"", "answer's body"),
            "r": (request.body, "request's body"),
            "u": (url_of(request, base).encode(), "URL"),
            "h": (head.encode("latin-1", "replace"), "headers"),
            "c": (to_curl(request, base).encode(), "curl command"),
            "C": (to_curl(request, base, secrets=True).encode(), "curl command"),
        }[key]
        self.notify(clipboard.copy(self.app, content, name), markup=False)

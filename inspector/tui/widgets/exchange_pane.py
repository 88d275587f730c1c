"""An exchange, opened: its title, its views, and the search in them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from inspector.tui.present import heading, styles
from inspector.tui.present.document import Document, Form
from inspector.tui.present.document import Lines as DocumentLines
from inspector.tui.present.safe import ink
from inspector.tui.reading import Opened
from inspector.tui.views import DIFFERENCE, EXPLAIN, STEPS, VIEWS, Look
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.lines import Lines

_FORMS: tuple[Form, ...] = ("auto", "formatted", "raw", "hex")


class Heading(Lines):
    """The exchange's title, and the views it opens into."""

    def __init__(self) -> None:
        super().__init__(id="heading")
        self.opened: Opened | None = None
        self.tab = STEPS
        self.found: tuple[int, int] | None = None

    def text_at(self, y: int) -> Text | None:
        if self.opened is None:
            return None
        if y == 0:
            return heading.title(self.opened.exchange)
        names = [view.name for view in VIEWS]
        return heading.tabs(names, self.tab, self.content_size.width, self.found)


def _went_wrong(opened: Opened) -> bool:
    """Whether the gateway refused it, or something broke: then one asks why."""
    return opened.exchange.outcome in ("refused", "failed")


class ExchangePane(Vertical):
    """Shows what it is given; remembers the view, the form of bodies, and documents laid out."""

    def __init__(self) -> None:
        super().__init__(id="exchange")
        self.opened: Opened | None = None
        self.tab = STEPS
        self._chosen = False
        self.look = Look()
        self._made: dict[tuple[int, Look], Document] = {}

    def compose(self) -> ComposeResult:
        """Heading, view, and the line to search with."""
        yield Heading()
        yield DocumentView(id="view")
        yield Input(placeholder="search", id="search", compact=True)

    def on_mount(self) -> None:
        """Nobody searches yet."""
        self.query_one("#search").display = False

    @property
    def view(self) -> DocumentView:
        """Where the document is."""
        return self.query_one(DocumentView)

    def show(self, opened: Opened) -> None:
        """Another exchange, in the view that was chosen; until one is, what suits it."""
        again = self.opened is not None and self.opened.id == opened.id
        self.opened = opened
        if not self._chosen:
            self.tab = EXPLAIN if _went_wrong(opened) else STEPS
        self._made.clear()
        self.draw(keep_place=again)

    def choose(self, tab: int) -> None:
        """Another view."""
        if 0 <= tab < len(VIEWS):
            self.tab, self._chosen = tab, True
            self.draw()

    def next_form(self) -> str:
        """Bodies as they suit, laid out whatever their size, as sent, as hex; which it is now."""
        form = _FORMS[(_FORMS.index(self.look.form) + 1) % len(_FORMS)]
        self.look = replace(self.look, form=form)
        self.draw(keep_place=True)
        return {"auto": "as it suits", "formatted": "laid out", "raw": "as sent", "hex": "hex"}[
            form
        ]

    def draw(self, *, keep_place: bool = False) -> None:
        """Lay the view out, unless that has been done."""
        if self.opened is None:
            return
        if self.tab in (DIFFERENCE, EXPLAIN):
            self.look = replace(self.look, width=self.size.width - 3)
        head = self.query_one(Heading)
        head.opened, head.tab = self.opened, self.tab
        head.refresh()
        key, opened, view_of = (self.tab, self.look), self.opened, VIEWS[self.tab]
        if key in self._made:
            self.view.show(self._made[key], keep_place=keep_place)
        elif not (opened.large or view_of.slow):
            self._made[key] = view_of.make(opened, self.look)
            self.view.show(self._made[key], keep_place=keep_place)
        else:
            self.view.show(Document([DocumentLines([ink("laying out …", styles.NOTICE)])]))
            self.run_worker(partial(self._lay_out, opened, key), thread=True, group="large")

    def _lay_out(self, opened: Opened, key: tuple[int, Look]) -> None:
        """In a thread: what is large is laid out while keys are still answered."""
        made = VIEWS[key[0]].make(opened, key[1])
        self.app.call_later(self._laid_out, opened, key, made)

    def _laid_out(self, opened: Opened, key: tuple[int, Look], made: Document) -> None:
        # The user may have left meanwhile: the pane's own parts go first.
        if self.opened is opened and self.query(DocumentView):
            self._made[key] = made
            if key == (self.tab, self.look):
                self.view.show(made)

    def on_resize(self) -> None:
        """What lies side by side depends on the width."""
        if self.tab in (DIFFERENCE, EXPLAIN):
            self.draw(keep_place=True)

    # ── searching ─────────────────────────────────────────────────────────────────────────────

    def ask_search(self) -> None:
        """Open the line to search with."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    @property
    def searching(self) -> bool:
        """Whether a search is shown."""
        return bool(self.query_one("#search").display)

    def end_search(self) -> None:
        """No search any more."""
        search = self.query_one("#search", Input)
        search.value, search.display = "", False
        self.view.search("")
        self.view.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """The search works as it is typed."""
        event.stop()
        self.view.search(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To what was found; n and N go on."""
        event.stop()
        self.view.focus()

    def on_document_view_searched(self, event: DocumentView.Searched) -> None:
        """How many there are."""
        head = self.query_one(Heading)
        head.found = (event.number, event.total) if event.needle else None
        head.refresh()

"""`S`: what the gateway remembers: token buckets, quotas, cached answers, results of authorizers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from inspector.runtime.state_words import TITLES, level, title
from inspector.tui.asking import NoAnswerError, ask
from inspector.tui.present import styles
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, ink
from inspector.tui.widgets.document_view import DocumentView

#: Seconds between two looks: levels rise while one watches.
AGAIN = 1.0
HINT = "enter what it holds   x reset it   X reset all   esc leave"

Item = dict[str, Any]
#: Lines, and for each of them the id of the thing it is about.
Page = tuple[list[Text], list[str | None]]


class StateScreen(ModalScreen[None]):
    """All of it on one page, as it is from second to second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,S", "dismiss", show=False),
        Binding("enter", "open", show=False, priority=True),
        Binding("x", "reset", show=False, priority=True),
        Binding("X", "reset_all", show=False, priority=True),
    ]

    def __init__(self, db: Path) -> None:
        super().__init__()
        self._db = db
        self._items: list[Item] = []
        self._owners: list[str | None] = []
        self._opened: set[str] = set()
        self._said = ""
        self._asking = False

    def compose(self) -> ComposeResult:
        """The page."""
        yield DocumentView(id="help")

    def on_mount(self) -> None:
        """Look now, and again."""
        self._show()
        self.query_one(DocumentView).focus()
        self._look()
        self.set_interval(AGAIN, self._look)

    def action_open(self) -> None:
        """Show what an entry holds, or hide it."""
        chosen = self._chosen()
        if chosen is not None:
            self._opened ^= {chosen}
            self._show()

    def action_reset(self) -> None:
        """The thing under the cursor: a full bucket, nothing counted, no entry."""
        chosen = self._chosen()
        if chosen is not None:
            self._ask({"do": "reset", "ids": [chosen]}, self._reset)

    def action_reset_all(self) -> None:
        """All of it."""
        self._ask({"do": "reset", "ids": None}, self._reset)

    def _chosen(self) -> str | None:
        cursor = self.query_one(DocumentView).cursor
        return self._owners[cursor] if cursor < len(self._owners) else None

    def _look(self) -> None:
        if not self._asking:
            self._asking = True
            self._ask({"do": "list", "values": True}, self._listed)

    def _ask(self, payload: object, then: Callable[[list[Item]], None]) -> None:
        def run() -> None:
            try:
                items = ask(self._db, "state", payload)["items"]
            except NoAnswerError as error:
                self.app.call_later(self._failed, str(error))
            else:
                self.app.call_later(partial(then, items))

        self.run_worker(run, thread=True)

    def _listed(self, items: list[Item]) -> None:
        self._asking = False
        self._items = items
        self._show()

    def _reset(self, items: list[Item]) -> None:
        self._said = f"{len(items)} reset."
        gone = {item["id"] for item in items}
        self._items = [item for item in self._items if item["id"] not in gone]
        self._show()

    def _failed(self, text: str) -> None:
        self._asking = False
        self._said = text
        self._show()

    def _show(self) -> None:
        if not self.query(DocumentView):
            return  # the page was left meanwhile
        lines, self._owners = page(self._items, self._opened, self._said)
        self.query_one(DocumentView).show(Document([Lines(lines)]), keep_place=True)


def page(items: Sequence[Item], opened: set[str], said: str = "") -> Page:
    """Two lines a thing, and what it holds where that is asked for."""
    head = ink("What the gateway remembers", styles.STRONG)
    found: list[tuple[Text, str | None]] = [
        (head.append(f"   {clean(said)}", styles.NOTICE) if said else head, None),
        (ink(HINT, styles.DIM), None),
    ]
    if not items:
        nothing = "Nothing: no bucket, quota or cache was asked for yet."
        found += [(ink(), None), (ink(nothing, styles.DIM), None)]
    before = ""
    for item in items:
        if item["kind"] != before:
            before = item["kind"]
            found += [(ink(), None), (ink(TITLES[before], styles.STRONG), None)]
        owner = str(item["id"])
        found.append((ink(f"  {clean(title(item))}", styles.ACCENT), owner))
        found.append((ink(f"      {clean(level(item))}"), owner))
        if owner in opened:
            found += [(ink(f"      {clean(line)}", styles.DIM), owner) for line in _value(item)]
    return [line for line, _ in found], [owner for _, owner in found]


def _value(item: Item) -> list[str]:
    value = item["facts"].get("value", "It holds nothing but this.")
    if not isinstance(value, str):
        return [
            f"status {value['status']}",
            *(f"{name}: {text}" for name, text in value["headers"]),
            *str(value["body"]).splitlines(),
        ]
    try:
        return json.dumps(json.loads(value), indent=2, ensure_ascii=False).splitlines()
    except ValueError:
        return value.splitlines()

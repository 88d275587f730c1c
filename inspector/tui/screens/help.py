"""`?`: every key, on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from inspector.recording.filters import FIELDS
from inspector.tui import keymap, keys
from inspector.tui.present import styles
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, ink
from inspector.tui.widgets.document_view import DocumentView

_EXAMPLE = 'status:5xx -method:GET path:/pets body:"rex" since:10m or outcome:refused'


class HelpScreen(ModalScreen[None]):
    """The keys, the user's own ones included."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", show=False)
    ]

    def __init__(self, own: Mapping[str, str], first: str = "everywhere") -> None:
        super().__init__()
        self._own = own
        self._first = first

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        yield DocumentView(id="help")

    def on_mount(self) -> None:
        """Fill it."""
        view = self.query_one(DocumentView)
        view.show(Document([Lines([*_keys(self._own, self._first), *_filters(), *_where()])]))
        view.focus()


def _keys(own: Mapping[str, str], first: str) -> list[Text]:
    lines: list[Text] = []
    before = ""
    for key in sorted(keys.ALL, key=lambda each: each.where != first):
        title = keys.TITLES[key.where]
        if title != before:
            lines += [ink(), ink(title, styles.STRONG)] if before else [ink(title, styles.STRONG)]
            before = title
        pressed = own.get(key.id) or key.keys
        names = " ".join(keys.readable(each) for each in pressed.split(","))
        line = ink("  ").append(f"{clean(names):<14}", styles.ACCENT).append(key.help)
        lines.append(line.append(f"  {key.id}", styles.FAINT))
    lines.append(ink("  ").append(f"{'1 2 3 …':<14}", styles.ACCENT).append("the exchange's views"))
    return lines


def _filters() -> list[Text]:
    lines = [ink(), ink("Filters", styles.STRONG), ink(f"  {_EXAMPLE}", styles.STRING)]
    for name, meaning in FIELDS.items():
        lines.append(ink("  ").append(f"{name:<14}", styles.KEY).append(meaning))
    return lines


def _where() -> list[Text]:
    return [
        ink(),
        ink("Your own keys", styles.STRONG),
        ink(f"  {clean(str(keymap.place()))}", styles.DIM),
        ink('  replay = "ctrl+r"', styles.STRING).append(
            "   the words at the right name the actions"
        ),
    ]

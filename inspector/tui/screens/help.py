"""`?`: every key, on one screen."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from inspector.tui.present import styles
from inspector.tui.present.document import Document, Lines
from inspector.tui.widgets.document_view import DocumentView

KEYS = (
    ("Everywhere", (
        ("j k, arrows", "down, up"), ("ctrl+d ctrl+u", "half a screen"), ("gg G", "first, last"),
        ("/", "filter the list, search in a view"), ("n N", "next, previous hit"),
        ("tab", "between list and exchange"), ("esc", "one step back"), ("f", "full screen"),
        ("ctrl+p", "all commands"), ("?", "this page"), ("q", "quit"),
    )),
    ("The list", (
        ("enter", "open the exchange"), ("F", "follow the newest"),
    )),
    ("An exchange", (
        ("1 2 3 4 5", "Steps, Request, Backend, Response, Difference"),
        ("e", "edit the request and send it"), ("r", "send it again through the gateway"),
        ("d", "the answer beside that of the original"), ("space z Z", "fold, fold all, open all"),
        ("w", "wrap long lines"), ("yb yr yu yh yc", "copy body, sent body, URL, headers, curl"),
    )),
)  # fmt: skip


class HelpScreen(ModalScreen[None]):
    """The keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", show=False)
    ]

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        yield DocumentView(id="help")

    def on_mount(self) -> None:
        """Fill it."""
        lines: list[Text] = []
        for title, keys in KEYS:
            lines.append(Text(title, styles.STRONG, end=""))
            for key, meaning in keys:
                line = Text("  ", end="").append(f"{key:<18}", styles.ACCENT).append(meaning)
                lines.append(line)
            lines.append(Text(end=""))
        lines.append(Text('A filter: status:5xx -method:GET path:/pets body:"rex" since:10m',
                          styles.DIM, end=""))  # fmt: skip
        view = self.query_one(DocumentView)
        view.show(Document([Lines(lines)]))
        view.focus()

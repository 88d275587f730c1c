"""`!`: what was told, newest first, and what of it still holds."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from inspector.tui.notices import Notice, Notices
from inspector.tui.present import styles, units
from inspector.tui.present.document import Document, Lines
from inspector.tui.present.safe import clean, ink
from inspector.tui.widgets.document_view import DocumentView

_MARKS = {"error": ("✗", styles.BAD), "warning": ("!", styles.WARN), "info": ("✓", styles.OK)}


class NoticesScreen(ModalScreen[None]):
    """All of them on one scrolling page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,exclamation_mark", "dismiss", show=False)
    ]

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices

    def compose(self) -> ComposeResult:
        """The page."""
        yield DocumentView(id="help")

    def on_mount(self) -> None:
        """Fill it."""
        view = self.query_one(DocumentView)
        view.show(Document([Lines(page(self._notices))]))
        view.focus()


def page(notices: Notices) -> list[Text]:
    """A heading for each, and its lines."""
    if not notices.told:
        return [ink("Nothing was told.", styles.DIM)]
    lines: list[Text] = []
    for notice in reversed(notices.told):
        lines += _entry(notice, standing=notices.standing.get(notice.topic) is notice)
    return lines


def _entry(notice: Notice, *, standing: bool) -> list[Text]:
    mark, style = _MARKS[notice.level]
    head = ink(f"{mark} ", style).append(f"{units.clock(notice.at_us)}  ", styles.DIM)
    head.append(clean(notice.topic), styles.STRONG)
    if standing:
        head.append("  still so", style)
    return [head, *(ink(f"  {clean(line)}") for line in notice.text.splitlines()), ink()]

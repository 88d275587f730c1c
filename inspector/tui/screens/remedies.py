"""`T`: what an explanation proposes, to be tried at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from inspector.gateway.explain import Try
from inspector.tui.present.safe import clean, from_wire


class RemediesScreen(ModalScreen[Try | None]):
    """Gives the one that is chosen; None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
    ]
    HINT = "enter try it   esc leave"

    def __init__(self, tries: Sequence[Try]) -> None:
        super().__init__()
        self._tries = tries

    def compose(self) -> ComposeResult:
        """A line for each."""
        with Vertical(id="remedies"):
            yield Label("Try", id="remedies-title", markup=False)
            yield OptionList(
                *(
                    Option(clean(from_wire(each.text)), id=str(n))
                    for n, each in enumerate(self._tries)
                ),
                id="remedies-list",
                markup=False,
            )
            yield Label(self.HINT, id="remedies-hint", markup=False)

    def on_mount(self) -> None:
        """The first is proposed."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen."""
        event.stop()
        self.dismiss(self._tries[event.option_index])

    def action_cursor(self, step: int) -> None:
        """As everywhere: j and k."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_leave(self) -> None:
        """Nothing is tried."""
        self.dismiss(None)

"""What a template has written: a line leads to the statement that wrote it, and the other way round."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from inspector.tui.widgets.document_view import DocumentView


class OutputPane(DocumentView):
    """A `DocumentView` whose lines are those of the output."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "writer", show=False)]

    class Asked(Message):
        """Who wrote this line (from 0)?"""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def go(self, line: int) -> None:
        """The cursor to a line, and the line onto the screen."""
        self.cursor = line
        self._settle()

    def action_writer(self) -> None:
        """Ask for the statement that wrote the line under the cursor."""
        self.post_message(self.Asked(self.cursor))

"""`e`: the request as text, edited, sent, undone."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Label, TextArea

from inspector.message import Request
from inspector.replay.edit import Draft, EditError, from_text, to_text


class EditorScreen(ModalScreen[Request | None]):
    """Gives the edited request to send, None where the user thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+r", "send", show=False, priority=True),
        Binding("ctrl+e", "external", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]
    HINT = "ctrl+s send   ctrl+e $EDITOR   ctrl+z undo   esc leave"

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._draft: Draft = to_text(request)
        self._warned = False

    def compose(self) -> ComposeResult:
        """The text, and a line below."""
        yield TextArea(self._draft.text, id="editor", show_line_numbers=True)
        yield Label(self.HINT, id="hint", markup=False)

    def on_mount(self) -> None:
        """Write at once."""
        self.query_one(TextArea).focus()

    def action_send(self) -> None:
        """Send what is written, if it is a request."""
        try:
            self.dismiss(from_text(self.query_one(TextArea).text, self._draft))
        except EditError as error:
            self._say(str(error))

    def action_leave(self) -> None:
        """Leave; edits are given up only on the second try."""
        if self.query_one(TextArea).text == self._draft.text or self._warned:
            self.dismiss(None)
        else:
            self._warned = True
            self._say("The edit has not been sent. esc again gives it up, ctrl+s sends it.")

    def action_external(self) -> None:
        """Edit in $EDITOR."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._say("$EDITOR is not set.")
            return
        area = self.query_one(TextArea)
        with tempfile.TemporaryDirectory(prefix="inspector-") as folder:
            path = Path(folder) / "request.http"
            path.write_text(area.text, "utf-8")
            try:
                with self.app.suspend():
                    subprocess.run([*shlex.split(editor), str(path)], check=False)
            except OSError as error:
                self._say(f"{editor} could not be started: {error}")
                return
            area.text = path.read_text("utf-8", "replace")

    def _say(self, text: str) -> None:
        self.query_one("#hint", Label).update(text)

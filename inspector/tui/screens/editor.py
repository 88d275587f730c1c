"""A text to edit: a request or a template; sent or run, undone, or taken to $EDITOR."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Label, TextArea


class EditorScreen(ModalScreen[Any]):
    """Gives what `accept` makes of the edited text, None where the user thought better of it.

    `accept` raises where the text makes no sense; with a `line` the cursor goes there. `name` is
    that of the file for $EDITOR, `deed` what ctrl+s does, `said` what there is to say first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+r", "send", show=False, priority=True),
        Binding("ctrl+e", "external", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(
        self,
        text: str,
        accept: Callable[[str], Any],
        name: str,
        deed: str,
        line: int = 1,
        said: str = "",
    ) -> None:
        super().__init__()
        self._begin = text
        self._accept = accept
        self._file, self._deed, self._line, self._said = name, deed, line, said
        self._warned = False

    def compose(self) -> ComposeResult:
        """The text, and a line below."""
        yield TextArea(self._begin, id="editor", show_line_numbers=True)
        hint = f"ctrl+s {self._deed}   ctrl+e $EDITOR   ctrl+z undo   esc leave"
        yield Label(hint, id="hint", markup=False)

    def on_mount(self) -> None:
        """Write at once."""
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor((self._line - 1, 0))
        if self._said:
            self._say(self._said)

    def action_send(self) -> None:
        """Take what is written, if it makes sense."""
        area = self.query_one(TextArea)
        try:
            self.dismiss(self._accept(area.text))
        except Exception as error:  # noqa: BLE001  whatever is wrong with it is the user's to mend
            line = getattr(error, "line", None)
            if line:
                area.move_cursor((line - 1, 0))
            where = "" if not line or "line" in str(error) else f"Line {line}: "
            self._say(f"{where}{error}")

    def action_leave(self) -> None:
        """Leave; edits are given up only on the second try."""
        if self.query_one(TextArea).text == self._begin or self._warned:
            self.dismiss(None)
        else:
            self._warned = True
            self._say(f"The edit is not kept. esc again gives it up, ctrl+s: {self._deed}.")

    def action_external(self) -> None:
        """Edit in $EDITOR."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._say("$EDITOR is not set.")
            return
        area = self.query_one(TextArea)
        with tempfile.TemporaryDirectory(prefix="inspector-") as folder:
            path = Path(folder) / self._file
            path.write_text(area.text, "utf-8")
            failure: Exception | None = None
            with self.app.suspend():
                # Textual takes the screen back only where nothing is raised in here.
                try:
                    subprocess.run([*shlex.split(editor), str(path)], check=False)
                except (OSError, ValueError) as error:
                    failure = error
            if failure is not None:
                self._say(f"{editor} could not be started: {failure}")
                return
            area.text = path.read_text("utf-8", "replace")

    def _say(self, text: str) -> None:
        self.query_one("#hint", Label).update(text)

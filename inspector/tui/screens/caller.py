"""`c`: who calls, as far as the gateway can tell. Local traffic all comes from 127.0.0.1."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from inspector.tui.asking import NoAnswerError, ask

FIELDS = (
    ("source_ip", "Source IP", "203.0.113.7"),
    ("vpc_endpoint", "VPC endpoint", "vpce-0a1b2c3d4e5f"),
    ("vpc_id", "VPC", "vpc-0a1b2c3d"),
    ("principal", "Principal", "arn:aws:iam::123456789012:user/ann"),
    ("certificate", "Client certificate", "a PEM file: ~/client.pem"),
)


class CallerScreen(ModalScreen[str | None]):
    """Gives a summary of whom the gateway simulates now; None where nothing was changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "send", show=False, priority=True),
        Binding("ctrl+r", "real", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    HINT = "enter simulate   ctrl+r the real caller again   esc leave"

    def __init__(self, db: Path) -> None:
        super().__init__()
        self._db = db
        self._pem = ""

    def compose(self) -> ComposeResult:
        """A line for each part."""
        with Vertical(id="caller"):
            yield Label("Simulated caller", id="caller-title", markup=False)
            for name, title, example in FIELDS:
                yield Label(title, markup=False)
                yield Input(placeholder=example, id=f"caller-{name}", compact=True)
            yield Label(self.HINT, id="caller-hint", markup=False)

    def on_mount(self) -> None:
        """Ask who it is now."""
        self.query(Input).first().focus()
        self._ask(None, self._fill)

    def _ask(self, payload: object, then: Any) -> None:
        def run() -> None:
            try:
                found = ask(self._db, "caller", payload)
            except NoAnswerError as error:
                self.app.call_later(self._say, str(error))
            else:
                self.app.call_later(partial(then, found))

        self.run_worker(run, thread=True)

    def _fill(self, found: dict[str, Any]) -> None:
        if not self.query(Input):
            return  # it was left meanwhile
        for name, value in found["caller"].items():
            field = self.query_one(f"#caller-{name}", Input)
            if name == "certificate":
                self._pem = value
                field.placeholder = "the present certificate; another PEM file replaces it"
            elif not field.value:
                field.value = value

    def on_input_submitted(self) -> None:
        """Enter sends."""
        self.action_send()

    def action_send(self) -> None:
        """Simulate what is written."""
        content = {}
        for name, _, _ in FIELDS:
            value = self.query_one(f"#caller-{name}", Input).value.strip()
            if value:
                content[name] = value
        if "certificate" in content:
            file = Path(content["certificate"]).expanduser()
            try:
                content["certificate"] = file.read_text("ascii")
            except (OSError, UnicodeDecodeError):
                self._say(f"{file} cannot be read as PEM.")
                return
        elif self._pem:
            content["certificate"] = self._pem
        self._ask(content, self._done)

    def action_real(self) -> None:
        """Nobody is simulated any more."""
        self._ask({}, self._done)

    def _done(self, found: dict[str, Any]) -> None:
        if self.is_current:  # else it was left meanwhile
            self.dismiss(str(found["summary"]))

    def action_leave(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)

    def _say(self, text: str) -> None:
        for hint in self.query("#caller-hint").results(Label):
            hint.update(text)

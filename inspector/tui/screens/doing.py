"""How the main screen does what its keys ask for, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from inspector.tui.app import InspectorApp
    from inspector.tui.screens.main import MainScreen


class Doing(Screen[None]):
    """A part of the main screen. Whatever takes time is done in a thread."""

    @property
    def _main(self) -> MainScreen:
        return self  # type: ignore[return-value]

    @property
    def _app(self) -> InspectorApp:
        return self.app  # type: ignore[return-value]

    def say(self, text: str, *, bad: bool = False) -> None:
        """A sentence that goes away by itself."""
        self.notify(text, severity="error" if bad else "information", markup=False)

    def in_thread(
        self, work: Callable[[], Any], then: Callable[[Any], None], *errors: type[Exception]
    ) -> None:
        """Do `work` in a thread, and `then` with what it gave; say it where it failed."""

        def run() -> None:
            try:
                found = work()
            except errors as error:
                self._post(partial(self.say, _told(error), bad=True))
            else:
                self._post(partial(then, found))

        self.run_worker(run, thread=True, group="deeds")

    def _post(self, callback: Callable[[], None]) -> None:
        if self.app.is_running:
            self.app.call_later(callback)


def _told(error: Exception) -> str:
    """Its message; of the system's errors the file and the reason."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)

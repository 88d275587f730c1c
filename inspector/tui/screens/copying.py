"""Copying of an exchange: `y` and the key that says what; and saving a function's event."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import events

from inspector.tui.reading import Opened
from inspector.tui.screens.doing import Doing
from inspector.tui.widgets.keys_bar import KeysBar


class Copying(Doing):
    """A part of the main screen."""

    _copying = False

    def action_copy(self) -> None:
        """The next key says what."""
        from inspector.tui import copying  # noqa: PLC0415  not needed to start

        self._copying = True
        shown: Sequence[tuple[str, str]] = [(each.key, each.word) for each in copying.CHOICES]
        self.query_one(KeysBar).menu([*shown, *copying.LINE_KEYS, ("esc", "nothing")])

    def end_copying(self) -> bool:
        """Nothing is copied; whether something was to be."""
        was, self._copying = self._copying, False
        if was:
            self._main.show_keys()
        return was

    def on_key(self, event: events.Key) -> None:
        """The key after `y`."""
        if not self._copying or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        self.end_copying()
        self._copy(event.character or "")

    def _copy(self, key: str) -> None:
        from inspector.tui import clipboard, copying  # noqa: PLC0415  not needed to start

        if key in {"l", "L"}:
            view = self._main.pane.view
            content = view.value() if key == "l" else view.current_line().encode()
            self.say(clipboard.copy(self.app, content, "value" if key == "l" else "line"))
            return
        chosen = next((each for each in copying.CHOICES if each.key == key), None)
        if chosen is None:
            return

        def copy(opened: Opened) -> None:
            content = chosen.make(opened, copying.base_of(opened, self._app.url))
            self.say(clipboard.copy(self.app, content, chosen.name))

        self._main.with_current(copy)

    def action_save_event(self) -> None:
        """The event of the function, as a file that its tests can read."""
        self._main.with_current(self._save_event)

    def _save_event(self, opened: Opened) -> None:
        from inspector.replay import invocations  # noqa: PLC0415  not needed to start

        def then(files: list[Path]) -> None:
            if files:
                self.say(f"Saved {' and '.join(map(str, files))}.")
            else:
                self.say("No function was invoked here: there is no event to save.", bad=True)

        self.in_thread(lambda: invocations.save(opened.exchange, opened.id), then, OSError)

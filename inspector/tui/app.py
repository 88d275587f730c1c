"""The application: theme, store, the main screen. What it shows is made in `present`."""

from __future__ import annotations

import os
from pathlib import Path

from textual.app import App

from inspector.recording.reader import Reader
from inspector.tui import theme
from inspector.tui.present.footer import Where
from inspector.tui.screens.main import MainScreen
from inspector.tui.store import Store


class InspectorApp(App[int]):
    """Looks at one recording."""

    TITLE = "inspector"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, db: Path, *, gateway_url: str | None = None, filter_text: str = "") -> None:
        super().__init__()
        self._db = db
        self._url = gateway_url or ""
        self._filter_text = filter_text
        self._pushed = False
        self.store = Store(db, self._post, self._changed)

    def on_mount(self) -> None:
        """Colours, then the screen, then the reading."""
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.theme = theme.DARK.name
        self._dress()
        self.theme_changed_signal.subscribe(self, lambda _theme: self._dress())
        api, stage = _served(self._db)
        where = Where(api, stage, self._url, bool(self._url), recording=self._db.name)
        self._main = MainScreen(self.store, where, self._filter_text, self._url)
        self.push_screen(self._main)
        self.store.start()

    def on_unmount(self) -> None:
        """No thread is left behind."""
        self.store.stop()

    def _dress(self) -> None:
        """The style names of `present` in this theme's colours."""
        plain = bool(os.environ.get("NO_COLOR"))
        colours = theme.plain() if plain else theme.palette(self.current_theme)
        if self._pushed:
            self.console.pop_theme()
        self.console.push_theme(colours)
        self._pushed = True

    def _post(self, callback: object) -> None:
        assert callable(callback)
        if self.is_running:
            self.call_later(callback)

    def _changed(self) -> None:
        self._main.changed()


def run(db: Path, *, gateway_url: str | None = None, filter_text: str = "") -> int:
    """Show a recording until the user leaves. Raises `RecordingError` where it cannot be read."""
    Reader(db).close()
    InspectorApp(db, gateway_url=gateway_url, filter_text=filter_text).run()
    return 0


def _served(db: Path) -> tuple[str, str]:
    """The newest API and stage in the recording, for the top line."""
    with Reader(db) as reader:
        newest = reader.newest_id()
        if newest is None:
            return "", ""
        row = reader.rows([newest])[0]
        return row.api_id or "", row.stage or ""

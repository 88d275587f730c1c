"""The application: theme, store, the main screen. What it shows is made in `present`."""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter, NoColor
from textual.notifications import SeverityLevel
from textual.widgets import Input

from inspector.recording.reader import Reader
from inspector.tui import keymap, theme
from inspector.tui.changes import Changes
from inspector.tui.commands import Commands
from inspector.tui.notices import Level, Notice, Notices
from inspector.tui.present.footer import Where
from inspector.tui.renewal import Renewal
from inspector.tui.screens.main import MainScreen
from inspector.tui.store import Failed, Store
from inspector.tui.type_ahead import TypeAhead


class InspectorApp(App[int]):
    """Looks at one recording; with `gateway_url` also at the gateway that writes it."""

    TITLE = "inspector"
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 3
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True)
    ]
    COMMANDS: ClassVar[set[object]] = {Commands}  # type: ignore[assignment]

    def __init__(
        self,
        db: Path,
        *,
        gateway_url: str | None = None,
        filter_text: str = "",
        title: str = "",
        places: Mapping[str, str] | None = None,
        renewal: Renewal | None = None,
        trial: str = "",
    ) -> None:
        super().__init__()
        self.db = db
        self.trial = trial
        self.url = gateway_url or ""
        self.places = places or {}
        self.renewal = renewal
        self.keymap: dict[str, str] = {}
        self.changes = Changes(db)
        self.notices = Notices(lambda: time.time_ns() // 1000, self._noticed)
        self._untold: deque[tuple[str, Level, str]] = deque()
        self.store = Store(db, self._post, self._changed)
        self._pushed = self._mouse_free = False
        self._shown_until: dict[str, float] = {}
        self._keys = TypeAhead(self, super().on_event)
        where = Where(title, self.url, bool(self.url), recording=db.name)
        self._main = MainScreen(self.store, where, filter_text, self.notices)

    def on_mount(self) -> None:
        """Colours and keys, then the screen, then the reading."""
        self.register_theme(theme.DARK)
        self.register_theme(theme.LIGHT)
        self.theme = theme.DARK.name
        self._dress()
        self._end_when_told()
        self.theme_changed_signal.subscribe(self, lambda _theme: self._dress())
        self._take_keymap()
        self.push_screen(self._main)
        self.call_after_refresh(_settle_down)
        self.call_after_refresh(self._hear)
        self.store.start()
        if not self._main.where.title:
            self.store.quick.ask("served", _served, self._titled)

    def _end_when_told(self) -> None:
        """Signals that end programs end this one with the terminal as it was."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(getattr(signal, name), self.exit, 0)

    async def on_event(self, event: events.Event) -> None:
        """Each key is handled before the next one is looked at."""
        if isinstance(event, events.Key) and not event.is_forwarded and self.is_running:
            await self._keys.typed(event)
        else:
            await super().on_event(event)

    def on_unmount(self) -> None:
        """No thread is left behind, and what was deleted is deleted."""
        self.store.stop()
        self.changes.close()

    def tell(self, topic: str, level: Level, text: str) -> None:
        """Something that the user should know; callable from any thread. See `notices`."""
        self._untold.append((topic, level, text))
        self._post(self._hear)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Once while it is shown: a key pressed again says nothing new."""
        now = time.monotonic()
        lasts = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        if self._shown_until.get(message, 0) > now:
            return
        self._shown_until = {text: end for text, end in self._shown_until.items() if end > now}
        self._shown_until[message] = now + lasts
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def action_interrupt(self) -> None:
        """ctrl+c where no text is selected or written: it ends programs, this one too."""
        from textual.widgets import TextArea  # noqa: PLC0415  large, and rare

        focused = self.screen.focused
        if isinstance(focused, TextArea) or (isinstance(focused, Input) and focused.selected_text):
            raise SkipAction
        if self.screen.get_selected_text():
            raise SkipAction
        self.exit(0)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """With NO_COLOR no colour at all is sent; Textual would send greys."""
        return [NoColor()] if self.no_color else super().get_line_filters()

    def free_mouse(self) -> bool:
        """Give the mouse to the terminal, or take it back; whether it is free now."""
        self._mouse_free = not self._mouse_free
        name = "_disable_mouse_support" if self._mouse_free else "_enable_mouse_support"
        switch = getattr(self._driver, name, None)
        if switch is not None:
            switch()
            self._driver.flush()  # type: ignore[union-attr]
        return self._mouse_free

    def _take_keymap(self) -> None:
        self.keymap, wrong = keymap.read(keymap.place())
        self.set_keymap(self.keymap)
        if wrong:
            self.notices.tell("keys", "warning", wrong)

    def _dress(self) -> None:
        """The style names of `present` in this theme's colours."""
        colours = theme.plain() if self.no_color else theme.palette(self.current_theme)
        if self._pushed:
            self.console.pop_theme()
        self.console.push_theme(colours)
        self._pushed = True

    def _post(self, callback: Callable[[], object]) -> None:
        if self.is_running:
            self.call_later(callback)

    def _hear(self) -> None:
        """What was told, also before there was a screen."""
        while self._untold:
            self.notices.tell(*self._untold.popleft())

    def _changed(self) -> None:
        self._main.changed()

    def _noticed(self, notice: Notice) -> None:
        self._main.notified(notice)
        if notice.level == "info":
            self.notify(notice.text, markup=False)

    def _titled(self, found: str | Failed) -> None:
        if isinstance(found, str):
            self._main.tell(title=found)


def run(  # noqa: PLR0913  what is known of the gateway
    db: Path,
    *,
    gateway_url: str | None = None,
    filter_text: str = "",
    title: str = "",
    places: Mapping[str, str] | None = None,
    renewal: Renewal | None = None,
    trial: str = "",
    listen: Callable[[InspectorApp], None] | None = None,
) -> int:
    """Show a recording until the user leaves. Raises `RecordingError` where it cannot be read.

    `places` are those of `--backend`, for what is sent straight to a backend. `renewal` signs
    requests and makes tokens, for what is sent again. `trial` is a command that sends something,
    for who sees an empty list.
    `listen` is given the app before it runs: whoever has something to tell the user keeps it and
    calls its `tell`, from any thread.
    """
    Reader(db).close()
    app = InspectorApp(
        db,
        gateway_url=gateway_url,
        filter_text=filter_text,
        title=title,
        places=places,
        renewal=renewal,
        trial=trial,
    )
    if listen is not None:
        listen(app)
    app.run()
    return 0


def _settle_down() -> None:
    """What is there by now stays: collecting it again and again would hold up keys."""
    gc.freeze()
    gc.enable()


def _served(reader: Reader) -> str:
    """The newest API and stage in the recording, for the top line."""
    newest = reader.newest_id()
    if newest is None:
        return ""
    row = reader.rows([newest])[0]
    return " · ".join(part for part in (row.api_id, row.stage) if part)

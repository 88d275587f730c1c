"""Driving the app without a terminal: wait until something is so, with a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.pilot import Pilot
from textual.screen import Screen

from inspector.tui.screens.main import MainScreen
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.lines import Lines

PATIENCE = 20.0


async def until(pilot: Pilot[int], so: Callable[[], object], what: str = "") -> None:
    """Turn by turn, until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < deadline, what or "it did not come about"
        await pilot.pause(0.01)


async def home(pilot: Pilot[int]) -> MainScreen:
    """The main screen, once it shows what is recorded."""
    screen = pilot.app.screen_stack[1]
    assert isinstance(screen, MainScreen)
    await until(pilot, lambda: screen.feed.loaded and screen.feed.total is not None)
    return screen


def line(screen: Screen[object], selector: str, y: int = 0) -> str:
    """A line of a widget as it is drawn."""
    found = screen.query_one(selector, Lines).text_at(y)
    return found.plain if found else ""


def document(screen: Screen[object], selector: str = "#view") -> str:
    """All of a document."""
    shown = screen.query_one(selector, DocumentView).document
    return shown.text(0, len(shown))

"""`S`: what the gateway remembers, on the screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from addons.controlled import ControlServer, state_handler
from inspector.gateway.effects import Bucket, Meter, Store
from inspector.runtime.caches import Caches
from inspector.runtime.meters import Meters
from inspector.runtime.state import State
from inspector.tui.app import InspectorApp
from inspector.tui.screens.state import StateScreen
from tests.tui import shop
from tests.tui.driving import document, home, until

# Names may come from definitions, and are never markup.
BUCKET = "stage api/dev [red]*/*"


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return shop.record(tmp_path / "shop.db", shop.traffic(3))


@pytest.fixture
async def remembered(recording: Path) -> AsyncIterator[tuple[Caches, Meters]]:
    caches, meters = Caches(), Meters()
    now = 4_000_000_000_000
    meters.take(Meter(None, (Bucket(BUCKET, 0.5, 2),), now))
    entry = json.dumps(["res", "GET", {"method.request.path.id": "7"}])
    answer = json.dumps([200, [["X-A", "b"]], "aGVsbG8="]).encode()
    caches.store(Store("responses api/dev", entry, answer, now, 60_000, "request-1"))
    handler = state_handler(State(caches, meters), asyncio.get_running_loop())
    server = ControlServer(recording, {"state": handler})
    yield caches, meters
    await asyncio.to_thread(server.close)


@pytest.mark.slow
async def test_what_is_remembered_is_shown_and_forgotten(
    recording: Path, remembered: tuple[Caches, Meters]
) -> None:
    caches, meters = remembered
    app = InspectorApp(recording, gateway_url="http://127.0.0.1:1")
    async with app.run_test(size=(110, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("S")
        assert isinstance(app.screen, StateScreen)
        await until(pilot, lambda: BUCKET in document(app.screen, "#help"))
        assert "GET res id=7" in document(app.screen, "#help")
        assert "filled by request request-1" in document(app.screen, "#help")
        await pilot.press("G", "enter")
        await until(pilot, lambda: "hello" in document(app.screen, "#help"))
        await pilot.press("x")
        await until(pilot, lambda: caches.entries().get("responses api/dev") == {})
        await until(pilot, lambda: "GET res id=7" not in document(app.screen, "#help"))
        assert meters.levels()
        await pilot.press("X")
        await until(pilot, lambda: not meters.levels())
        await until(pilot, lambda: "no bucket" in document(app.screen, "#help"))
        await pilot.press("escape")
        assert app.screen is screen


async def test_without_a_gateway_it_says_so(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(110, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("S")
        assert app.screen is screen

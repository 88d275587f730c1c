"""The screen on a real recording, driven as a person would."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from inspector.gateway.deploy import ServedApi
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange
from inspector.recording.writer import Writer
from inspector.tui.app import InspectorApp
from inspector.tui.screens.editor import EditorScreen
from inspector.tui.screens.help import HelpScreen
from inspector.tui.screens.main import MainScreen
from inspector.tui.widgets.document_view import DocumentView
from tests.gateway.build import ENVIRONMENT, ask, mock, serve
from tests.tui.driving import home, line, until

HOSTILE = "/dev/[red]x[/]\x1b[31m\u202e宽"
SIZES = [(80, 24), (200, 50)]


def exchange(served: ServedApi, target: str, body: bytes = b"") -> Exchange:
    request = Request("GET", target, Headers.of([("Host", "a.test"), ("X", "[bold]\x1b")]), body)
    answer = ask(served, request)
    return Exchange(
        started_us=1_700_000_000_000_000,
        duration_us=1_500,
        request=request,
        response=answer.response,
        environment=ENVIRONMENT,
        host="a.test",
        outcome=answer.outcome,
        trace=answer.trace,
        api_id=answer.api_id,
        stage=answer.stage,
        stopped_at=answer.stopped_at,
        response_type=answer.response_type,
        request_size=len(body),
        response_size=len(answer.response.body),
    )


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    served = serve({"GET /pets": mock('{"name": "[red]rex[/]", "tags": [1, 2]}')})
    writer = Writer(tmp_path / "seen.db")
    for target in ("/dev/pets", "/dev/none", HOSTILE, "/dev/pets?a=1"):
        writer.put(exchange(served, target, b"\x00\xff[/]" * 10))
    assert writer.flush(5)
    writer.close()
    return tmp_path / "seen.db"


async def settle(pilot: Pilot[int]) -> MainScreen:
    """Until everything asked of the recording has been answered."""
    screen = await home(pilot)
    await until(pilot, lambda: not screen.feed.counting)
    await pilot.pause(0.05)
    return screen


async def test_what_was_told_before_the_screen_was_there_is_shown(recording: Path) -> None:
    """The gateway starts first: its backends may be found down before anything is drawn."""
    app = InspectorApp(recording)
    app.tell("backend", "warning", "The backend http://[::1]:9 refuses connections.")
    async with app.run_test(size=(100, 24)) as pilot:
        screen = await home(pilot)
        await until(pilot, lambda: "refuses connections" in line(screen, "#notice"))


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
async def test_every_view_of_every_exchange_can_be_drawn(
    recording: Path, size: tuple[int, int]
) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=size) as pilot:
        screen = await settle(pilot)
        assert screen.feed.total == 4
        for _ in range(4):
            await pilot.press("enter")
            for key in "12345":
                await pilot.press(key)
                await pilot.pause(0.02)
                assert len(screen.query_one(DocumentView).document) > 0
            await pilot.press("escape", "k")
        drawn = app.export_screenshot()
        assert "\x1b" not in drawn
        assert "[red]" in drawn  # shown as it is, not taken for markup


@pytest.mark.slow
async def test_a_filter_narrows_as_it_is_typed(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await settle(pilot)
        await pilot.press("slash", *"status:403")
        for _ in range(100):
            await pilot.pause(0.01)
            if screen.feed.matches == 2:
                break
        assert screen.feed.matches == 2
        assert [row.status for row in screen.feed.window.rows] == [403, 403]
        await pilot.press("escape")
        await settle(pilot)
        assert len(screen.feed.window.rows) == 4


async def test_a_filter_that_makes_no_sense_leaves_the_list_alone(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await settle(pilot)
        screen.query_one("#filter", Input).value = "nofield:1"
        await pilot.pause(0.05)
        assert len(screen.feed.window.rows) == 4


async def test_keys_lead_where_they_say(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await settle(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.press("g", "g")
        await settle(pilot)
        assert screen.feed.window.current is not None
        assert screen.feed.window.current.id == 1
        await pilot.press("F")
        assert screen.feed.follow
        await pilot.press("e")
        for _ in range(100):
            await pilot.pause(0.01)
            if isinstance(app.screen, EditorScreen):
                break
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("escape")
        assert app.screen is screen

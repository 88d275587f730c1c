"""What the screen offers, each once, driven by its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import Input

from addons.controlled import ControlServer, caller_handler
from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.reader import Reader
from inspector.runtime.circumstances import Circumstances
from inspector.tui.app import InspectorApp
from inspector.tui.screens.caller import CallerScreen
from inspector.tui.screens.help import HelpScreen
from inspector.tui.screens.notices import NoticesScreen
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.exchange_list import ExchangeList
from inspector.tui.widgets.filter_bar import FilterBar
from tests.runtime.raw_server import Visit, raw_server
from tests.tui import shop
from tests.tui.driving import document, home, line, until

pytestmark = pytest.mark.slow


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return shop.record(tmp_path / "shop.db", shop.traffic(14))


@pytest.fixture(autouse=True)
def _own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def rows_of(recording: Path, text: str) -> list[int]:
    with Reader(recording) as reader:
        return [row.id for row in reader.page(parse(text) if text else EVERYTHING)]


async def test_what_is_wrong_is_shown_until_it_is_mended(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        bar = screen.query_one("#notice")
        assert not bar.display
        app.tell("recording", "error", "The disk is full.\nsecond line")
        app.tell("backend", "warning", "The backend [red]x[/] refuses connections.")
        await until(pilot, lambda: bar.display and "disk is full" in line(screen, "#notice"))
        app.tell("recording", "info", "The recording is written again.")
        await until(pilot, lambda: "[red]x[/] refuses" in line(screen, "#notice"))
        app.tell("backend", "info", "The backend can be reached again.")
        await until(pilot, lambda: not bar.display)
        await pilot.press("exclamation_mark")
        assert isinstance(app.screen, NoticesScreen)
        assert "second line" in document(app.screen, "#help")


async def test_the_top_line_says_when_the_gateway_has_ended(recording: Path) -> None:
    app = InspectorApp(recording, gateway_url="http://127.0.0.1:9")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        assert "● live" in line(screen, "TopLine")
        app.tell("gateway", "error", "The gateway has ended: nothing is served any more.")
        await until(pilot, lambda: "○ at rest" in line(screen, "TopLine"))


async def test_a_recording_that_cannot_be_read_is_told(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        screen._tell_trouble("The recording is damaged.")
        assert app.notices.standing["reading"].text == "The recording is damaged."
        assert screen.query_one("#notice").display
        screen._tell_trouble("")
        assert not screen.query_one("#notice").display


@pytest.fixture
def circumstances(recording: Path) -> Iterator[Circumstances]:
    held = Circumstances()
    server = ControlServer(recording, {"caller": caller_handler(held)})
    yield held
    server.close()


async def test_a_caller_is_simulated(recording: Path, circumstances: Circumstances) -> None:
    app = InspectorApp(recording, gateway_url="http://127.0.0.1:1")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("c")
        assert isinstance(app.screen, CallerScreen)
        app.screen.query_one("#caller-source_ip", Input).value = "not an address"
        await pilot.press("enter")
        hint = app.screen.query_one("#caller-hint")
        await until(pilot, lambda: "no IP address" in str(hint.render()))
        app.screen.query_one("#caller-source_ip", Input).value = "203.0.113.7"
        app.screen.query_one("#caller-vpc_endpoint", Input).value = "vpce-1"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert "as 203.0.113.7 vpce-1" in line(screen, "#top")
        assert circumstances.caller is not None
        assert circumstances.caller.vpc_endpoint == "vpce-1"
        await pilot.press("c")
        await until(
            pilot,
            lambda: app.screen.query_one("#caller-source_ip", Input).value == "203.0.113.7",
        )
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.screen is screen)
        assert circumstances.caller is None
        assert "203.0.113.7" not in line(screen, "#top")


async def test_an_answer_that_comes_after_the_dialog_was_left_is_dropped(recording: Path) -> None:
    app = InspectorApp(recording, gateway_url="http://127.0.0.1:1")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("c")
        dialog = app.screen
        assert isinstance(dialog, CallerScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and not dialog.query(Input))
        dialog._fill({"caller": {"source_ip": "203.0.113.7"}})
        dialog._say("too late")
        dialog._done({"summary": "too late"})
        await pilot.pause()
        assert app.screen is screen
        assert "too late" not in line(screen, "#top")


async def test_marks_deletes_and_clears_are_undone(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "m")
        await until(pilot, lambda: rows_of(recording, "marked:yes") == [1])
        await pilot.press("u")
        await until(pilot, lambda: rows_of(recording, "marked:yes") == [])
        await pilot.press("j", "x")
        await until(pilot, lambda: 2 not in rows_of(recording, ""))
        await pilot.press("u")
        await until(pilot, lambda: 2 in rows_of(recording, ""))
        with Reader(recording) as reader:
            assert reader.exchange(2).request.target == shop.REQUESTS[1][1]
        await until(pilot, lambda: len(screen.feed.window.rows) == 14)
        await pilot.press("X")
        await until(pilot, lambda: screen.feed.loaded and not screen.feed.window.rows)
        await pilot.press("u")
        await until(pilot, lambda: len(screen.feed.window.rows) == 14)


async def test_deleted_is_deleted_once_the_sitting_ends(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        await home(pilot)
        await pilot.press("x")
        await until(pilot, lambda: 14 not in rows_of(recording, ""))
    with Reader(recording) as reader, pytest.raises(KeyError):
        reader.exchange(14)


async def test_the_filter_is_completed_and_explained(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("slash", *"outc")
        assert "outcome:" in line(screen, "#filter-help")
        await pilot.press("tab", "down", "tab")
        typed = screen.query_one("#filter", Input)
        await until(pilot, lambda: typed.value == "outcome:refused")
        await until(pilot, lambda: "shows outcome refused" in line(screen, "#filter-help"))
        await until(pilot, lambda: "of 14" in line(screen, "#filter-count"))
        await pilot.press(*" nofield:1")
        assert "no field 'nofield'" in line(screen, "#filter-help")
        await pilot.press("escape")
        assert isinstance(app.focused, ExchangeList)
        await until(pilot, lambda: not screen.query_one("#filter-help").display)
        await pilot.press("slash", *"host:")
        await until(pilot, lambda: "host:auth.example.net" in line(screen, "#filter-help"))


async def test_a_search_finds_marks_and_counts(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter", "4")
        await until(pilot, lambda: screen.pane.opened is not None)
        await pilot.press("slash", *"species")
        await until(pilot, lambda: "1 of 3" in line(screen, "#heading", 1))
        await pilot.press("enter", "n")
        assert "2 of 3" in line(screen, "#heading", 1)
        await pilot.press("escape")
        assert isinstance(app.focused, DocumentView)


async def test_copying_says_what_and_takes_it_whole(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter")
        await until(pilot, lambda: screen.pane.opened is not None)
        await pilot.press("y")
        assert "answer's body" in line(screen, "#keys")
        await pilot.press("b")
        assert screen.pane.opened is not None
        answer = screen.pane.opened.exchange.response
        assert answer is not None
        await until(pilot, lambda: app.clipboard.encode() == answer.body)
        await pilot.press("y", "c")
        await until(pilot, lambda: app.clipboard.startswith("curl "))
        assert "c2lnbmF0dXJl" not in app.clipboard
        await pilot.press("y", "C")
        await until(pilot, lambda: "c2lnbmF0dXJl" in app.clipboard)
        await pilot.press("2", "j", "j", "y", "l")
        await until(pilot, lambda: app.clipboard == "127.0.0.1:8080")


async def test_the_users_own_keys(recording: Path, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "inspector"
    folder.mkdir(parents=True)
    (folder / "keys.toml").write_text('help = "f2"\nmark = ["k", "ctrl+k"]\nnonsense = "x"\n')
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        assert "there is no action 'nonsense'" in line(screen, "#notice")
        assert "f2 keys" in line(screen, "#keys")
        await pilot.press("k")
        await until(pilot, lambda: rows_of(recording, "marked:yes") == [14])
        await pilot.press("f2")
        assert isinstance(app.screen, HelpScreen)
        assert "f2" in document(app.screen, "#help")


async def test_bodies_in_every_form_and_the_pane_in_every_size(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", *"jjjjjjj", "enter", "4")
        await until(pilot, lambda: "list image/png as binary media type" in document(screen))
        await pilot.press("3")
        await until(pilot, lambda: "PNG image, 32 " in document(screen))
        await pilot.press("g", "g", "escape", "g", "g", "enter", "4")
        await until(pilot, lambda: '"species": "dog"' in document(screen))
        await pilot.press("p", "p")
        assert '"species": "dog"' in document(screen)
        await pilot.press("p")
        assert "00000010  " in document(screen)
        await pilot.press("f")
        assert not screen.query_one("#list").display
        await pilot.press("escape", "minus", "minus", "plus", "K")
        assert not screen.query_one("#keys").display


async def test_traffic_does_not_move_the_cursor_or_the_focus(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "j", "enter")
        await until(pilot, lambda: screen.pane.opened is not None and screen.pane.opened.id == 2)
        shop.record(recording, shop.traffic(60))
        await until(pilot, lambda: screen.feed.newest >= 60)
        assert screen.feed.window.current is not None
        assert screen.feed.window.current.id == 2
        assert isinstance(app.focused, DocumentView)


async def test_an_exchange_of_which_there_is_no_template(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot)
        await pilot.press("g", "g", "s")
        await until(
            pilot, lambda: any("no template" in each.message for each in app._notifications)
        )
        await pilot.press("r")
        await until(
            pilot, lambda: any("inspector up" in each.message for each in app._notifications)
        )


async def test_a_large_body_is_laid_out_while_keys_are_answered(tmp_path: Path) -> None:
    [base] = shop.traffic(1)
    assert base.response is not None
    body = json.dumps([{"id": number, "name": "rex"} for number in range(60_000)]).encode()
    large = replace(base, response=replace(base.response, body=body), response_size=len(body))
    recording = shop.record(tmp_path / "large.db", [large])
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("enter", "4")
        await until(pilot, lambda: "shown as it was sent" in document(screen))
        await pilot.press("p")
        await pilot.press("1")
        await until(pilot, lambda: "✓ API and stage" in document(screen))
        await pilot.press("4")
        view = screen.pane.view
        await until(pilot, lambda: len(view.document) > 200_000)
        await pilot.press("G")
        assert view.document.line(view.cursor).plain == "]"


async def test_no_color_sends_none(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        strip = screen._compositor.render_strips()[5]
        styles = [
            part.style
            for part in strip.apply_filter(app.get_line_filters()[0], Color.parse("black"))
        ]
        assert any(each for each in styles)
        colours = [colour for each in styles if each for colour in (each.color, each.bgcolor)]
        assert all(colour is None or colour.is_default for colour in colours)


async def test_a_filter_stays_unless_it_hides_what_is_to_be_shown(recording: Path) -> None:
    matching, other = rows_of(recording, "status:200")[0], rows_of(recording, "-status:200")[0]
    app = InspectorApp(recording, filter_text="status:200")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        bar = screen.query_one(FilterBar).input
        for number, left in ((matching, "status:200"), (other, "")):
            screen.show_number(number, 0)
            await until(pilot, lambda n=number: screen.pane.opened and screen.pane.opened.id == n)
            await until(pilot, lambda n=number: screen.feed.window.current.id == n)
            assert bar.value == left


async def test_straight_to_the_backend_goes_where_the_gateway_goes(tmp_path: Path) -> None:
    """To what stands in for the declared host, under the declared host's name."""
    [number] = [n for n, each in enumerate(shop.REQUESTS) if each[1].startswith("/dev/pets?")]
    recording = shop.record(
        tmp_path / "one.db", [shop.exchange(shop.served(), number, *shop.REQUESTS[number])]
    )
    seen: list[bytes] = []

    async def script(visit: Visit) -> None:
        seen.append(await visit.request())
        await visit.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with raw_server(script) as server:
        app = InspectorApp(recording, places={"pets.example.com": f"{server.url}/v9"})
        async with app.run_test(size=(100, 30)) as pilot:
            screen = await home(pilot)
            await pilot.press("R")
            await until(pilot, lambda: screen.pane.opened is not None)
            replayed = screen.pane.opened
            assert replayed is not None
    assert (replayed.exchange.origin, replayed.exchange.replay_of) == ("replayed", 1)
    assert replayed.exchange.response is not None
    assert replayed.exchange.response.body == b"ok"
    line, *fields = seen[0].split(b"\r\n")
    assert line.startswith(b"GET /v9/")
    assert b"Host: pets.example.com" in fields


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/dev/pets/2", "Method completed with status: 200"),
        ("/dev/admin", "Extended Request Id: "),
        ("/oauth2/token", "it was only passed on"),
    ],
)
async def test_the_execution_log_is_in_amazons_words(
    recording: Path, target: str, expected: str
) -> None:
    app = InspectorApp(recording, filter_text=f"path:{target}")
    async with app.run_test(size=(100, 40)) as pilot:
        screen = await home(pilot)
        await pilot.press("6")
        await until(pilot, lambda: expected in document(screen))
        if "200" in expected:
            assert "As in the log group API-Gateway-Execution-Logs_" in document(screen)
            assert "Starting execution for request: " in document(screen)


async def test_the_cursor_stays_on_the_screen_when_an_exchange_is_opened(recording: Path) -> None:
    """Textual does not tell the list of each size that it gets."""
    app = InspectorApp(recording)
    async with app.run_test(size=(110, 32)) as pilot:
        screen = await home(pilot)
        await pilot.press("G", "j", "j", "enter")
        await until(pilot, lambda: screen.pane.opened is not None)
        shown = screen.list
        await until(pilot, lambda: shown.content_size.height < 12)
        await until(pilot, lambda: screen.feed.window.height == shown.content_size.height - 1)
        window = screen.feed.window
        assert window.top <= window.cursor < window.top + window.height
        await pilot.press("escape", "escape")
        await until(pilot, lambda: screen.feed.window.height == shown.content_size.height - 1 > 20)


@pytest.mark.parametrize("before", [[], ["slash"], ["enter"], ["c"], ["question_mark"]])
async def test_an_interrupt_ends_it_wherever_one_is(recording: Path, before: list[str]) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        await home(pilot)
        await pilot.press(*before, "ctrl+c")
        await until(pilot, lambda: not app.is_running or app._exit)
    assert app.return_code == 0

"""The tab Explain: opened first where something went wrong, and what it proposes is tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import OptionList, TextArea

import sample_apis
from addons.controlled import ControlServer
from inspector.definitions import load
from inspector.gateway.explain import Try
from inspector.recording.exchange import Exchange
from inspector.recording.schema import open_for_writing
from inspector.recording.sessions import Session
from inspector.recording.writer import Writer
from inspector.tui import remedies
from inspector.tui.app import InspectorApp
from inspector.tui.screens.remedies import RemediesScreen
from tests.gateway.explain.test_clinic import REST, clinic
from tests.tui.driving import document, home, line, until


def _exchange(
    method: str, path: str, headers: dict[str, str], digest: str, **options: Any
) -> Exchange:
    gateway, _ = clinic(REST, **options)
    result = gateway.request(method, path, headers=headers)
    answer = result.answer
    return Exchange(
        started_us=1_700_000_000_000_000,
        duration_us=900,
        request=result.request,
        response=result.response,
        environment=result.environment,
        host=gateway.api.host,
        outcome=answer.outcome,
        trace=answer.trace,
        api_id=answer.api_id,
        stage=answer.stage,
        definition=digest,
        stopped_at=answer.stopped_at,
        response_type=answer.response_type,
    )


def _recorded(path: Path, definition: Path, *targets: str) -> Path:
    open_for_writing(path).close()
    bundle = load([definition]).bundle
    writer = Writer(path, session=Session("gateway", None, "test"), index=False)
    writer.define(bundle.digest, bundle.to_json())
    for target in targets:
        writer.store(_exchange("GET", target, {}, bundle.digest))
    writer.close()
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A misspelt path, a key that is missing, and one that is answered."""
    [definition] = sample_apis.load(REST).definitions
    return _recorded(
        tmp_path / "clinic.db", definition, "/public/price", "/keyed", "/public/prices"
    )


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_a_refusal_opens_with_its_explanation(recording: Path, size: tuple[int, int]) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=size) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter")
        await until(pilot, lambda: "Nearest is GET /public/prices" in document(screen))
        told = document(screen)
        assert "✗ Method" in told
        assert "· Integration" in told
        assert "never reached" in told
        assert "│ /public/prices:" in told
        assert "0 Explain" in line(screen, "#heading", 1)
        await pilot.press("G")
        await until(pilot, lambda: "1 Steps" in line(screen, "#heading", 1))


async def test_leaving_while_an_explanation_is_laid_out_is_quiet(recording: Path) -> None:
    """What a thread laid out comes when the pane is being taken down, its parts first."""
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter")
        await until(pilot, lambda: "Nearest is" in document(screen))
        pane, made = screen.pane, screen.pane.view.document
        assert pane.opened is not None
        await pane.view.remove()
        pane._laid_out(pane.opened, (pane.tab, pane.look), made)
        await pilot.pause()
        assert app.is_running


async def test_what_went_well_opens_with_its_steps(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("G", "enter")
        await until(pilot, lambda: "✓ Method response" in document(screen))
        await pilot.press("0")
        await until(pilot, lambda: "Nothing was refused" in document(screen))


@pytest.mark.slow
async def test_the_corrected_request_is_laid_into_the_editor(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter")
        await until(pilot, lambda: "Nearest" in document(screen))
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, RemediesScreen))
        assert app.screen.query_one(OptionList).option_count == 2
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query(TextArea)))
        assert app.screen.query_one(TextArea).text.startswith("GET /dev/public/prices")


async def test_an_edit_since_is_shown_with_its_line(tmp_path: Path) -> None:
    """Pain 4: the file has the method by now, and what answered did not."""
    [sample], file = sample_apis.load(REST).definitions, tmp_path / "template.yaml"
    file.write_text(sample.read_text("utf-8"))
    path = _recorded(tmp_path / "clinic.db", file, "/refunds")
    file.write_text(file.read_text("utf-8").replace("/returns:", "/refunds:"))
    app = InspectorApp(path)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("G", "enter")
        await until(pilot, lambda: "GET /refunds is new since" in document(screen))
        assert "│ /refunds:" in document(screen)
        assert "T send it again" in document(screen)
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, RemediesScreen))
        assert app.screen.query_one(OptionList).get_option_at_index(0).prompt == "send it again"


@pytest.mark.slow
async def test_nothing_is_tried_by_leaving(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await pilot.press("g", "g", "enter", "T")
        await until(pilot, lambda: isinstance(app.screen, RemediesScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


def test_forgetting_asks_the_gateway_for_the_authorizer_s_entries(recording: Path) -> None:
    asked: list[object] = []
    items = [
        {"id": "1", "kind": "authorizer", "name": "authorizer a/dev cached"},
        {"id": "2", "kind": "authorizer", "name": "authorizer a/dev other"},
        {"id": "3", "kind": "bucket", "name": "stage a/dev */*"},
    ]

    def handler(payload: object) -> object:
        asked.append(payload)
        return {"items": items}

    server = ControlServer(recording, {"state": handler})
    try:
        chosen = Try("forget", "forget", cache="authorizer a/dev cached")
        said = remedies.forget(recording, chosen)
    finally:
        server.close()
    assert asked[-1] == {"do": "reset", "ids": ["1"]}
    assert "Forgotten" in said

"""Every scenario of the clinic, answered by a running gateway, is explained on the screen."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.screen import Screen

from inspector.cli.app import main
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.replay.explaining import explain_exchange
from inspector.tui.app import InspectorApp
from tests.gateway.explain.test_clinic import HTTP, REST
from tests.tui.driving import document, home, until

pytestmark = pytest.mark.slow


def _flat(text: str) -> str:
    return "".join(text.split())


def _shows(screen: Screen[object], wanted: list[str]) -> bool:
    shown = _flat(document(screen))
    return all(_flat(each) in shown for each in wanted)


@pytest.mark.parametrize("sample", [REST, HTTP])
async def test_each_is_explained_with_cause_line_and_remedy(sample: str, tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    assert main(["demo", sample, "--json", "--db", str(path)]) == 0
    with Reader(path) as reader:
        ids = [row.id for row in reader.page(EVERYTHING, limit=200)]
        exchanges = [reader.exchange(number) for number in ids]
        bundles = [each.definition and reader.definition(each.definition) for each in exchanges]
    app = InspectorApp(path)
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await home(pilot)
        for number, exchange, bundle in zip(ids, exchanges, bundles, strict=True):
            screen.show_number(number, 0)
            told = explain_exchange(exchange, bundle)
            wanted = [told.sentence, *(note.text for note in told.notes)]
            if told.wrong:
                assert told.source is not None
                assert told.remedy is not None
                place = f"{Path(told.source.file).name}:{told.source.line}"
                wanted += [f"Line: {place} │", f"Remedy: {told.remedy}"]
            await until(pilot, partial(_shows, screen, wanted), told.sentence)

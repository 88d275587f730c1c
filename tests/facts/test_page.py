"""The conformance page says what the cases say."""

from __future__ import annotations

import yaml

from tests.facts.page import NOTES, PAGE, WITHOUT_CASES, page, themes


def test_the_page_is_true() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m tests.facts --page`"


def test_every_note_is_about_a_theme() -> None:
    notes = yaml.safe_load(NOTES.read_text("utf-8"))
    assert notes.keys() - {WITHOUT_CASES} <= {path.stem for path in themes()}

"""Stages are called on the screen as Amazon calls what they do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from inspector.gateway.explain import Check, Explanation
from inspector.gateway.trace import Step
from inspector.replay.explaining import explain_exchange
from inspector.tui import copying
from inspector.tui.app import InspectorApp
from inspector.tui.debugging import NothingToStepError, find
from inspector.tui.present import explaining, footer, log, messages, steps, wrapping
from tests.recording.build import exchange
from tests.tui import shop
from tests.tui.driving import home, line, until
from tests.tui.test_services import shown

NO_ROUTE = Step("route", "refused", "route.no-match", {"path": "/x", "methods_there": []})


def test_where_a_request_was_refused() -> None:
    refused = exchange(outcome="refused", stopped_at="route", trace=(NO_ROUTE,), performed=())
    assert "refused the request at “Method”" in shown(messages.backend(refused))
    text = shown(steps.steps(refused, lambda _source: None))
    assert "✗ Method  " in text
    assert "Remedy: Declare the path" in text


def test_a_menu_of_keys_takes_as_many_lines_as_it_needs() -> None:
    pairs = [(each.key, each.word) for each in copying.CHOICES]
    lines = [text.plain for text in footer.menu(pairs, 78)]
    assert max(map(len, map(str.rstrip, lines))) <= 78
    assert all(f"{key} {word}" in " ".join(lines) for key, word in pairs)
    assert len(footer.menu(pairs, 200)) == 1


def test_the_checks_of_an_explanation_stand_in_a_column() -> None:
    """Also where a URL is longer than the line: its rows stand under the text."""
    long = "POST https://sns.us-east-1.amazonaws.com/?" + "x" * 100
    checks = (
        Check("map-request", "Integration request", "passed", long, inner=False),
        Check("route", "Method", "passed", "short", inner=False),
    )
    found = Explanation(
        200, "answered", "Nothing.", None, None, None, None, (), None, checks, (), None, (), ()
    )
    document = explaining.document(found, lambda _source: None, 77)
    texts = [document.line(index) for index in range(len(document))]
    lines = [row.plain for text in texts for row in wrapping.rows(text, 77, words=True)]
    begun = next(text for text in lines if "Integration request" in text)
    column = begun.index("POST")
    assert next(text for text in lines if "short" in text).index("short") == column
    rest = lines[lines.index(begun) + 1]
    assert rest[:column].isspace()


async def test_the_same_notice_is_shown_once(tmp_path: Path) -> None:
    app = InspectorApp(shop.record(tmp_path / "one.db", [exchange()]))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await home(pilot)
        for _ in range(3):
            app.notify("Nothing to step through.")
        app.notify("Something else.")
        await until(pilot, lambda: len(app.screen.query(Toast)) == 2)


def test_what_went_straight_to_a_backend_was_not_passed_on() -> None:
    sent = exchange(
        origin="replayed", replay_of=1, api_id=None, definition=None, outcome="passed", trace=()
    )
    past = "it was sent straight to the backend, past the gateway"
    assert shown(log.log(sent, None)) == f"There is no log: {past}."
    found = explain_exchange(sent, None)
    assert (found.sentence, found.notes) == (f"I{past[1:]}.", ())
    with pytest.raises(NothingToStepError, match=past):
        find(Path("any.db"), sent)


async def test_an_empty_list_says_what_can_be_sent(tmp_path: Path) -> None:
    call = "curl http://127.0.0.1:8080/dev/pets"
    app = InspectorApp(shop.record(tmp_path / "empty.db", []), trial=call)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await home(pilot)
        await until(pilot, lambda: "No exchanges yet" in line(screen, "#list", 2))
        assert call in line(screen, "#list", 4)

"""Stages are called on the screen as Amazon calls what they do."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.tui import copying
from inspector.tui.present import footer, messages, steps
from tests.recording.build import exchange
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

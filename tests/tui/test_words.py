"""Stages are called on the screen as Amazon calls what they do."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.tui.present import messages, steps
from tests.recording.build import exchange
from tests.tui.test_services import shown

NO_ROUTE = Step("route", "refused", "route.no-match", {"path": "/x", "methods_there": []})


def test_where_a_request_was_refused() -> None:
    refused = exchange(outcome="refused", stopped_at="route", trace=(NO_ROUTE,), performed=())
    assert "refused the request at “Method”" in shown(messages.backend(refused))
    text = shown(steps.steps(refused, lambda _source: None))
    assert "✗ Method  " in text
    assert "Remedy: Declare the path" in text

"""Templates that ran, and hardly did what was meant: told where nothing failed of it."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.template_runs import (
    Ran,
    override_lines,
    request_run,
    response_run,
    slips,
)


def template_notes(case: Case) -> Iterator[Note]:
    """Of the request's template, then of the chosen response's."""
    ran = request_run(case)
    if ran is not None:
        yield from _told(case, ran, "map-request.template")
    ran = response_run(case)
    if ran is not None and case.answer.outcome == "answered":
        yield from _told(case, ran, "map-response.template")
        yield from _override(case, ran)


def _told(case: Case, ran: Ran, rule: str) -> Iterator[Note]:
    seen = set()
    for slip in slips(case, ran):
        if slip.source not in seen:
            seen.add(slip.source)
            yield Note(rule, slip.text, slip.source, slip.remedy)


def _override(case: Case, ran: Ran) -> Iterator[Note]:
    """A status that the template set; an error's is explained as such."""
    status = case.answer.response.status
    lines = override_lines(case, ran) if status < 400 else []
    if lines:
        text = f"The response template set the status {status} (responseOverride)."
        yield Note("map-response.override", text, lines[0])

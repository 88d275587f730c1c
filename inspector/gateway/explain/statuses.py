"""Integration responses whose status is not one that the method declares, while another is left over."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.near import nearest
from inspector.model import IntegrationResponse, Source


def misnumbered(case: Case) -> Iterator[Source]:
    """Where the chosen response's status stands, or the method's, whichever is the odd one out.

    A MOCK's template tells by its own status; elsewhere the integration's is named first.
    """
    response, method = chosen(case), case.method
    if response is None or method is None or not _is_odd(case, response):
        return
    left = _left_over(case)
    own = case.places.at(response.source, "statusCode") or response.source
    meant = nearest(response.status, left, 0.0)
    other = case.places.key(method.source, "responses", meant) if meant is not None else None
    prepared = case.prepared
    mocked = None if prepared is None else prepared.mock_status
    pair = [own, other]
    if mocked is not None and str(mocked) == response.status:
        pair.reverse()
    yield from (each for each in pair if each is not None)


def chosen(case: Case) -> IntegrationResponse | None:
    """The integration response that answered the client."""
    step, integration = case.step_of("map-response"), case.integration
    if step is None or integration is None or step.code != "map-response.selected":
        return None
    return next((each for each in integration.responses if each.source == step.source), None)


def _is_odd(case: Case, response: IntegrationResponse) -> bool:
    """Undeclared, or answered by two responses, while a declared status is answered by none."""
    method, integration = case.method, case.integration
    if method is None or integration is None or not _left_over(case):
        return False
    same = [each for each in integration.responses if each.status == response.status]
    return response.status not in method.responses or len(same) > 1


def _left_over(case: Case) -> list[str]:
    """Statuses that the method declares and no integration response gives."""
    method, integration = case.method, case.integration
    if method is None or integration is None:
        return []
    given = {each.status for each in integration.responses}
    overridden = any(
        "responseOverride.status" in template.text
        for each in integration.responses
        for template in each.templates.values()
    )
    return [] if overridden else [each for each in method.responses if each not in given]


def status_notes(case: Case) -> Iterator[Note]:
    """The same, told where nothing failed."""
    response, lines = chosen(case), list(misnumbered(case))
    if response is None or not lines:
        return
    left = ", ".join(_left_over(case))
    text = (
        f"Integration response {response.status} answered; the method declares {left}, which no "
        "integration response gives."
    )
    yield Note("map-response.status", text, lines[0], f"Let the two be the same: {left}.")

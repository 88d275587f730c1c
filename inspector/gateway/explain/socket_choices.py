"""Integration responses and templates of WebSocket routes that were hardly the ones that were meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.near import nearest
from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern
from inspector.model import Source, Template, WebSocketIntegrationResponse

#: The class of statuses that a key names, such as `/5\d\d/`; and those that nobody answers with.
_FIRST_DIGIT = re.compile(r"[0-9]")
_ODD_CLASSES = frozenset("0136789")
_LONGEST_PATTERN = 40
_DEFAULT = "$default"


def response_notes(case: Case) -> Iterator[Note]:
    """What is odd of the choice, where nothing failed."""
    yield from near_responses(case, quiet=True)
    yield from unchosen_templates(case)


def near_responses(case: Case, *, quiet: bool = False) -> Iterator[Note]:
    """Integration responses that were not taken, and nearly fit what the integration said.

    `quiet`: only those that can hardly be meant as they stand. That errors have a response of their
    own beside `$default` is what everybody writes.
    """
    step, integration = case.step_of("map-response"), case.socket_integration
    if step is None or integration is None or step.facts.get("key") != _DEFAULT:
        return
    value = str(step.facts.get("matched"))
    for each in integration.responses:
        pattern = each.key.removeprefix("/").removesuffix("/")
        if each.key == _DEFAULT or not value.isdecimal() or len(pattern) > _LONGEST_PATTERN:
            continue
        first = _FIRST_DIGIT.search(pattern)
        if not _fits_any(pattern):
            text = f"Integration response {each.key} fits no status at all."
            yield Note("map-response.nearly", text, _key_line(case, each), "Correct its key.")
        elif first is not None and _nearly_fits(pattern, value, first):
            if quiet and first[0] not in _ODD_CLASSES:
                continue
            text = f"Integration response {each.key} nearly fits {value!r}, and $default was taken."
            remedy = "Correct the key, if it was meant."
            yield Note("map-response.nearly", text, _key_line(case, each), remedy)


def unchosen_templates(case: Case) -> Iterator[Note]:
    """Templates that are there, and none of which the expression chose."""
    integration = case.socket_integration
    step = case.step_of("map-request")
    if integration is None:
        return
    if step is not None and "passthrough" in step.facts and integration.request_templates:
        yield _unchosen(case, "request", integration.source, integration.request_templates)
    step = case.step_of("map-response")
    if step is None or step.code != "map-response.socket-selected" or "template" in step.facts:
        return
    for each in integration.responses:
        if each.source == step.source and each.templates:
            yield _unchosen(case, "response", each.source, each.templates)


def _unchosen(case: Case, side: str, source: Source, templates: Mapping[str, Template]) -> Note:
    keys = list(templates)
    holder = f"{side}Templates"
    meant = nearest(_DEFAULT, keys, 0.5) or keys[0]
    text = (
        f"No {side} template is selected, so that the body passes as it is: there is "
        f"{', '.join(keys)}, and no $default."
    )
    place = case.places.key(source, holder, meant) or case.places.at(source, holder) or source
    remedy = "Correct the template's key, or the TemplateSelectionExpression."
    return Note(f"map-{side}.no-template", text, place, remedy)


def _key_line(case: Case, response: WebSocketIntegrationResponse) -> Source:
    return case.places.at(response.source, "IntegrationResponseKey") or response.source


def _nearly_fits(pattern: str, value: str, first: re.Match[str]) -> bool:
    """Whether another class of statuses would make the pattern fit."""
    return _fits(pattern[: first.start()] + value[0] + pattern[first.end() :], value)


def _fits_any(pattern: str) -> bool:
    return any(_fits(pattern, str(status)) for status in range(100, 1000))


def _fits(pattern: str, value: str) -> bool:
    try:
        return JavaPattern(pattern).compiled.fullmatch(value) is not None
    except JavaError:
        return False

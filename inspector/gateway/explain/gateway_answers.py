"""Gateway responses of the definition that do not answer as they were meant to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.near import nearest
from inspector.gateway.mapping.explain import explain
from inspector.model import GatewayResponse, ParameterMapping, RestApi, Source, Template

_ERROR = re.compile(r"\$\{?context\.error\.(\w+)")
_HEADER = "gatewayresponse.header."
_VALUE = re.compile(r"'|method\.request\.|context\.|stageVariables\.")
#: What `$context.error` holds (developer guide, "Gateway response types").
_MEMBERS = ("message", "messageString", "responseType", "validationErrorString")


def gateway_answer_notes(case: Case) -> Iterator[Note]:
    """Of the one that answered; and of one whose type is nearly this answer's."""
    api, kind = case.api, case.answer.response_type
    if not isinstance(api, RestApi) or kind is None:
        return
    used = next((each for each in api.gateway_responses.values() if _answered(case, each)), None)
    if used is None:
        return
    status = case.answer.response.status
    if status < 400:
        text = (
            f"The gateway response {used.type} makes {status} of the refusal: it looks a success."
        )
        place = case.places.at(used.source, "statusCode") or used.source
        yield Note("gateway-response.status", text, place, "Write a status of 400 or more.")
    for mapping in used.parameters:
        yield from _parameter(mapping)
    for template in (used.templates or {}).values():
        yield from _template(case, template)


def _answered(case: Case, response: GatewayResponse) -> bool:
    step = case.step_of("send")
    return step is not None and step.source == response.source


def _parameter(mapping: ParameterMapping) -> Iterator[Note]:
    """A header that is none, or whose value is nothing."""
    if not mapping.target.startswith(_HEADER):
        text = f"{mapping.target} is no header of a gateway response, and is not sent."
        name = mapping.target.rpartition(".")[2]
        yield Note("gateway-response.parameter", text, mapping.source, f"Write {_HEADER}{name}.")
    elif not _VALUE.match(mapping.expression):
        text = f"{mapping.expression} is neither a text in quotes nor a variable: nothing is sent."
        remedy = f"Write \"'{mapping.expression}'\"."
        yield Note("gateway-response.parameter", text, mapping.source, remedy)


def _template(case: Case, template: Template) -> Iterator[Note]:
    """Members of the error that it does not have; a body that is no JSON."""
    told = False
    for number, line in enumerate(template.text.splitlines() or [""], 1):
        for match in _ERROR.finditer(line):
            meant = None if match[1] in _MEMBERS else nearest(match[1], _MEMBERS)
            if meant is not None:
                told = True
                text = f"$context.error has no {match[1]}, but {meant}."
                place = case.places.inside(template.source, number, match.start() + 1)
                yield Note("gateway-response.template", text, place, f"Write {meant}.")
    fault = None if told else explain(case.answer.response.body.decode("utf-8", "replace"))
    if fault is not None and template.text.strip():
        text = f"The gateway response's body is no JSON: {fault.reason.rstrip('.')}."
        yield Note("gateway-response.template", text, _place(case, template), fault.mend)


def _place(case: Case, template: Template) -> Source:
    lines = [n for n, line in enumerate(template.text.splitlines(), 1) if line.strip()]
    return case.places.inside(template.source, lines[0] if lines else 1)

"""What a route of an HTTP API says of the call that its backend answered with an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.mapping_slips import mapping_slips
from inspector.gateway.explain.near import nearest, one_digit_off
from inspector.gateway.explain.preparing import uri_lines
from inspector.gateway.method_override import METHODS
from inspector.gateway.trace import Step
from inspector.model import HttpApiIntegration, Source

#: What a variable of an HTTP API's parameter mapping begins with.
_ROOTS = ("request", "context", "stageVariables")
_ROOT = re.compile(r"\$\{?(\w+)\.")
#: A name that an error says in quotes.
_SAID = re.compile(r"'([\w.-]+)'")
_STAGE_VARIABLE = re.compile(r"\$\{?stageVariables\.(\w+)")


def http_suspects(case: Case, http: HttpApiIntegration, step: Step) -> Iterator[Source]:
    """Its parameters, URI and method, the likeliest first."""
    matched = case.matched
    status = int(str(step.facts.get("status") or 0))
    method = case.places.at(http.source, "httpMethod")
    verb = "" if matched is None else matched.plan.route.key.partition(" ")[0]
    other = http.method not in (None, "ANY", verb) and verb not in ("ANY", "$default")
    strange = http.method is not None and http.method not in (*METHODS, "ANY")
    if method is not None and (strange or other or status in (405, 501)):
        yield method
    yield from _odd_mappings(http)
    yield from (slip.source for slip in mapping_slips(case))
    for answer in http.response_parameters:
        place = case.places.key(http.source, "responseParameters", answer)
        if place is not None and one_digit_off(answer, str(status)):
            yield place
    if http.subtype is not None:
        yield from _of_service(case, http, step)
    for mapping in http.request_parameters:
        if mapping.target.startswith("overwrite:path"):
            yield mapping.source
    yield from uri_lines(case)
    if method is not None:
        yield method
    yield from (each.source for each in http.request_parameters)


def _of_service(case: Case, http: HttpApiIntegration, step: Step) -> Iterator[Source]:
    """The parameters of a service's action, those first that its error is about.

    A value that a stage variable gives stands with the stage.
    """
    told = f"{step.facts.get('error') or ''} {step.facts.get('message') or ''}"
    ordered = sorted(http.request_parameters, key=lambda each: not _is_named(each.target, told))
    stage = None if case.stage is None else case.stage.source
    for mapping in ordered:
        if any(f'"{name}"' in mapping.expression for name in _SAID.findall(told)):
            yield mapping.source
    for mapping in ordered:
        for name in _STAGE_VARIABLE.findall(mapping.expression):
            value = case.places.at(stage, "StageVariables", name)
            if value is not None:
                yield value
        yield mapping.source


def _is_named(target: str, told: str) -> bool:
    """Whether an error speaks of a parameter: of `Queue`, where it is `QueueUrl`."""
    subject = re.match(r"[A-Z][a-z]+", target)
    return target in told or (subject is not None and subject[0] in told)


def _odd_mappings(http: HttpApiIntegration) -> Iterator[Source]:
    """Mappings that cannot mean what they say: a variable misspelt."""
    for mapping in http.request_parameters:
        root = _ROOT.match(mapping.expression)
        if root is not None and root[1] not in _ROOTS and nearest(root[1], _ROOTS, 0.7):
            yield mapping.source

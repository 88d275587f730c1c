"""What a request validator refused: the parameter's line, the model's keyword (pains 51, 64)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway import narration, untrusted_json
from inspector.gateway.explain.case import Case, document_of
from inspector.gateway.explain.explanation import Cause, Check
from inspector.gateway.explain.near import nearest
from inspector.gateway.narration import Evidence
from inspector.gateway.request_checks import NO_CHECKS
from inspector.gateway.schema import Wrong
from inspector.gateway.trace import Step
from inspector.model import Model, Source

_IN = {"querystring": "query", "header": "header", "path": "path"}


def parameters(case: Case, step: Step) -> Cause:
    """Required parameters that are not there."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    missing = step.facts["missing"]
    required = step.facts["required"]
    assert isinstance(missing, list)
    assert isinstance(required, list)
    for target in required:
        place, _, name = target.removeprefix("method.request.").partition(".")
        if name not in missing:
            cause.checks.append(Check("validate", f"{_IN[place]} {name}", "passed"))
            continue
        declared = _parameter(case, place, name)
        part = f"{_IN.get(place, place)} {name}"
        cause.part = cause.part or part
        given = _given(case, place)
        meant = nearest(name, [each for each in given if each not in required], 0.6)
        if meant is not None:
            cause.sentence += f" The request has {meant}, which is another name."
        cause.evidence.append(
            Evidence(part, f"{meant} instead" if meant else "nothing", "required", ok=False)
        )
        cause.checks.append(
            Check("validate", part, "failed", expected="a value", actual="nothing",
                  source=declared[0] if declared else None)
        )  # fmt: skip
        if meant is not None:
            cause.first(*declared[1:2])
        cause.line(*declared)
    return cause.line(*validator_lines(case, "validateRequestParameters"), step.source)


def _given(case: Case, place: str) -> list[str]:
    routed = case.routed
    if routed is None:
        return []
    client = routed.client
    views = {
        "header": client.header_values,
        "querystring": client.query_values,
        "path": client.path_parameters,
    }
    return list(views.get(place, {}))


def _parameter(case: Case, place: str, name: str) -> list[Source]:
    """Where a parameter is declared: its `required`, its name, itself."""
    method = case.method
    if method is None:
        return []
    at, places = case.places.at, case.places
    cloud = at(method.source, "RequestParameters", f"method.request.{place}.{name}")
    if cloud is not None:
        return [cloud]
    shared = Source(method.source.file, 0, 0, method.source.pointer.rpartition("/")[0])
    for holder in (method.source, shared):
        for index, source in places.children(holder, "parameters"):
            keys = ("parameters", int(index))
            if places.value(holder, *keys, "name") != name:
                continue
            if places.value(holder, *keys, "in") != _IN.get(place):
                continue
            found = (at(holder, *keys, "required"), at(holder, *keys, "name"), source)
            return [each for each in found if each is not None]
    return []


def validator_lines(case: Case, flag: str) -> Iterator[Source]:
    """Which validator the method uses, and the flag of it that makes it look."""
    method = case.method
    resolved = case.resolved
    if method is None or resolved is None:
        return
    name = "x-amazon-apigateway-request-validator"
    for holder in (method.source, document_of(method.source)):
        chosen = case.places.at(holder, name)
        if chosen is not None:
            yield chosen
            break
    declared = resolved.deployment.api.validators.get(method.request_validator or "")
    if declared is not None:
        yield case.places.at(declared.source, flag) or declared.source


def body(case: Case, step: Step) -> Cause:
    """A body that its model does not allow: where in the body, and by which line of the model."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="body")
    routed = case.routed
    assert routed is not None
    media_type = routed.client.media_type
    schema = routed.plan.checks.body_schema(media_type)
    models = routed.resolved.deployment.api.models
    if schema is not None:
        cause.line(*model_faults(case, cause, routed.client.body_text, schema, models))
    model = _model_line(case, media_type)
    cause.line(model)
    if schema is not None:
        declared = models.get(schema.name)
        cause.line(None if declared is None else declared.source)
    return cause.line(*validator_lines(case, "validateRequestBody"), step.source)


def model_faults(
    case: Case, cause: Cause, text: str, schema: Any, models: Mapping[str, Model]
) -> Iterator[Source]:
    """By which lines of which models a body breaks its model; what and where goes into `cause`."""
    for wrong in wrongs(text, schema):
        line = _keyword(case, wrong, models)
        where = "/".join(("", *map(str, wrong.at)))
        cause.evidence.append(
            Evidence(where or "/", _short(wrong.found), f"{wrong.keyword} {_short(wrong.wanted)}",
                     ok=False)
        )  # fmt: skip
        cause.checks.append(
            Check("validate", f"{where or '/'} {wrong.keyword}", "failed", wrong.text,
                  _short(wrong.wanted), _short(wrong.found), line)
        )  # fmt: skip
        if line is not None:
            yield line


def wrongs(text: str, schema: Any) -> list[Wrong]:
    """By what a body breaks its model; nothing for what is no JSON."""
    try:
        document = untrusted_json.loads(text or "{}")
    except ValueError:
        return []
    found: list[Wrong] = schema.wrongs(document)
    return found


def _keyword(case: Case, wrong: Wrong, models: Mapping[str, Model]) -> Source | None:
    """The line of the model's keyword that a value broke."""
    model = models.get(wrong.model)
    if model is None:
        return None
    for holder in (model.source, case.places.at(model.source, "Schema")):
        keys = list(wrong.keys)
        while keys:
            place = case.places.at(holder, *keys)
            if place is not None:
                return _required_item(case, holder, wrong) or place
            keys.pop()
    return model.source


def _required_item(case: Case, holder: Source | None, wrong: Wrong) -> Source | None:
    """Of a list of required names the one that the body does not have."""
    if wrong.keyword != "required" or not isinstance(wrong.found, dict):
        return None
    for index, place in case.places.children(holder, *wrong.keys):
        name = case.places.value(holder, *wrong.keys, int(index))
        if name not in wrong.found:
            return place
    return None


def _model_line(case: Case, media_type: str) -> Source | None:
    """Where the method names the model of this media type."""
    method = case.method
    if method is None:
        return None
    at = case.places.at
    for keys in (
        ("requestBody", "content", media_type, "schema", "$ref"),
        ("requestBody", "content", media_type),
        ("RequestModels", media_type),
        ("parameters",),
    ):
        found = at(method.source, *keys)
        if found is not None:
            return found
    return None


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"


def not_validated(case: Case) -> bool:
    """Whether the method has a validator and nothing was checked for this media type (pain 51)."""
    routed = case.routed
    if routed is None or routed.plan.checks is NO_CHECKS or not routed.plan.checks.bodies:
        return False
    return routed.plan.checks.body_schema(routed.client.media_type) is None

"""Requests that a model or a required parameter would have refused, and nobody validated (pain 51)."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case, Hint, document_of
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.validating import validator_lines, wrongs
from inspector.gateway.schema import Schemas
from inspector.model import Source

_VALIDATOR = "x-amazon-apigateway-request-validator"


def unvalidated_notes(case: Case) -> Iterator[Note]:
    """The body that its model does not allow; the parameter that is required and not there."""
    yield from _body(case)
    yield from _parameters(case)


def _body(case: Case) -> Iterator[Note]:
    routed = case.routed
    if routed is None or not routed.plan.method.request_models:
        return
    media_type, models = routed.client.media_type, routed.plan.method.request_models
    if routed.plan.checks.body_schema(media_type) is not None:
        return
    name = models.get(media_type) or models.get("$default")
    for_other = name is None
    name = name or next(iter(models.values()))
    schema = Schemas(routed.resolved.deployment.api).of(name)
    found = [] if schema is None else wrongs(routed.client.body_text, schema)
    if not found:
        return
    text = f"The body does not fit model {name} ({found[0].text}), and nobody validated it: "
    if for_other:
        text += f"the method has no model for {media_type}."
        yield Note("validate.off", text, _media_line(case, media_type), "Add one for it.")
        return
    yield Note("validate.off", text + _why(case, "validateRequestBody"),
               _off_line(case, "validateRequestBody"), _REMEDY)  # fmt: skip


_REMEDY = "Name a validator for the method that looks at bodies, or at parameters."


def _parameters(case: Case) -> Iterator[Note]:
    routed = case.routed
    if routed is None or routed.plan.checks.parameters:
        return
    client = routed.client
    views = {
        "header": client.header_values,
        "querystring": client.query_values,
        "path": client.path_parameters,
    }
    for target, needed in routed.plan.method.request_parameters.items():
        place, _, name = target.removeprefix("method.request.").partition(".")
        if needed and place in views and not views[place].get(name):
            text = f"{target} is required and not there, and nobody validated it: "
            flag = "validateRequestParameters"
            yield Note("validate.off", text + _why(case, flag), _off_line(case, flag), _REMEDY)


def _why(case: Case, flag: str) -> str:
    method = case.method
    if method is None or method.request_validator is None:
        return "the method names no request validator."
    return f"{flag} of its validator {method.request_validator} is false."


def _off_line(case: Case, flag: str) -> Source | None:
    """The flag that is off; without a validator, where the method says what it wants."""
    method = case.method
    if method is None:
        return None
    if method.request_validator is not None:
        return next(reversed(list(validator_lines(case, flag))), None)
    wanted = "requestBody" if flag == "validateRequestBody" else "parameters"
    return case.places.key(method.source, wanted) or method.source


def _media_line(case: Case, media_type: str) -> Source | None:
    method, places = case.method, case.places
    if method is None:
        return None
    for keys in (("requestBody", "content"), ("RequestModels",)):
        written = dict(places.children(method.source, *keys))
        if written:
            return written[nearest(media_type, written, 0.0) or next(iter(written))]
    return None


def renamed_validator(case: Case, hint: Hint) -> Iterator[Source]:
    """The declared validator that nobody names, where several methods miss it by another name."""
    missing = [each for each in case.hints if each.message == hint.message]
    root = document_of(hint.source)
    declared = dict(case.places.children(root, f"{_VALIDATOR}s"))
    wanted = hint.message.partition("is named ")[2].partition(";")[0].strip("'")
    chosen = {
        method.request_validator
        for resource in getattr(case.api, "resources", ())
        for method in resource.methods.values()
    }
    free = [name for name in declared if name not in chosen]
    meant = free[0] if len(free) == 1 else nearest(wanted, free)
    if meant is not None and len(missing) > 1:
        yield declared[meant]

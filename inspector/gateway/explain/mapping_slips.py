"""Parameter mappings that found nothing where nearly the same name is there, of both kinds of API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspector.gateway import untrusted_json
from inspector.gateway.client_view import ClientView
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.near import nearest, one_digit_off
from inspector.gateway.http_api.context import of_matched
from inspector.gateway.http_api.results import Answered, Mapped
from inspector.model import HttpApiIntegration, ParameterMapping, Source

#: How alike two names must be; where only one is there that nobody reads.
_ALIKE, _ALONE = 0.7, 0.5
#: A variable of an HTTP API's mapping: `$request.header.x`, `${context.requestId}`.
_HTTP = re.compile(r"\$\{?(request|response|context)\.([\w-]+)(?:\.([\w.-]+))?")
_REST = re.compile(r"(method\.request|integration\.response)\.(\w+)\.(.+)")
_PATH = re.compile(r"request\.path\.(\w+)")
_STATUS = re.compile(r"[1-5]\d\d|\$.*", re.DOTALL)
#: What is written as a variable, but for its `$`.
_NO_DOLLAR = re.compile(r"(?:request\.(?:header|querystring|path|body)|context|stageVariables)\.\w")


@dataclass(frozen=True, slots=True)
class MappingSlip:
    """A mapping that hardly does what was meant, and why."""

    source: Source
    text: str
    remedy: str


def mapping_slips(case: Case) -> Iterator[MappingSlip]:
    """Those of the request first, then those of the answer."""
    if case.http_integration is not None:
        yield from _of_http(case, case.http_integration)
    else:
        yield from _of_rest(case)


def _of_rest(case: Case) -> Iterator[MappingSlip]:
    routed, integration, answered = case.routed, case.integration, case.answered
    if routed is None or integration is None:
        return
    asked = _views(routed.client)
    yield from _rest_ones(integration.request_parameters, "method.request", asked)
    if answered is None or case.answer.outcome != "answered":
        return
    told = {"header": [name for name, _ in answered.headers.fields]}
    for response in integration.responses:
        if response.status == str(case.answer.response.status):
            yield from _rest_ones(response.parameters, "integration.response", told)


def _rest_ones(
    mappings: Iterable[ParameterMapping], holder: str, views: Mapping[str, list[str]]
) -> Iterator[MappingSlip]:
    read = {each.expression for each in mappings}
    for mapping in mappings:
        found = _REST.fullmatch(mapping.expression)
        if found is None or found[1] != holder:
            continue
        place, name = found[2].removeprefix("multivalue"), found[3]
        free = [each for each in views.get(place, []) if f"{holder}.{found[2]}.{each}" not in read]
        meant = _meant(name, views.get(place, []), free)
        if meant is not None:
            yield _slip(mapping, meant, f"{holder}.{found[2]}.{meant}")


def _meant(name: str, there: Iterable[str], free: Sequence[str]) -> str | None:
    """The name that was meant; None where this one is there, in whatever letters."""
    if any(each.lower() == name.lower() for each in there):
        return None
    return nearest(name, free, _ALIKE if len(free) > 1 else _ALONE)


def _slip(mapping: ParameterMapping, meant: str, expression: str) -> MappingSlip:
    text = f"{mapping.expression} found nothing for {mapping.target}; there is {meant}."
    return MappingSlip(mapping.source, text, f"Write {expression}.")


def _views(client: ClientView) -> dict[str, list[str]]:
    return {
        "header": [name for name, _ in client.headers],
        "querystring": list(client.query_values),
        "path": list(client.path_parameters),
        "body": _members(client.body_text),
    }


def _members(text: str) -> list[str]:
    try:
        document = untrusted_json.loads(text) if text else None
    except ValueError:
        return []
    return [str(each) for each in document] if isinstance(document, dict) else []


def _of_http(case: Case, http: HttpApiIntegration) -> Iterator[MappingSlip]:
    matched, result = case.matched, case.answer.result
    if matched is None:
        return
    yield from _renamed_variable(case, http)
    views = {"request": _views(matched.client), "context": {"": list(of_matched(matched))}}
    identity = of_matched(matched)["identity"]
    if isinstance(identity, dict):
        views["context"]["identity"] = list(identity)
    yield from _http_ones(http.request_parameters, views)
    answered = result.answered if isinstance(result, Mapped) else result
    if not isinstance(answered, Answered):
        return
    yield from _other_status(case, http, answered)
    views = {"response": _told(answered)}
    yield from _http_ones(http.response_parameters.get(str(answered.status), ()), views)


def _renamed_variable(case: Case, http: HttpApiIntegration) -> Iterator[MappingSlip]:
    """The route's only variable, where nobody reads it and a mapping reads one that is not there."""
    matched = case.matched
    given = [] if matched is None else list(matched.client.path_parameters)
    told = " ".join(each.expression for each in http.request_parameters)
    read = set(_PATH.findall(told))
    if matched is None or len(given) != 1 or given[0] in read or len(read) != 1:
        return
    [name] = read
    place = case.places.at(matched.plan.route.source, "RouteKey")
    if place is not None and nearest(name, given, 0.5) is None:
        text = f"The path gives {given[0]}, which nobody reads; the integration reads {name}."
        yield MappingSlip(place, text, f"Write {{{name}}} in the route.")


def _told(answered: Answered) -> dict[str, list[str]]:
    return {
        "header": [name for name, _ in answered.headers.fields],
        "body": _members(answered.body.decode("utf-8", "replace")),
    }


def _http_ones(
    mappings: Iterable[ParameterMapping], views: Mapping[str, Mapping[str, list[str]]]
) -> Iterator[MappingSlip]:
    read = " ".join(each.expression for each in mappings)
    for mapping in mappings:
        yield from _malformed(mapping)
        for root, place, name in _HTTP.findall(mapping.expression):
            if root not in views:
                continue
            known = views[root]
            inner = root == "context" and not (place in known and name)
            first = place if inner else name.partition(".")[0]
            there = known.get("" if inner else place, [])
            if not first or not there:
                continue
            free = [each for each in there if not re.search(rf"\.{re.escape(each)}\b", read)]
            meant = _meant(first, there, free) if root != "context" else _exact(first, there)
            if meant is not None:
                yield _slip(mapping, meant, mapping.expression.replace(first, meant))


def _exact(name: str, there: list[str]) -> str | None:
    """Names of `$context` are compared with case."""
    return None if name in there or name == "authorizer" else nearest(name, there, _ALIKE)


def _malformed(mapping: ParameterMapping) -> Iterator[MappingSlip]:
    expression = mapping.expression
    if _NO_DOLLAR.match(expression):
        text = f"{expression} is sent as it stands: without its $ it is a text, no variable."
        yield MappingSlip(mapping.source, text, f"Write ${expression}.")
    if mapping.target.lower() == "overwrite:statuscode" and not _STATUS.fullmatch(expression):
        text = f"{expression} is no status: nothing is overwritten."
        yield MappingSlip(mapping.source, text, "Write a status of three digits.")
    if expression.count("${") > expression.count("}"):
        text = f"The brace of {expression} is not closed, so that it is a text, no variable."
        yield MappingSlip(mapping.source, text, f"Write {expression}}}.")


def _other_status(
    case: Case, http: HttpApiIntegration, answered: Answered
) -> Iterator[MappingSlip]:
    """Response parameters for nearly the status that came."""
    status = str(answered.status)
    if status in http.response_parameters:
        return
    for other in http.response_parameters:
        place = case.places.key(http.source, "responseParameters", other)
        if place is not None and one_digit_off(other, status):
            text = f"The backend answered {status}, and there are response parameters for {other}."
            yield MappingSlip(place, text, f"Write {json.dumps(status)} there.")

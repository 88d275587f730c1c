"""The integration failed, or answered with an error of its own (pains 57 to 59)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.explain.http_suspects import http_suspects
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.preparing import uri_lines, variable_lines
from inspector.gateway.explain.service_suspects import service_suspects
from inspector.gateway.explain.template_runs import request_run, slips
from inspector.gateway.explain.templates import (
    faults,
    line_with,
    unread,
)
from inspector.gateway.explain.unused import unused
from inspector.gateway.functions import function_name
from inspector.gateway.method_override import METHODS
from inspector.gateway.narration import Evidence
from inspector.gateway.parameters import InvalidBodyError
from inspector.gateway.stages.prepare import scope_of
from inspector.gateway.trace import Step
from inspector.model import (
    AwsService,
    Http,
    HttpProxy,
    Integration,
    ParameterMapping,
    Source,
    Template,
)

#: A variable that is still one in the URL that was called.
_UNFILLED = re.compile(r"(?<!\$)\{(\w+)\+?\}")
#: A variable of a URI with the segment before it.
_SEGMENT = re.compile(r"/(\w{3,})/\{(\w+)\+?\}")
#: A parameter of the request that a template asks for by name.
_PARAMS = re.compile(r"\$!?\{?input\.params\(\s*['\"]([^'\"]+)['\"]\s*\)")


def _told(step: Step) -> Cause:
    cause = Cause(narration.describe(step), narration.remedy(step))
    for name in ("url", "function", "service", "action", "detail", "timeout_ms", "size"):
        value = step.facts.get(name)
        if value is not None:
            cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
    return cause


def timeout(case: Case, step: Step) -> Cause:
    """Nothing came in time: the limit's line, where one is written."""
    cause = _told(step)
    source = case.integration_source
    cause.line(
        case.places.parameter(source, "timeoutInMillis"),
        case.places.at(source, "timeoutInMillis"),
        *uri_lines(case),
    )
    return cause


def unreachable(case: Case, step: Step) -> Cause:
    """Nobody there: the URI says where."""
    cause = _told(step)
    cause.remedy = cause.remedy or _code_advice(case, step)
    return cause.line(*uri_lines(case))


def _code_advice(case: Case, step: Step) -> str | None:
    """What to do about a function that could not be started."""
    detail, named = str(step.facts.get("detail") or ""), str(step.facts.get("function") or "")
    if "no code is known" in detail:
        known = [each.name for each in case.definition.functions]
        meant = nearest(function_name(named), known)
        guess = f" {meant} is declared." if meant else ""
        return f"Correct the function's name in the URI, or declare it.{guess}"
    if "the code of" in detail:
        return "Correct the function's Code, or build what it names."
    return "Correct the function's Runtime." if "the runtime" in detail else None


def not_json(case: Case, step: Step) -> Cause:
    """The payload for a function: the template that wrote it, where one did."""
    cause = _told(step)
    cause.evidence += [Evidence(name, str(step.facts.get(name))) for name in ("payload", "answer")]
    return cause.line(*_template_faults(case), case.integration_source, step.source)


def backend_error(case: Case, step: Step) -> Cause:
    """The backend's own answer is an error: the gateway only carried it."""
    facts = step.facts
    status = facts.get("status")
    cause = _told(step)
    if step.code == "integrate.answered":
        cause.sentence = (
            f"The backend itself answered {status} to {_asked(case)}; "
            "the gateway only passed it on."
        )
        cause.remedy = advice(int(str(status)))
        own, told = int(str(status)), case.answer.response.status
        if case.http_integration is not None and own != told:
            passed = "the gateway only passed it on."
            made = f"its response parameters made it {told} for the client."
            cause.sentence = cause.sentence.replace(passed, made)
    left = _UNFILLED.findall(_asked(case))
    if left:
        names = ", ".join(f"{{{name}}}" for name in left)
        cause.add(f"{names} stands in the URL as it is written: nothing fills it.")
        cause.remedy = f"Map integration.request.path.{left[0]}, or call both by the same name."
    cause.line(*suspects(case, step), *overwriting(case, str(status)))
    return cause


def overwriting(case: Case, status: str) -> Iterator[Source]:
    """Where the response parameters of an HTTP API write another status."""
    http = case.http_integration
    for mapping in () if http is None else http.response_parameters.get(status, ()):
        if mapping.target.lower() == "overwrite:statuscode":
            yield mapping.source


def overwritten(case: Case, step: Step) -> Cause:
    """A success that the response parameters made an error."""
    status, told = step.facts.get("status"), case.answer.response.status
    lines = list(overwriting(case, str(status)))
    if not lines:
        return unreachable(case, step)
    cause = Cause(f"The backend answered {status}; the response parameters made it {told}.")
    cause.remedy = "Write the status there that the client should see."
    return cause.line(*lines, *uri_lines(case))


def _asked(case: Case) -> str:
    step = case.step_of("map-request")
    if step is None or "url" not in step.facts:
        return "what it was sent"
    return f"{step.facts.get('request')} {step.facts['url']}"


def advice(status: int) -> str:
    """What to look at where a backend answered so."""
    if status in (404, 410):
        return "Look at the URL that was called: the integration's uri and its path mappings."
    if status in (405, 501):
        return "Look at the integration's httpMethod: the backend has no such method."
    if status in (401, 403):
        return "Look at the headers that reach the backend: Authorization passes only if mapped."
    if status in (400, 415, 422):
        return "Look at the body and the headers that reach the backend."
    return "Look into the backend's own log: the request reached it."


def strange_call(case: Case) -> bool:
    """Whether the call itself looks wrong, whatever the backend said to it."""
    return (
        _other_verb(case)
        or next(unfilled_lines(case), None) is not None
        or next(_template_faults(case), None) is not None
    )


def suspects(case: Case, step: Step) -> Iterator[Source]:
    """The lines that made what the backend was asked, the likeliest first."""
    yield from variable_lines(case)
    http = case.http_integration
    if http is not None:
        yield from http_suspects(case, http, step)
        return
    integration = case.integration
    if integration is None:
        return
    status = int(str(step.facts.get("status") or 0))
    at = case.places.at
    yield from unfilled_lines(case)
    yield from _template_faults(case)
    if unused(integration):
        yield from _written(at(integration.source, "type"))
    if _other_verb(case):
        yield from _written(at(integration.source, "httpMethod"))
    if status in (405, 501):
        yield from _written(at(integration.source, "httpMethod"))
    if isinstance(integration, AwsService):
        yield from service_suspects(case, integration, step)
    yield from _by_status(integration, status)
    yield from uri_lines(case)
    yield from _written(at(integration.source, "httpMethod"))


def _by_status(integration: Integration, status: int) -> Iterator[Source]:
    """What is to blame by the backend's status: the body, or the credentials."""
    if status in (400, 415, 422):
        for template in integration.request_templates.values():
            yield template.source
        for mapping in integration.request_parameters:
            yield mapping.source
    if status in (401, 403):
        for mapping in integration.request_parameters:
            if "authorization" in mapping.target.lower():
                yield mapping.source


def _written(source: Source | None) -> Iterator[Source]:
    if source is not None:
        yield source


def _other_verb(case: Case) -> bool:
    """Whether the backend is called with a verb that is none, or not the method's own."""
    method, verb = case.method, getattr(case.integration, "http_method", None)
    if method is None or verb is None or verb == "ANY":
        return False
    if not isinstance(case.integration, Http | HttpProxy):
        bodied = bool(case.integration and case.integration.request_templates)
        return verb not in METHODS or (bodied and verb in ("GET", "HEAD"))
    return verb not in METHODS or method.http_method not in (verb, "ANY")


def _template_faults(case: Case) -> Iterator[Source]:
    """Lines of the request template that name what does not exist; the key of one not chosen."""
    step, integration = case.step_of("map-request"), case.integration
    if step is None or integration is None:
        return
    chosen = integration.request_templates.get(str(step.facts.get("template")))
    if chosen is not None:
        yield from _unfilled_params(case, chosen)
        yield from (place for place, _ in faults(case, chosen))
        yield from unread(case, chosen, case.request.body.decode("utf-8", "replace"))
        ran = request_run(case)
        yield from (slip.source for slip in slips(case, ran)) if ran is not None else ()
    elif "passthrough" in step.facts and integration.request_templates:
        given = str(step.facts["passthrough"])
        meant = nearest(given, integration.request_templates, 0.5)
        keys = [meant] if meant else list(integration.request_templates)
        for key in keys:
            yield from _written(case.places.key(integration.source, "requestTemplates", key))


def _unfilled_params(case: Case, template: Template) -> Iterator[Source]:
    """Where a template asks for a parameter that the path should have given, and did not.

    The path itself, where the method declares the parameter as the template calls it.
    """
    routed = case.routed
    if routed is None:
        return
    client = routed.client
    given = {*client.path_parameters, *client.query_values, *client.header_values}
    declared = {name.rpartition(".")[2] for name in _declared_path_parameters(case)}
    for name in _PARAMS.findall(template.text):
        if name in given:
            continue
        if name in declared:
            yield case.places.key(routed.plan.resource.source) or routed.plan.resource.source
        elif nearest(name, given, 0.5) is not None or not given:
            yield from _written(line_with(case, template, f"params('{name}')", f'params("{name}")'))


def unfilled_lines(case: Case) -> Iterator[Source]:
    """Lines behind a path variable that was not filled: the odd one out first.

    Three places name a variable: the path, the parameter, the mapping. Two against one.
    """
    routed, integration = case.routed, case.integration
    found = unfilled(case)
    if routed is None or integration is None:
        return
    declared = [
        name.rpartition(".")[2]
        for name in _declared_path_parameters(case)
    ]  # fmt: skip
    for mapping in found:
        name = mapping.expression.removeprefix("method.request.path.")
        if name in declared and name not in routed.client.path_parameters:
            yield routed.plan.resource.source
        uri, target = getattr(integration, "uri", ""), mapping.target.rpartition(".")[2]
        pair = [*uri_lines(case)[:1], mapping.source]
        if f"{{{target}" not in uri:
            yield from reversed(pair) if _is_odd_target(uri, target, name) else pair
        yield mapping.source
    step = case.step_of("map-request")
    url = "" if step is None else str(step.facts.get("url"))
    if not found and "{" in url and "}" in url:
        yield from _filling_otherwise(case, url)
        yield from uri_lines(case)[:1]


def _is_odd_target(uri: str, target: str, name: str) -> bool:
    """Whether the mapping is the slip, not the URI, whose variable is called otherwise.

    The one that is called as the segment before it is right, as in `/animals/{animalId}`; where
    both are or none is, the one that the request's parameter is called as.
    """
    pairs = _SEGMENT.findall(uri)
    uri_fits = any(_is_of(noun, variable) for noun, variable in pairs)
    target_fits = any(_is_of(noun, target) for noun, _ in pairs)
    return f"{{{name}" in uri if uri_fits == target_fits else uri_fits


def _is_of(noun: str, variable: str) -> bool:
    return variable.lower().startswith(noun.lower().rstrip("s"))


def _filling_otherwise(case: Case, url: str) -> Iterator[Source]:
    """A mapping whose target is called as a variable of the URI, and is no path's."""
    for mapping in case.integration.request_parameters if case.integration else ():
        place, _, name = mapping.target.removeprefix("integration.request.").partition(".")
        if place != "path" and f"{{{name}}}" in url:
            yield mapping.source


def _declared_path_parameters(case: Case) -> Iterator[str]:
    """Those that the document lists by itself; the reader adds what the path names."""
    method = case.method
    if method is None:
        return
    pointer = method.source.pointer
    shared = Source(method.source.file, 0, 0, pointer.rpartition("/")[0])
    for holder in (method.source, shared):
        listed = case.places.value(holder, "parameters")
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and each.get("in") == "path":
                yield str(each.get("name"))
    for name, _ in case.places.children(method.source, "RequestParameters"):
        if name.startswith("method.request.path."):
            yield name


def unfilled(case: Case) -> list[ParameterMapping]:
    """Mappings of the request that found no value where one was to be expected."""
    routed, integration = case.routed, case.integration
    if routed is None or integration is None:
        return []
    scope, found = scope_of(routed), []
    declared = {each.target: each for each in integration.request_parameters}
    given = [
        *(f"method.request.path.{name}" for name in routed.client.path_parameters),
        *(f"method.request.querystring.{name}" for name in routed.client.query_values),
        *(f"method.request.header.{name}" for name in routed.client.header_values),
        *routed.plan.method.request_parameters,
    ]
    for mapping in routed.plan.request_mappings:
        try:
            value = mapping.get(scope)
        except InvalidBodyError:
            continue
        target = f"integration.request.{mapping.place}.{mapping.name}"
        meant = nearest(mapping.expression, given, 0.8)
        if value is None and (mapping.place == "path" or meant not in (None, mapping.expression)):
            found.append(declared[target])
    uri = getattr(integration, "uri", "")
    for target, each in declared.items():
        name = target.removeprefix("integration.request.path.")
        if name != target and f"{{{name}}}" not in uri and f"{{{name}+}}" not in uri:
            found.append(each)
    return found

"""The integration request could not be made: content types, templates, URIs (pains 40, 50, 54, 61)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from inspector.gateway import narration
from inspector.gateway.explain.case import Case, document_of
from inspector.gateway.explain.explanation import Cause, Try
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.templates import failed_at, faults, line_with
from inspector.gateway.explain.wiring import function_hint
from inspector.gateway.functions import function_name
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.message import Headers
from inspector.model import Function, Http, HttpProxy, Lambda, LambdaProxy, Source, Template

_ASKED = re.compile(r"stageVariables\.(\w+)")
#: A name that an error complains of, such as Python's KeyError does.
_QUOTED = re.compile(r"['\"`](\w+)['\"`]")
#: How variables of an environment are called by custom.
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_RESERVED = "ReservedConcurrentExecutions"
#: Properties of a function that its own limits stand in.
_LIMITED = {"Sandbox.Timedout": "Timeout", "Runtime.OutOfMemory": "MemorySize"}
_VARIABLE = re.compile(r"\$\{stageVariables\.([^}]+)\}")


def _told(step: Step) -> Cause:
    return Cause(narration.describe(step), narration.remedy(step))


def media_type(case: Case, step: Step) -> Cause:
    """415: the row of the decision table that fired."""
    cause = _told(step)
    cause.part = "header Content-Type"
    integration = case.integration
    assert integration is not None
    given, keys = str(step.facts["media_type"]), list(integration.request_templates)
    sent = case.header("content-type")
    cause.evidence += [
        Evidence("Content-Type", sent or "none sent: application/json counts", ", ".join(keys),
                 ok=False),
        Evidence("passthroughBehavior", integration.passthrough_behavior),
    ]  # fmt: skip
    at = case.places
    behavior = at.at(integration.source, "passthroughBehavior")
    meant = nearest(given, keys, 0.75)
    if meant is not None:
        cause.sentence += f" {meant} is nearly it."
        cause.line(at.key(integration.source, "requestTemplates", meant))
    cause.line(behavior)
    for key in keys:
        cause.line(at.key(integration.source, "requestTemplates", key))
    cause.line(at.at(integration.source, "requestTemplates"), integration.source)
    if keys:
        fields = [each for each in case.request.headers.fields if each[0].lower() != "content-type"]
        wanted = "application/json" if "$default" in keys else keys[0]
        headers = Headers.of([*fields, ("Content-Type", wanted)])
        cause.tries.append(
            Try("request", f"send it as {wanted}", request=replace(case.request, headers=headers))
        )
    return cause


def template(case: Case, step: Step) -> Cause:
    """A request template that broke: its line in the file."""
    cause = _told(step)
    cause.remedy = cause.remedy or "Mend that line of the template."
    cause.part = "body"
    assert step.source is not None
    for name in ("template", "error", "template_line", "template_column", "size"):
        if step.facts.get(name) is not None:
            cause.evidence.append(Evidence(name.replace("_", " "), str(step.facts[name])))
    return cause.line(*failed_at(case, step.source, step.facts), step.source)


def mock_status(case: Case, step: Step) -> Cause:
    """A MOCK's template that names no status."""
    cause = _told(step)
    cause.evidence.append(
        Evidence("rendered", str(step.facts.get("rendered")), '{"statusCode": <number>}', ok=False)
    )
    integration = case.integration or case.socket_integration
    source = None if integration is None else integration.source
    if case.places.at(source, "uri") is not None:
        cause.sentence += " A MOCK integration calls nobody, and this one has a uri."
        cause.line(case.places.at(source, "type"))
    chosen = _template_of(integration, step)
    if chosen is not None:
        cause.line(*(place for place, _ in faults(case, chosen)))
        cause.line(line_with(case, chosen, "statusCode", "status"), chosen.source)
        return cause
    media = case.routed.client.media_type if case.routed else ""
    keys = list(integration.request_templates) if integration else []
    meant = nearest(media, keys, 0.5)
    if meant is not None:
        cause.line(case.places.key(source, "requestTemplates", meant))
    cause.part = "header Content-Type"
    return cause.line(case.places.at(source, "requestTemplates"), step.source)


def _template_of(integration: object, step: Step) -> Template | None:
    found: Mapping[str, Template] = getattr(integration, "request_templates", {})
    chosen = found.get(str(step.facts.get("template")))
    if chosen is None and step.source is not None:
        chosen = next((each for each in found.values() if each.source == step.source), None)
    return chosen


def endpoint(case: Case, step: Step) -> Cause:
    """A URI without a host, or without a function: often a stage variable that is not set."""
    cause = _told(step)
    uri = str(step.facts.get("uri", ""))
    if _is_of_other_type(case, uri):
        cause.line(case.of_integration("type"))
    cause.line(*uri_lines(case))
    variables = {} if case.stage is None else case.stage.variables
    stage = None if case.stage is None else case.stage.source
    for name in _VARIABLE.findall(uri):
        value = variables.get(name)
        cause.evidence.append(
            Evidence(f"stageVariables.{name}", value or "not set", ok=bool(value))
        )
        meant = None if value else nearest(name, [each for each in variables if each not in uri])
        if meant is not None:
            cause.sentence += f" The stage has {meant}, not {name}."
            cause.first(case.places.key(stage, "Variables", meant))
        if not value:
            cause.line(case.places.at(stage, "Variables"))
    return cause


def _is_of_other_type(case: Case, uri: str) -> bool:
    """Whether a URI is a function's where a URL is wanted, or the other way about."""
    own = case.http_integration or case.socket_integration
    kind = own.type if own is not None else ""
    for_url = kind in ("HTTP", "HTTP_PROXY") or isinstance(case.integration, Http | HttpProxy)
    for_function = kind == "AWS_PROXY" or isinstance(case.integration, LambdaProxy | Lambda)
    return (for_url and uri.startswith("arn:")) or (for_function and uri.startswith("http"))


def uri_lines(case: Case) -> list[Source]:
    """The integration's URI; behind a reference its value; then the integration itself."""
    source = case.integration_source
    if source is None:
        return []
    uri = case.places.at(source, "uri")
    value = case.places.parameter(source, "uri")
    code = [*variable_lines(case), *function_lines(case)]
    holder = case.places.key(source, "Properties") if uri is None else None
    ties = variable_lines(case, ties=True)
    used = _used_variables(case) if uri is not None else []
    return [each for each in (*code, value, uri, *ties, *used, holder, source) if each is not None]


def _used_variables(case: Case) -> list[Source]:
    """Where the stage sets what the URI asks for."""
    stage = case.stage
    integration = case.integration or case.http_integration or case.socket_integration
    if stage is None:
        return []
    found = [
        case.places.key(stage.source, key, name)
        for name in _ASKED.findall(str(getattr(integration, "uri", "")))
        for key in ("Variables", "StageVariables")
        if name in stage.variables
    ]
    return [each for each in found if each is not None]


def variable_lines(case: Case, *, ties: bool = False) -> list[Source]:
    """Stage variables that are asked for and not set, but nearly: where the stage says so.

    With `ties` also those whose name is no stranger than the one that is asked for.
    """
    stage = case.stage
    if stage is None:
        return []
    integration = case.integration or case.http_integration or case.socket_integration
    told = str(getattr(integration, "uri", ""))
    told += " ".join(
        each.expression for each in getattr(integration, "request_parameters", ())
    )  # fmt: skip
    found = []
    for name in _ASKED.findall(told):
        free = [each for each in stage.variables if f"stageVariables.{each}" not in told]
        meant = None if stage.variables.get(name) else nearest(name, free)
        if meant is None:
            continue
        if ties or case.places.familiar(meant) < case.places.familiar(name):
            for key in ("Variables", "StageVariables"):
                place = case.places.key(stage.source, key, meant)
                found += [] if place is None else [place]
    return found


def function_lines(case: Case) -> list[Source]:
    """Where the function that broke says what its code is: handler, runtime or place."""
    step, function = case.step, function_of(case)
    if step is None or function is None:
        return []
    told = f"{step.facts.get('detail') or ''} {step.facts.get('error') or ''}"
    misnamed = _misnamed_variable(case, function, told) or _no_variable(case, function, told)
    if misnamed is not None:
        return [misnamed]
    hint = function_hint(case, function)
    if hint is not None:
        return [hint.source]
    names = _blamed(told, str(step.facts.get("error_type")))
    found = [case.places.at(function.source, name) for name in names]
    here = [each for each in found if each is not None]
    if here or not names:
        return here
    return [case.places.key(function.source, "Properties") or function.source]


def _blamed(told: str, error_type: str) -> tuple[str, ...]:
    """The properties of a function that its failure is about."""
    if error_type in _LIMITED:
        return (_LIMITED[error_type],)
    if "timed out after" in told:
        return ("Timeout",)
    if any(each in told for each in ("andler", "not exported", "import module", "find module")):
        return ("Handler",)
    if _RESERVED in told:
        return (_RESERVED,)
    if any(each in told for each in ("no code", "the code of", "cannot be unpacked")):
        return ("Code", "CodeUri", "Runtime", "Handler")
    return ("Runtime",) if "the runtime" in told else ()


def handler_line(case: Case) -> Source | None:
    """The handler of the function that answered: another one's answers would look alike."""
    function = function_of(case)
    return None if function is None else case.places.at(function.source, "Handler")


def _misnamed_variable(case: Case, function: Function, told: str) -> Source | None:
    """A variable of its environment whose name is nearly one that the function missed."""
    for name in _QUOTED.findall(told):
        meant = nearest(name, function.environment) if name not in function.environment else None
        if meant is not None:
            return case.places.key(function.source, "Environment", "Variables", meant)
    return None


def _no_variable(case: Case, function: Function, told: str) -> Source | None:
    """Where a variable of its environment should stand that the function missed."""
    at, names = case.places.at, _QUOTED.findall(told)
    missed = [name for name in names if _CONSTANT.fullmatch(name)]
    if not missed or missed[0] in function.environment:
        return None
    environment = at(function.source, "Environment", "Variables") or at(
        function.source, "Environment"
    )
    return environment or case.places.key(function.source, "Properties")


def function_of(case: Case) -> Function | None:
    """The function that was invoked, whatever alias or version was asked for."""
    steps = [case.step, case.step_of("integrate"), case.step_of("map-request")]
    named = [str(step.facts["function"]) for step in steps if step and step.facts.get("function")]
    name = function_name(named[0]) if named else ""
    for function in case.definition.functions:
        if name in (function.name, function.logical_id):
            return function
    return None


def _of(*keys: str) -> Callable[[Case, Step], Cause]:
    """An explainer whose line is the first of these properties of the integration."""

    def explain(case: Case, step: Step) -> Cause:
        cause = _told(step)
        for name, value in step.facts.items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
        return cause.line(*(case.of_integration(key) for key in keys), step.source)

    return explain


function_method = _of("httpMethod")
not_base64 = _of("contentHandling")
forbidden_header = _of()


def no_integration(case: Case, step: Step) -> Cause:
    """A method without an integration: where one is written that is none, that."""
    cause = _of()(case, step)
    written = case.places.at(case.method_source, "x-amazon-apigateway-integration")
    return cause if written is None else cause.first(written)


def invalid_uri(case: Case, step: Step) -> Cause:
    """A URL that cannot be signed: the mapping that wrote the character, or the URI."""
    cause = _of("uri")(case, step)
    integration = case.integration
    character = str(step.facts.get("character"))
    for mapping in integration.request_parameters if integration else ():
        if character in mapping.expression[1:-1]:
            cause.first(mapping.source)
    return cause.line(*uri_lines(case))


def template_on_bytes(case: Case, step: Step) -> Cause:
    """Bytes met a template: the list of binary types, or contentHandling, made them so."""
    cause = _told(step)
    cause.part = "header Content-Type"
    cause.line(case.of_integration("contentHandling"), *binary_types(case), step.source)
    return cause


def binary_types(case: Case) -> list[Source]:
    """The API's binary media types that matter."""
    resolved = case.resolved
    if resolved is None:
        return []
    name, source = "x-amazon-apigateway-binary-media-types", resolved.deployment.api.source
    root = document_of(case.method_source or source)
    for holder in (source, root):
        listed = [place for _, place in case.places.children(holder, name)]
        if listed:
            return listed
    return []


def invalid_json(case: Case, step: Step) -> Cause:
    """A mapping reads a body that is not JSON."""
    cause = _told(step)
    cause.part = "body"
    cause.evidence.append(Evidence("error", str(step.facts.get("error")), ok=False))
    integration = case.integration
    for mapping in integration.request_parameters if integration else ():
        if mapping.expression.startswith("method.request.body"):
            cause.line(mapping.source)
    return cause.line(step.source)

"""What only HTTP APIs refuse: their CORS configuration, their authorizers' answers, parameters."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.demands import demanded_at
from inspector.gateway.explain.explanation import Cause, Try
from inspector.gateway.explain.function_answers import raised
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.preparing import uri_lines, variable_lines
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.model import Source


def _told(step: Step) -> Cause:
    cause = Cause(narration.describe(step), narration.remedy(step))
    for name, value in step.facts.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
    return cause


def preflight(case: Case, step: Step) -> Cause:
    """A preflight that the API's CORS configuration does not allow."""
    cause = _told(step)
    source = step.source
    unmet = step.facts.get("unmet")
    listed = unmet if isinstance(unmet, list) else []
    if not step.facts.get("origin_allowed"):
        cause.part = "header Origin"
        cause.line(*_entries(case, source, "allowOrigins", str(step.facts.get("origin"))))
    for each in listed:
        kind, _, name = each.partition(" ")
        key = "allowMethods" if kind == "method" else "allowHeaders"
        cause.part = cause.part or (
            "header Access-Control-Request-" + ("Method" if kind == "method" else "Headers")
        )
        cause.line(*_entries(case, source, key, name))
    return cause.line(source)


def _entries(case: Case, source: Source | None, key: str, wanted: str) -> Iterator[Source]:
    """The list that lacks it; first the entry that is nearly it."""
    values = case.places.value(source, key)
    items = case.places.children(source, key)
    if isinstance(values, list):
        meant = nearest(wanted, [str(each) for each in values], 0.6)
        for value, (_, place) in zip(values, items, strict=False):
            if str(value) == meant:
                yield place
        if len(items) == 1:
            yield items[0][1]
    whole = case.places.at(source, key)
    if whole is not None:
        yield whole


def no_authorizer(case: Case, step: Step) -> Cause:
    """A route that names an authorizer which is not there."""
    cause = _told(step)
    source = case.method_source
    return cause.line(None if source is None else demanded_at(case, source), step.source)


def throttled(case: Case, step: Step) -> Cause:
    """More requests than the route or its stage allows."""
    cause = _told(step)
    cause.part = "how often it was sent"
    rate, burst = step.facts.get("rate"), step.facts.get("burst")
    places = [
        case.places.at(step.source, "ThrottlingRateLimit"),
        case.places.at(step.source, "ThrottlingBurstLimit"),
    ]
    if isinstance(rate, int | float) and isinstance(burst, int) and burst <= rate:
        places.reverse()
    cause.line(*places, step.source)
    wait = step.facts.get("wait_ms")
    if isinstance(wait, int):
        text = f"send it again in {wait} ms"
        cause.tries.append(Try("wait", text, request=case.request, wait_ms=wait))
    return cause


def not_deployed(case: Case, step: Step) -> Cause:
    """A stage that serves nothing."""
    cause = _told(step)
    return cause.line(
        case.places.at(step.source, "AutoDeploy"),
        case.places.at(step.source, "DeploymentId"),
        case.places.key(step.source, "Properties"),
        step.source,
    )


def parameter(case: Case, step: Step) -> Cause:
    """A parameter of a service's action that found no value, or no fitting one."""
    cause = _told(step).line(*variable_lines(case))
    name, expression = str(step.facts.get("parameter")), str(step.facts.get("expression") or "")
    integration = case.http_integration
    for mapping in integration.request_parameters if integration is not None else ():
        if mapping.target == name or mapping.expression == expression:
            cause.line(mapping.source)
    cause.line(*variable_lines(case, ties=True))
    if ".header." in expression:
        cause.part = f"header {expression.rpartition('.')[2]}"
    elif ".body" in expression:
        cause.part = "body"
    elif ".querystring." in expression:
        cause.part = f"query {expression.rpartition('.')[2]}"
    cause.line(case.of_integration("requestParameters"), case.of_integration("integrationSubtype"))
    return cause.line(step.source)


def no_target(case: Case, step: Step) -> Cause:
    """A route without integration."""
    place, source = case.places, case.method_source
    return _told(step).line(
        place.at(source, "Target"), place.key(source, "Properties"), step.source
    )


def subtype(case: Case, step: Step) -> Cause:
    """An action that HTTP APIs do not have."""
    return _told(step).line(case.of_integration("integrationSubtype"), step.source)


def malformed(case: Case, step: Step) -> Cause:
    """A function's result that is no answer of the format that the integration says (21, 62)."""
    cause = _told(step)
    cause.evidence += list(raised(case))
    return cause.line(case.of_integration("payloadFormatVersion"), *uri_lines(case))


def failed(case: Case, step: Step) -> Cause:
    """The integration broke: its function, or the way to it."""
    cause = _told(step)
    cause.evidence += list(raised(case))
    return cause.line(*uri_lines(case), step.source)

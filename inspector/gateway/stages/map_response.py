"""The integration's answer becomes the method's.

Sources: facts 139-147 (headers of HTTP and HTTP_PROXY), 153-160 (selection), 12 (nothing
selected), 52 (MOCK without a template).
"""

from __future__ import annotations

from inspector.gateway import templating
from inspector.gateway.parameters import InvalidBodyError, as_text
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Mapped
from inspector.gateway.selection import ResponsePlan, select
from inspector.gateway.stages.prepare import scope_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.visible import remapped, remapped_by_proxy
from inspector.message import Field, Headers
from inspector.model import HttpProxy


def map_response(answered: Answered, trace: list[Step]) -> Mapped | Refusal:
    """What the client is going to get, before the gateway's own headers."""
    integration = answered.prepared.routed.plan.integration
    if isinstance(integration, HttpProxy):
        return _passed(answered, trace)
    plan = select(answered.prepared.routed.plan.responses, str(answered.status))
    if plan is None:
        return _unselected(answered)
    return _selected(answered, plan, trace)


def _passed(answered: Answered, trace: list[Step]) -> Mapped:
    """HTTP_PROXY: everything passes, some headers under another name (fact 140)."""
    fields: list[Field] = []
    renamed: dict[str, str] = {}
    for name, value in answered.headers.fields:
        new = remapped_by_proxy(name)
        if new is None:
            continue
        if new != name:
            renamed[name] = new
        fields.append((new, value))
    plan = answered.prepared.routed.plan
    facts: dict[str, Fact] = {"status": answered.status, "renamed": renamed}
    source = plan.integration.source if plan.integration else plan.method.source
    trace.append(Step("map-response", "passed", "map-response.proxied", facts, source))
    return Mapped(answered, answered.status, Headers(tuple(fields)), answered.body)


def _selected(answered: Answered, plan: ResponsePlan, trace: list[Step]) -> Mapped | Refusal:
    routed = answered.prepared.routed
    try:
        headers = _mapped_headers(answered, plan)
    except InvalidBodyError as error:
        return Refusal(
            "map-response", "map-response.invalid-json", "API_CONFIGURATION_ERROR",
            {"error": str(error)}, plan.declared.source, failed=True,
        )  # fmt: skip
    facts: dict[str, Fact] = {
        "pattern": plan.declared.selection_pattern,
        "matched": str(answered.status),
        "status": plan.status,
    }
    accept = routed.resolved.request.headers.get("accept")
    choice = templating.for_response(plan.declared.templates, accept)
    body = answered.body
    if choice.template is not None:
        facts["template"] = choice.media_type
        body = choice.template.text.encode()
    trace.append(Step("map-response", "ok", "map-response.selected", facts, plan.declared.source))
    return Mapped(answered, plan.status, headers, body)


def _mapped_headers(answered: Answered, plan: ResponsePlan) -> Headers:
    """Only what is mapped goes out (139), some of it under another name (142, 143)."""
    if not plan.mappings:
        return Headers()
    scope = scope_of(answered.prepared.routed)
    scope.answer_headers, scope.answer_body = answered.headers, answered.body
    fields = []
    for mapping in plan.mappings:
        value = as_text(mapping.get(scope))
        name = remapped(mapping.name)
        if value is not None and name is not None and mapping.place == "header":
            fields.append((name, value))
    return Headers(tuple(fields))


def _unselected(answered: Answered) -> Refusal:
    plan = answered.prepared.routed.plan
    source = plan.integration.source if plan.integration else plan.method.source
    patterns = [each.declared.selection_pattern or "default" for each in plan.responses]
    return Refusal(
        "map-response",
        "map-response.no-match",
        "API_CONFIGURATION_ERROR",
        {"status": answered.status, "patterns": patterns},
        source,
        failed=True,
        log="Configuration error: No match for output mapping and no default output mapping "
        f"configured. Endpoint Response Status Code: {answered.status}",
    )

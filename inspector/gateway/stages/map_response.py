"""The integration's answer becomes the method's.

Sources: facts 139-147 (headers of HTTP and HTTP_PROXY), 153-160 (selection), 12 (nothing
selected), 52 (MOCK without a template), 172-182 (proxy answers), 204-210 (text and bytes).
"""

from __future__ import annotations

from inspector.gateway import content, rendering, templating, untrusted_json
from inspector.gateway.parameters import InvalidBodyError, as_text
from inspector.gateway.refusal import Refusal
from inspector.gateway.response_override import overridden
from inspector.gateway.results import Answered, Mapped
from inspector.gateway.selection import ResponsePlan, select
from inspector.gateway.stages.map_function_answer import map_function_answer
from inspector.gateway.stages.prepare import scope_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.visible import remapped, remapped_by_proxy
from inspector.message import Field, Headers
from inspector.model import HttpProxy, Lambda, LambdaProxy, Source


def map_response(answered: Answered, trace: list[Step]) -> Mapped | Refusal:
    """What the client is going to get, before the gateway's own headers."""
    integration = answered.prepared.routed.plan.integration
    if isinstance(integration, HttpProxy):
        return _passed(answered, trace)
    if isinstance(integration, LambdaProxy):
        return map_function_answer(answered, trace)
    text = _told(answered)
    plan = select(answered.prepared.routed.plan.responses, text)
    if plan is None:
        return _unselected(answered, text)
    return _selected(answered, plan, text, trace)


def _told(answered: Answered) -> str:
    """What selection patterns are matched with."""
    if isinstance(answered.prepared.routed.plan.integration, Lambda):
        return error_message(answered.body)
    return str(answered.status)


def error_message(payload: bytes) -> str:
    """What a pattern is matched with for a function: its errorMessage, never a status (155)."""
    try:
        result = untrusted_json.loads(payload) if payload else None
    except ValueError:
        return ""
    found = result.get("errorMessage") if isinstance(result, dict) else None
    return found if isinstance(found, str) else ""


def response_rendering(answered: Answered) -> rendering.Rendering | None:
    """The response template of an answer, to be run again; None where there is none."""
    routed = answered.prepared.routed
    integration = routed.plan.integration
    if answered.cached or isinstance(integration, HttpProxy | LambdaProxy):
        return None
    plan = select(routed.plan.responses, _told(answered))
    body = None if plan is None else _converted(answered, plan)
    if plan is None or isinstance(body, Refusal) or (isinstance(body, bytes) and body):
        return None
    accept = routed.resolved.request.headers.get("accept")
    template = templating.for_response(plan.declared.templates, accept).template
    if template is None:
        return None
    text = body if isinstance(body, str) else ""
    return rendering.Rendering(template, routed, text, answered.prepared.overrides)


def _passed(answered: Answered, trace: list[Step]) -> Mapped | Refusal:
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
    body = _converted(answered, None)
    if isinstance(body, Refusal):
        return body
    facts: dict[str, Fact] = {"status": answered.status, "renamed": renamed}
    source = answered.prepared.source
    trace.append(Step("map-response", "passed", "map-response.proxied", facts, source))
    return Mapped(answered, answered.status, Headers(tuple(fields)), content.as_bytes(body))


def _selected(
    answered: Answered, plan: ResponsePlan, text: str, trace: list[Step]
) -> Mapped | Refusal:
    routed, source = answered.prepared.routed, plan.declared.source
    try:
        headers = _mapped_headers(answered, plan)
    except InvalidBodyError as error:
        return _broken("map-response.invalid-json", {"error": str(error)}, source)
    body = _converted(answered, plan)
    if isinstance(body, Refusal):
        return body
    facts: dict[str, Fact] = {
        "pattern": plan.declared.selection_pattern,
        "matched": text,
        "status": plan.status,
    }
    if plan.pattern is None and answered.status >= 400 > plan.status:
        facts["error_hidden"] = True  # facts 146, 154: the default swallows errors
    accept = routed.resolved.request.headers.get("accept")
    choice = templating.for_response(plan.declared.templates, accept)
    overrides = answered.prepared.overrides
    if choice.template is not None:
        facts["template"] = choice.media_type
        if isinstance(body, bytes) and body:
            # Fact 209: a template cannot be applied to bytes.
            return _broken("map-response.template-on-bytes", facts, choice.template.source)
        text = body if isinstance(body, str) else ""
        rendered = rendering.render(choice.template, routed, text, overrides)
        if isinstance(rendered, rendering.Failed):
            facts.update(rendered.facts)
            return _broken("map-response.template-failed", facts, choice.template.source)
        body, overrides = rendered.text, rendered.overrides
    trace.append(Step("map-response", "ok", "map-response.selected", facts, source))
    status, headers = overridden(overrides, plan.status, headers)
    return Mapped(answered, status, headers, content.as_bytes(body))


def _converted(answered: Answered, plan: ResponsePlan | None) -> bytes | str | Refusal:
    """The backend's body as text or bytes, by its type, the client's Accept and the definition."""
    body = answered.body
    if not body:
        return body if plan is None else ""
    routed = answered.prepared.routed
    binary_types = routed.resolved.deployment.api.binary_media_types
    accept = routed.resolved.request.headers.get("accept")
    handling = plan.declared.content_handling if plan else None
    try:
        return content.of_response(
            body,
            handling,
            binary=content.listed(binary_types, answered.headers.get("content-type")),
            accepted=content.listed(binary_types, accept),
        )
    except content.NotBase64Error as error:
        source = plan.declared.source if plan else answered.prepared.source
        return _broken("map-response.not-base64", {"error": str(error), "size": len(body)}, source)


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


def _unselected(answered: Answered, text: str) -> Refusal:
    plan = answered.prepared.routed.plan
    patterns = [each.declared.selection_pattern or "default" for each in plan.responses]
    return Refusal(
        "map-response",
        "map-response.no-match",
        "API_CONFIGURATION_ERROR",
        {"status": text, "patterns": patterns},
        answered.prepared.source,
        failed=True,
        log="Configuration error: No match for output mapping and no default output mapping "
        f"configured. Endpoint Response Status Code: {answered.status}",
    )


def _broken(code: str, facts: dict[str, Fact], source: Source) -> Refusal:
    return Refusal("map-response", code, "API_CONFIGURATION_ERROR", facts, source, failed=True)

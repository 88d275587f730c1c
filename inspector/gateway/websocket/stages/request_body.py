"""The body that an integration is sent: converted, then by template or passed through.

Source: websocket.md, section 5. What passes where no template fits is said by the passthrough
behaviour as on REST APIs: the key that was selected stands where those have a media type.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.gateway import content
from inspector.gateway.trace import Fact
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.rendering import (
    Failed,
    SocketRendering,
    render,
    template_for,
)
from inspector.gateway.websocket.results import Chosen
from inspector.gateway.websocket.stages.choose import value_of
from inspector.model import Source, WebSocketIntegration


@dataclass(frozen=True, slots=True)
class MadeBody:
    """The body, how it came about, and the line that made it."""

    content: bytes | str
    source: Source
    facts: dict[str, Fact] = field(default_factory=dict)


def request_body(chosen: Chosen, plan: SocketPlan) -> MadeBody | SocketRefusal:
    """The body for the integration, or why there is none."""
    integration = plan.integration
    assert integration is not None
    try:
        converted = content.of_request(
            chosen.joined.request.body, integration.content_handling, binary=False
        )
    except content.NotBase64Error as error:
        facts: dict[str, Fact] = {"error": str(error)}
        return broken("map-request.not-base64", facts, integration.source)
    if integration.type == "HTTP_PROXY":
        return MadeBody(converted, integration.source)
    rendering = _selected(chosen, plan, integration, converted)
    if rendering is None:
        return _passed(integration, converted)
    facts = {"template": rendering.key}
    source = rendering.template.source
    if isinstance(converted, bytes) and converted:
        facts["size"] = len(converted)
        return broken("map-request.template-on-bytes", facts, source)
    rendered = render(rendering)
    if isinstance(rendered, Failed):
        return broken("map-request.template-failed", {**facts, **rendered.facts}, source)
    return MadeBody(rendered, source, facts)


def request_rendering(chosen: Chosen) -> SocketRendering | None:
    """The request template of an event, to be run again; None where there is none."""
    plan = chosen.plan
    if plan is None or plan.integration is None:
        return None
    if plan.integration.type in ("AWS_PROXY", "HTTP_PROXY"):
        return None
    return _selected(chosen, plan, plan.integration, chosen.joined.client.body_text)


def broken(code: str, facts: dict[str, Fact], source: Source) -> SocketRefusal:
    """A definition that cannot work, whatever the client sends."""
    return SocketRefusal("map-request", code, "API_CONFIGURATION_ERROR", facts, source, failed=True)


def _selected(
    chosen: Chosen,
    plan: SocketPlan,
    integration: WebSocketIntegration,
    converted: bytes | str,
) -> SocketRendering | None:
    joined = chosen.joined
    found = template_for(
        integration.request_templates,
        plan.template_selection,
        joined.request.body,
        lambda name: value_of(joined, name),
    )
    if found is None or not found[1].text:
        return None
    text = converted if isinstance(converted, str) else ""
    return SocketRendering(found[1], found[0], chosen, text)


def _passed(integration: WebSocketIntegration, converted: bytes | str) -> MadeBody | SocketRefusal:
    templates = integration.request_templates
    behavior = integration.passthrough_behavior
    facts: dict[str, Fact] = {"passthrough": behavior}
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        facts["templates"] = list(templates)
        return broken("map-request.no-template", facts, integration.source)
    return MadeBody(converted, integration.source, facts)

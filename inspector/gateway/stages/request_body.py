"""The body that an integration is sent: converted, then by template or passed through.

Sources: sections H (template choice) and P (contentHandling) of the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.gateway import content, rendering, templating
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Overrides, Routed
from inspector.gateway.trace import Fact
from inspector.gateway.visible import never_mapped
from inspector.model import Http, HttpProxy, Integration, Source


@dataclass(frozen=True, slots=True)
class MadeBody:
    """The body, how it came about, and the line that made it."""

    content: bytes | str
    source: Source
    facts: dict[str, Fact] = field(default_factory=dict)
    templated: bool = False
    overrides: Overrides | None = None


def request_body(routed: Routed, integration: Integration) -> MadeBody | Refusal:
    """The body for the integration, or why there is none."""
    converted = _converted(routed, integration)
    if isinstance(converted, Refusal):
        return converted
    media_type = routed.client.media_type
    if isinstance(integration, HttpProxy):
        # HTTP_PROXY ignores templates (headers-http_proxy-all-mapped, recorded).
        return MadeBody(converted, integration.source)
    choice = templating.for_request(
        integration.request_templates, media_type, integration.passthrough_behavior
    )
    if choice.kind == "unsupported":
        return _unsupported(integration, media_type)
    if choice.template is None:
        facts: dict[str, Fact] = {"passthrough": media_type}
        return MadeBody(converted, integration.source, facts)
    facts = {"template": choice.media_type}
    source = choice.template.source
    if isinstance(converted, bytes) and converted:
        # Fact 208: a template cannot be applied to bytes.
        return broken("map-request.template-on-bytes", {**facts, "size": len(converted)}, source)
    text = converted if isinstance(converted, str) else ""
    rendered = rendering.render(choice.template, routed, text, None)
    if isinstance(rendered, rendering.Failed):
        return broken("map-request.template-failed", {**facts, **rendered.facts}, source)
    return MadeBody(rendered.text, source, facts, templated=True, overrides=rendered.overrides)


def request_rendering(routed: Routed) -> rendering.Rendering | None:
    """The request template of a routed request, to be run again; None where there is none."""
    integration = routed.plan.integration
    if integration is None or isinstance(integration, HttpProxy):
        return None
    converted = _converted(routed, integration)
    choice = templating.for_request(
        integration.request_templates, routed.client.media_type, integration.passthrough_behavior
    )
    if (
        choice.template is None
        or isinstance(converted, Refusal)
        or (isinstance(converted, bytes) and converted)
    ):
        return None
    return rendering.Rendering(
        choice.template, routed, converted if isinstance(converted, str) else ""
    )


def forbidden_override(made: MadeBody, integration: Integration) -> Refusal | None:
    """A template set a header that may not be mapped either (claimed by LocalStack)."""
    overrides = None if made.overrides is None else made.overrides.request.get("header")
    if not isinstance(overrides, Mapping):
        return None
    refused = never_mapped(to_aws=not isinstance(integration, Http | HttpProxy))
    name = next((name for name in overrides if str(name).lower() in refused), None)
    if name is None:
        return None
    facts: dict[str, Fact] = {"header": name, "expression": "$context.requestOverride"}
    return broken("map-request.forbidden-header", facts, made.source)


def broken(code: str, facts: dict[str, Fact], source: Source) -> Refusal:
    """A definition that cannot work: 500 whatever the client sends (facts 4, 10, 123)."""
    return Refusal("map-request", code, "API_CONFIGURATION_ERROR", facts, source, failed=True)


def _converted(routed: Routed, integration: Integration) -> bytes | str | Refusal:
    request, api = routed.resolved.request, routed.resolved.deployment.api
    binary = content.listed(api.binary_media_types, request.headers.get("content-type"))
    try:
        return content.of_request(request.body, integration.content_handling, binary=binary)
    except content.NotBase64Error as error:
        facts: dict[str, Fact] = {"error": str(error), "size": len(request.body)}
        return broken("map-request.not-base64", facts, integration.source)


def _unsupported(integration: Integration, media_type: str) -> Refusal:
    return Refusal(
        "map-request",
        "map-request.unsupported-media-type",
        "UNSUPPORTED_MEDIA_TYPE",
        {
            "media_type": media_type,
            "templates": list(integration.request_templates),
            "passthrough": integration.passthrough_behavior,
        },
        integration.source,
    )

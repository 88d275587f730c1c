"""The request for the integration: parameters mapped, body made, headers settled."""

from __future__ import annotations

from functools import partial

from inspector.gateway import context, http_request, mock, templating
from inspector.gateway.client_view import ClientView
from inspector.gateway.parameters import InvalidBodyError, Scope
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Prepared, Routed
from inspector.gateway.trace import Fact, Step
from inspector.model import Http, HttpProxy, Integration, Mock, Source

_UNSUPPORTED_MEDIA = "map-request.unsupported-media-type"


def prepare(routed: Routed, trace: list[Step]) -> Prepared | Refusal:
    """What the integration is going to be asked."""
    integration = routed.plan.integration
    if integration is None:
        return _broken("map-request.no-integration", {}, routed.plan.method.source)
    if isinstance(integration, Mock):
        return _prepare_mock(routed, integration, trace)
    if routed.plan.impossible is not None:
        mapping = routed.plan.impossible
        facts: dict[str, Fact] = {"header": mapping.name, "expression": mapping.expression}
        return _broken("map-request.forbidden-header", facts, mapping.source)
    if isinstance(integration, HttpProxy | Http):
        return _prepare_http(routed, integration, trace)
    kind: dict[str, Fact] = {"integration": type(integration).__name__}
    return _broken("map-request.integration-not-run", kind, integration.source)


def scope_of(routed: Routed) -> Scope:
    """What mapping expressions of this request can refer to."""
    return Scope(
        routed.client,
        partial(context.of_routed, routed),
        routed.resolved.deployment.stage.variables,
    )


def _prepare_mock(routed: Routed, integration: Mock, trace: list[Step]) -> Prepared | Refusal:
    body = _request_body(routed, integration)
    if isinstance(body, Refusal):
        return body
    text, facts, source = body
    status = mock.status_of(text)
    if status is None:
        return _broken("map-request.mock-status", {**facts, "rendered": text}, source)
    trace.append(Step("map-request", "ok", "map-request.mock", {**facts, "status": status}, source))
    return Prepared(routed, None, status)


def _prepare_http(
    routed: Routed, integration: Http | HttpProxy, trace: list[Step]
) -> Prepared | Refusal:
    plan = routed.plan
    if plan.uri is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return _broken("map-request.invalid-endpoint", facts, integration.source)
    try:
        mapped = http_request.Mapped(plan.request_mappings, scope_of(routed))
    except InvalidBodyError as error:
        return Refusal(
            "map-request", "map-request.invalid-json", "BAD_REQUEST_BODY",
            {"error": str(error)}, integration.source, message="Invalid JSON in request body",
        )  # fmt: skip
    body, facts, source = routed.resolved.request.body, {}, integration.source
    if isinstance(integration, Http):
        made = _request_body(routed, integration)
        if isinstance(made, Refusal):
            return made
        text, facts, source = made
        body = text.encode() if "template" in facts else body
    request = http_request.build(routed, integration, plan.uri, mapped, body)
    found: dict[str, Fact] = {"request": request.method, "url": request.url, **facts}
    if plan.request_mappings:
        found["mapped_headers"] = mapped.headers
    trace.append(Step("map-request", "ok", "map-request.http", found, source))
    return Prepared(routed, request, None)


def _request_body(
    routed: Routed, integration: Integration
) -> tuple[str, dict[str, Fact], Source] | Refusal:
    """The body by template or passed through (section H). Templates plug in here."""
    client: ClientView = routed.client
    choice = templating.for_request(
        integration.request_templates, client.media_type, integration.passthrough_behavior
    )
    if choice.kind == "unsupported":
        return Refusal(
            "map-request",
            _UNSUPPORTED_MEDIA,
            "UNSUPPORTED_MEDIA_TYPE",
            {
                "media_type": client.media_type,
                "templates": list(integration.request_templates),
                "passthrough": integration.passthrough_behavior,
            },
            integration.source,
        )
    if choice.template is None:
        return client.body_text, {"passthrough": client.media_type}, integration.source
    return choice.template.text, {"template": choice.media_type}, choice.template.source


def _broken(code: str, facts: dict[str, Fact], source: Source) -> Refusal:
    """A definition that cannot work: 500 whatever the client sends (facts 4, 10, 123)."""
    return Refusal(
        "map-request", code, "API_CONFIGURATION_ERROR", facts, source,
        failed=True,
    )  # fmt: skip

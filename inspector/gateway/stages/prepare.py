"""The request for the integration: parameters mapped, body made, headers settled."""

from __future__ import annotations

from functools import partial

from inspector.gateway import content, context, http_request, mock
from inspector.gateway.effects import CallBackend
from inspector.gateway.http_request import Mapped
from inspector.gateway.parameters import InvalidBodyError, Scope
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Prepared, Routed, Validated
from inspector.gateway.stages.prepare_function import prepare_function
from inspector.gateway.stages.prepare_service import prepare_service
from inspector.gateway.stages.request_body import broken, forbidden_override, request_body
from inspector.gateway.trace import Fact, Step
from inspector.model import (
    Http,
    HttpProxy,
    Integration,
    Lambda,
    LambdaProxy,
    Mock,
)


def prepare(validated: Validated, trace: list[Step]) -> Prepared | Refusal:
    """What the integration is going to be asked."""
    routed = validated.routed
    plan, integration = routed.plan, routed.plan.integration
    if integration is None:
        return broken("map-request.no-integration", {}, plan.method.source)
    if isinstance(integration, Mock):
        return _prepare_mock(routed, integration, trace)
    if plan.impossible is not None:
        mapping = plan.impossible
        facts: dict[str, Fact] = {"header": mapping.name, "expression": mapping.expression}
        return broken("map-request.forbidden-header", facts, mapping.source)
    mapped = _mapped(routed, integration)
    if isinstance(mapped, Refusal):
        return mapped
    if isinstance(integration, HttpProxy | Http):
        return _prepare_http(routed, integration, mapped, trace)
    if isinstance(integration, LambdaProxy | Lambda):
        return prepare_function(routed, integration, mapped, trace)
    return prepare_service(routed, integration, mapped, trace)


def scope_of(routed: Routed) -> Scope:
    """What mapping expressions of this request can refer to."""
    return Scope(
        routed.client,
        partial(context.of_routed, routed),
        routed.resolved.deployment.stage.variables,
    )


def _mapped(routed: Routed, integration: Integration) -> Mapped | Refusal:
    try:
        return Mapped(routed.plan.request_mappings, scope_of(routed))
    except InvalidBodyError as error:
        return Refusal(
            "map-request",
            "map-request.invalid-json",
            "BAD_REQUEST_BODY",
            {"error": str(error)},
            integration.source,
            message="Invalid JSON in request body",
        )


def _prepare_mock(routed: Routed, integration: Mock, trace: list[Step]) -> Prepared | Refusal:
    made = request_body(routed, integration)
    if isinstance(made, Refusal):
        return made
    text = made.content if isinstance(made.content, str) else content.as_text(made.content)
    status = mock.status_of(text)
    if status is None:
        return broken("map-request.mock-status", {**made.facts, "rendered": text}, made.source)
    facts: dict[str, Fact] = {**made.facts, "status": status}
    trace.append(Step("map-request", "ok", "map-request.mock", facts, made.source))
    return Prepared(routed, None, status, made.overrides)


def _prepare_http(
    routed: Routed, integration: Http | HttpProxy, mapped: Mapped, trace: list[Step]
) -> Prepared | Refusal:
    uri = routed.plan.uri
    if uri is None:
        return broken("map-request.invalid-endpoint", {"uri": integration.uri}, integration.source)
    made = request_body(routed, integration)
    if isinstance(made, Refusal):
        return made
    if made.overrides is not None:
        mapped.override(made.overrides.request)
        forbidden = forbidden_override(made, integration)
        if forbidden is not None:
            return forbidden
    request = http_request.build(routed, integration, uri, mapped, content.as_bytes(made.content))
    facts: dict[str, Fact] = {"request": request.method, "url": request.url, **made.facts}
    if mapped.headers:
        facts["mapped_headers"] = mapped.shown()
    trace.append(Step("map-request", "ok", "map-request.http", facts, made.source))
    proxied = isinstance(integration, HttpProxy)
    stream = integration.response_transfer_mode == "STREAM"
    effect = CallBackend(
        request,
        integration.timeout_ms,
        may_stream=proxied,
        stream=stream,
        insecure=integration.tls_insecure,
        bounded=not stream and routed.resolved.deployment.limits.payload is not None,
    )
    return Prepared(routed, effect, None, made.overrides)

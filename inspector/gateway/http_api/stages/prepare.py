"""The request for the integration: the backend's, or the event of a function."""

from __future__ import annotations

from inspector.gateway import xray
from inspector.gateway.effects import CallBackend, InvokeFunction
from inspector.gateway.http_api import event_one, event_two, http_request
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched, Prepared
from inspector.gateway.trace import Fact, Step
from inspector.model import HttpApiIntegration, Source


def prepare(matched: Matched, trace: list[Step]) -> Prepared | HttpRefusal:
    """What the integration is going to be asked."""
    integration = matched.plan.integration
    if integration is None:
        return _broken("map-request.no-target", {}, matched.plan.route.source)
    if integration.type == "HTTP_PROXY":
        return _prepare_http(matched, integration, trace)
    if integration.subtype is not None:
        facts: dict[str, Fact] = {"subtype": integration.subtype}
        return _broken("map-request.subtype-not-built", facts, integration.source)
    return _prepare_function(matched, integration, trace)


def _prepare_http(
    matched: Matched, integration: HttpApiIntegration, trace: list[Step]
) -> Prepared | HttpRefusal:
    uri = matched.plan.uri
    if uri is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return _broken("map-request.invalid-endpoint", facts, integration.source)
    request = http_request.build(matched, integration, uri)
    facts = {"request": request.method, "url": request.url}
    trace.append(Step("map-request", "ok", "map-request.http", facts, integration.source))
    return Prepared(matched, CallBackend(request, integration.timeout_ms, may_stream=True))


def _prepare_function(
    matched: Matched, integration: HttpApiIntegration, trace: list[Step]
) -> Prepared | HttpRefusal:
    function = matched.plan.function
    if function is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return _broken("map-request.invalid-endpoint", facts, integration.source)
    format_one = integration.payload_version == "1.0"
    payload = event_one.payload(matched) if format_one else event_two.payload(matched)
    facts = {"function": function, "payload_version": integration.payload_version}
    trace.append(Step("map-request", "ok", "map-request.function", facts, integration.source))
    traced = xray.value(matched.staged.request, matched.staged.environment)
    effect = InvokeFunction(function, payload, integration.timeout_ms, trace_id=traced)
    return Prepared(matched, effect)


def _broken(code: str, facts: dict[str, Fact], source: Source) -> HttpRefusal:
    """A definition that cannot work: 500 whatever the client sends."""
    return HttpRefusal("map-request", code, "API_CONFIGURATION_ERROR", facts, source, failed=True)

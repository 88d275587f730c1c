"""The request for the integration: the backend's, or the event of a function."""

from __future__ import annotations

from inspector.gateway import xray
from inspector.gateway.effects import CallBackend, InvokeFunction
from inspector.gateway.http_api import event_one, event_two, http_request
from inspector.gateway.http_api.mapped_request import MappedRequest, map_request
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched, Prepared
from inspector.gateway.http_api.stages.prepare_service import prepare_service
from inspector.gateway.http_api.subtypes import SUBTYPES
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
        subtype = SUBTYPES.get(integration.subtype)
        if subtype is None:
            facts: dict[str, Fact] = {"subtype": integration.subtype}
            return _broken("map-request.unknown-subtype", facts, integration.source)
        return prepare_service(matched, integration, subtype, trace)
    return _prepare_function(matched, integration, trace)


def _prepare_http(
    matched: Matched, integration: HttpApiIntegration, trace: list[Step]
) -> Prepared | HttpRefusal:
    uri = matched.plan.uri
    if uri is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return _broken("map-request.invalid-endpoint", facts, integration.source)
    mapped = map_request(matched)
    request = http_request.build(mapped, integration, uri)
    facts = {"request": request.method, "url": request.url, **_changed(mapped)}
    trace.append(Step("map-request", "ok", "map-request.http", facts, integration.source))
    return Prepared(matched, CallBackend(request, integration.timeout_ms, may_stream=True))


def _prepare_function(
    matched: Matched, integration: HttpApiIntegration, trace: list[Step]
) -> Prepared | HttpRefusal:
    function = matched.plan.function
    if function is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return _broken("map-request.invalid-endpoint", facts, integration.source)
    mapped = map_request(matched)
    format_one = integration.payload_version == "1.0"
    make = event_one.payload if format_one else event_two.payload
    payload = make(mapped.matched)
    facts = {
        "function": function,
        "payload_version": integration.payload_version,
        **_changed(mapped),
    }
    limit = matched.staged.deployment.limits.event
    if limit is not None and len(payload) > limit:
        # As Amazon's own Lambda test tool answers it (aws/aws-lambda-dotnet, LargePayloadTests).
        facts |= {"size": len(payload), "limit": limit}
        code = "map-request.event-too-large"
        return HttpRefusal("map-request", code, "REQUEST_TOO_LARGE", facts, integration.source)
    trace.append(Step("map-request", "ok", "map-request.function", facts, integration.source))
    traced = xray.value(matched.staged.request, matched.staged.environment)
    effect = InvokeFunction(
        function, payload, integration.timeout_ms, trace_id=traced, stream=integration.streams
    )
    return Prepared(matched, effect)


def _changed(mapped: MappedRequest) -> dict[str, Fact]:
    """What the mappings changed, for the trace; nothing where there are none."""
    if not mapped.changes:
        return {}
    changes = {
        each.change.target: "removed" if each.change.action == "remove" else each.value
        for each in mapped.changes
    }
    absent = [target for target, value in changes.items() if value is None]
    facts: dict[str, Fact] = {
        "changes": {target: value for target, value in changes.items() if value is not None}
    }
    return {**facts, "absent": absent} if absent else facts


def _broken(code: str, facts: dict[str, Fact], source: Source) -> HttpRefusal:
    """A definition that cannot work: 500 whatever the client sends."""
    return HttpRefusal("map-request", code, "API_CONFIGURATION_ERROR", facts, source, failed=True)

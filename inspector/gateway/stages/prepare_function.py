"""The invocation of a function: a proxy event, or whatever the mapping made.

Sources: facts 9 (integration method: INTEGRATION_FAILURE, yet 500), 121, 130, 184, 185, 189 (recorded).
"""

from __future__ import annotations

import re

from inspector.gateway import content, lambda_event, xray
from inspector.gateway.effects import InvokeFunction
from inspector.gateway.http_request import Mapped
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Overrides, Prepared, Routed
from inspector.gateway.stages.request_body import broken, forbidden_override, request_body
from inspector.gateway.trace import Fact, Step
from inspector.gateway.uri import fill_stage_variables
from inspector.model import Lambda, LambdaProxy

_FUNCTION = re.compile(r"/functions/(.+?)/(?:response-streaming-)?invocations")


def prepare_function(
    routed: Routed, integration: Lambda | LambdaProxy, mapped: Mapped, trace: list[Step]
) -> Prepared | Refusal:
    """The function and its event."""
    function = function_in(integration.uri, routed)
    if function is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return broken("map-request.invalid-endpoint", facts, integration.source)
    method = integration.http_method
    if (routed.resolved.request.method if method == "ANY" else method) != "POST":
        facts = {"function": function, "integration_method": integration.http_method}
        return Refusal(
            "map-request", "map-request.function-method", "INTEGRATION_FAILURE", facts,
            integration.source, status=500, failed=True,
        )  # fmt: skip
    overrides: Overrides | None = None
    stream = False
    facts = {"function": function}
    source = integration.source
    if isinstance(integration, LambdaProxy):
        # Mappings and templates change nothing in the event (fact 121).
        payload, asynchronous = lambda_event.payload(routed), False
        stream = integration.response_transfer_mode == "STREAM"
    else:
        made = request_body(routed, integration)
        if isinstance(made, Refusal):
            return made
        # An invocation without a payload is one with an empty object (fact 184).
        payload = content.as_bytes(made.content)
        payload = payload if payload.strip() else b"{}"
        if made.overrides is not None:
            mapped.override(made.overrides.request)
            forbidden = forbidden_override(made, integration)
            if forbidden is not None:
                return forbidden
        asynchronous = _is_event(mapped)
        facts.update(made.facts)
        source, overrides = made.source, made.overrides
    limit = routed.resolved.deployment.limits.event
    if limit is not None and len(payload) > limit:
        # Lambda's own limit; that it comes out so is a users' report.
        facts |= {"size": len(payload), "limit": limit}
        code = "map-request.event-too-large"
        return Refusal("map-request", code, "REQUEST_TOO_LARGE", facts, source)
    trace.append(Step("map-request", "ok", "map-request.function", facts, source))
    traced = xray.value(routed.resolved.request, routed.resolved.environment)
    effect = InvokeFunction(function, payload, integration.timeout_ms, asynchronous, traced, stream)
    return Prepared(routed, effect, None, overrides)


def _is_event(mapped: Mapped) -> bool:
    """Whether nobody waits for the function (fact 130)."""
    return any(
        name.lower() == "x-amz-invocation-type" and value == "Event"
        for name, value in mapped.headers.items()
    )


def function_in(declared: str, routed: Routed) -> str | None:
    """The function that a URI names, stage variables filled in."""
    uri = fill_stage_variables(declared, routed.resolved.deployment.stage.variables)
    found = _FUNCTION.search(uri)
    return found[1] if found else None

"""A compressed request body is opened before anything looks into it (`gateway.compression`)."""

from __future__ import annotations

from dataclasses import replace

from inspector.gateway.client_view import ClientView
from inspector.gateway.compression import NO_LIMIT, NotOpened, opened
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.trace import Fact, Step


def open_body(routed: Routed, trace: list[Step]) -> Routed | Refusal:
    """The same request, its body without Content-Encoding; 415 where that cannot be done."""
    request = routed.resolved.request
    coding = request.headers.get("content-encoding") if request.body else None
    if coding is None:
        return routed
    limit = routed.resolved.deployment.limits.payload
    body = opened(request.body, coding, NO_LIMIT if limit is None else limit)
    facts: dict[str, Fact] = {"coding": coding, "packed": len(request.body)}
    source = routed.plan.method.source
    if isinstance(body, NotOpened):
        kind = "REQUEST_TOO_LARGE" if body.reason == "too-large" else "UNSUPPORTED_MEDIA_TYPE"
        facts["detail"] = body.detail
        return Refusal("validate", f"validate.body-{body.reason}", kind, facts, source)
    if body is request.body:
        return routed
    trace.append(Step("validate", "ok", "validate.opened", {**facts, "size": len(body)}, source))
    request = replace(request, body=body)
    client = ClientView(request, routed.client.raw_query, routed.client.path_parameters)
    return replace(routed, resolved=replace(routed.resolved, request=request), client=client)

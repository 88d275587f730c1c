"""The call of an AWS service: parameters mapped, body made, all but the signature.

Sources: section O of the facts; see `gateway.service_request`.
"""

from __future__ import annotations

from inspector.gateway import content, service_request
from inspector.gateway.http_request import Mapped
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Prepared, Routed
from inspector.gateway.stages.request_body import broken, forbidden_override, request_body
from inspector.gateway.trace import Fact, Step
from inspector.model import AwsService


def prepare_service(
    routed: Routed, integration: AwsService, mapped: Mapped, trace: list[Step]
) -> Prepared | Refusal:
    """What the service is asked, or why it cannot be asked."""
    target = routed.plan.service
    if target is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return broken("map-request.invalid-endpoint", facts, integration.source)
    made = request_body(routed, integration)
    if isinstance(made, Refusal):
        return made
    if made.overrides is not None:
        mapped.override(made.overrides.request)
        forbidden = forbidden_override(made, integration)
        if forbidden is not None:
            return forbidden
    body = content.as_bytes(made.content)
    effect = service_request.build(routed, integration, target, mapped, body)
    url = effect.request.url
    illegal = service_request.illegal(url)
    if illegal is not None:
        index, character = illegal
        facts = {"url": url, "index": index, "character": character, "service": target.service}
        return broken("map-request.invalid-uri", facts, integration.source)
    facts = {
        "service": target.service,
        "region": target.region,
        "action": effect.action,
        "request": effect.request.method,
        "url": url,
        **made.facts,
    }
    if mapped.headers:
        facts["mapped_headers"] = mapped.shown()
    trace.append(Step("map-request", "ok", "map-request.service", facts, made.source))
    return Prepared(routed, effect, None, made.overrides)

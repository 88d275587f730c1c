"""The API key of a handshake with its usage plan, and the throttle of a route.

Sources: websocket.md, section 7 (`ApiKeyRequired` on `$connect` alone); logs-and-metrics.md, section
2 (recorded: where no key is required, the request counts for no plan); access-control facts,
section 8, for the chain from key to plan to stage.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from inspector.gateway.effects import Effect, Meter, Metered, Reply
from inspector.gateway.metering import metered_facts
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen
from inspector.model import ApiKey, Source, UsagePlan

_OF_AUTHORIZER = "$context.authorizer.usageIdentifierKey"
Metering = Generator[Effect, Reply, Chosen | SocketRefusal]


@dataclass(frozen=True, slots=True)
class _Sent:
    """The key of a handshake, as far as it is known."""

    value: str | None
    key: ApiKey | None
    plan: UsagePlan | None


def meter(chosen: Chosen, trace: list[Step]) -> Metering:
    """The event with its key, or why it has to wait, or to stay out."""
    plan = chosen.plan
    assert plan is not None
    required = plan.route.api_key_required and chosen.joined.socket.event == "CONNECT"
    sent = _sent(chosen) if required else _Sent(None, None, None)
    facts: dict[str, Fact] = {"required": required}
    if required:
        missing = _missing(chosen, sent, facts)
        if missing is not None:
            facts["broken_link"] = missing
            code = f"meter.{missing}"
            return SocketRefusal("meter", code, "INVALID_API_KEY", facts, plan.route.source)
    asked = _asked(chosen, sent)
    if asked is not None:
        reply = yield asked
        assert isinstance(reply, Metered)
        refusal = _refused(chosen, asked, reply, facts)
        if refusal is not None:
            return refusal
    if asked is not None or required:
        trace.append(Step("meter", "ok", "meter.passed", facts, _source(chosen)))
    if sent.key is None:
        return chosen
    return replace(
        chosen, access=replace(chosen.access, api_key=sent.value, api_key_id=sent.key.id)
    )


def _sent(chosen: Chosen) -> _Sent:
    traffic, api = chosen.joined.deployment.traffic, chosen.joined.deployment.api
    if api.api_key_selection_expression == _OF_AUTHORIZER:
        value = chosen.access.usage_key
    else:
        value = chosen.joined.request.headers.get("x-api-key")
    key = None if value is None else traffic.keys.get(value)
    return _Sent(value, key, None if key is None else traffic.plans.get(key.id))


def _missing(chosen: Chosen, sent: _Sent, facts: dict[str, Fact]) -> str | None:
    """The first broken link of key → plan → stage."""
    facts["key_sent"] = bool(sent.value)
    if not sent.value:
        api = chosen.joined.deployment.api
        return "no-usage-key" if api.api_key_selection_expression == _OF_AUTHORIZER else "no-key"
    if sent.key is None:
        return "unknown-key"
    facts["key"], facts["key_enabled"] = sent.key.name or sent.key.id, sent.key.enabled
    if not sent.key.enabled:
        return "disabled-key"
    if sent.plan is None:
        return "no-plan"
    facts["plan"] = sent.plan.name or sent.plan.id
    return None


def _asked(chosen: Chosen, sent: _Sent) -> Meter | None:
    plan, traffic = chosen.plan, chosen.joined.deployment.traffic
    assert plan is not None
    of_plan = (
        []
        if sent.plan is None
        else replace(traffic, stage=None).buckets(sent.plan, sent.key, chosen.key)
    )
    buckets = (*of_plan, *plan.buckets)
    quota = traffic.quota(sent.plan, sent.key)
    if not buckets and quota is None:
        return None
    return Meter(quota, buckets, chosen.joined.environment.time_ms)


def _refused(
    chosen: Chosen, asked: Meter, reply: Metered, facts: dict[str, Fact]
) -> SocketRefusal | None:
    facts |= metered_facts(asked, reply)
    if reply.refused is None:
        return None
    if reply.refused == "quota":
        return SocketRefusal("meter", "meter.quota", "QUOTA_EXCEEDED", facts, _source(chosen))
    return SocketRefusal("meter", "meter.throttled", "THROTTLED", facts, _source(chosen))


def _source(chosen: Chosen) -> Source:
    """Where the limit stands: at the route's own settings, else the stage's, else the route."""
    stage, plan = chosen.joined.deployment.stage, chosen.plan
    assert plan is not None
    for settings in (stage.route_settings.get(chosen.key), stage.default_route_settings):
        if settings is not None and settings.throttle is not None and plan.buckets:
            return settings.throttle.source
    return plan.route.source

"""API key, usage plan, quota and throttles: behind the authorizer, before validation.

Sources: access-control facts, sections 1 and 8 (order and answers recorded in 2026): a missing,
unknown or disabled key and one in no plan of the stage are 403 alike; a key that is not asked for
is metered all the same; a spent quota and an empty bucket are 429 without Retry-After.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from inspector.gateway.effects import Effect, Meter, Metered, Reply
from inspector.gateway.metering import metered_facts
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.trace import Fact, Step
from inspector.model import ApiKey, Source, UsagePlan

Metering = Generator[Effect, Reply, Routed | Refusal]


@dataclass(frozen=True, slots=True)
class _Sent:
    """The key of a call, as far as it is known."""

    value: str | None
    key: ApiKey | None
    plan: UsagePlan | None


def needs_metering(routed: Routed) -> bool:
    """Whether a key is asked for or sent, or the stage limits anything."""
    api = routed.resolved.deployment.api
    if routed.plan.method.api_key_required or routed.resolved.deployment.throttled:
        return True
    return api.api_key_source == "HEADER" and "x-api-key" in routed.resolved.request.headers


def meter(routed: Routed, trace: list[Step]) -> Metering:
    """The request with its key, or why it has to wait, or to stay out."""
    sent = _sent(routed)
    facts = _facts(routed, sent)
    required = routed.plan.method.api_key_required
    if required:
        missing = _missing(routed, sent)
        if missing is not None:
            facts["broken_link"] = missing
            source = routed.plan.method.source
            return Refusal("meter", f"meter.{missing}", "INVALID_API_KEY", facts, source)
    asked = _asked(routed, sent)
    if asked is not None:
        reply = yield asked
        assert isinstance(reply, Metered)
        refusal = _refused(routed, asked, reply, facts)
        if refusal is not None:
            return refusal
    if required or asked is not None:
        trace.append(Step("meter", "ok", "meter.passed", facts, routed.plan.method.source))
    return _known(routed, sent)


def with_key(routed: Routed) -> Routed:
    """The request with the key that it sends, before anybody looks whether that may call.

    A REQUEST authorizer sees it (guide, "Input to a Lambda authorizer": `identity.apiKey`; users
    report `apiKeyId` beside it).
    """
    if "x-api-key" not in routed.resolved.request.headers:
        return routed
    return _known(routed, _sent(routed))


def _known(routed: Routed, sent: _Sent) -> Routed:
    if sent.value is None:
        return routed
    key_id = None if sent.key is None else sent.key.id
    return replace(routed, access=replace(routed.access, api_key=sent.value, api_key_id=key_id))


def _sent(routed: Routed) -> _Sent:
    traffic, api = routed.resolved.deployment.traffic, routed.resolved.deployment.api
    if api.api_key_source == "AUTHORIZER":
        value = routed.access.usage_key
    else:
        value = routed.resolved.request.headers.get("x-api-key")
    key = None if value is None else traffic.keys.get(value)
    return _Sent(value, key, None if key is None else traffic.plans.get(key.id))


def _missing(routed: Routed, sent: _Sent) -> str | None:
    """The first broken link of key → plan → stage."""
    if not sent.value:
        if routed.resolved.deployment.api.api_key_source == "AUTHORIZER":
            return "no-usage-key"
        return "no-key"
    if sent.key is None:
        return "unknown-key"
    if not sent.key.enabled:
        return "disabled-key"
    return "no-plan" if sent.plan is None else None


def _asked(routed: Routed, sent: _Sent) -> Meter | None:
    traffic, resource = routed.resolved.deployment.traffic, routed.plan.resource
    method = f"{resource.path}/{routed.plan.method.http_method}"
    if routed.plan.method.http_method == "ANY":
        method = f"{resource.path}/{routed.resolved.request.method}"
    buckets = tuple(traffic.buckets(sent.plan, sent.key, method))
    quota = traffic.quota(sent.plan, sent.key)
    if not buckets and quota is None:
        return None
    return Meter(quota, buckets, routed.resolved.environment.time_ms)


def _refused(
    routed: Routed, asked: Meter, reply: Metered, facts: dict[str, Fact]
) -> Refusal | None:
    facts |= metered_facts(asked, reply)
    if reply.refused is None:
        return None
    if reply.refused == "quota":
        return Refusal("meter", "meter.quota", "QUOTA_EXCEEDED", facts, _source(routed))
    return Refusal("meter", "meter.throttled", "THROTTLED", facts, _source(routed))


def _source(routed: Routed) -> Source:
    return routed.plan.method.source


def _facts(routed: Routed, sent: _Sent) -> dict[str, Fact]:
    api = routed.resolved.deployment.api
    facts: dict[str, Fact] = {
        "key_source": api.api_key_source,
        "required": routed.plan.method.api_key_required,
        "key_sent": bool(sent.value),
    }
    if sent.key is not None:
        facts["key"] = sent.key.name or sent.key.id
        facts["key_enabled"] = sent.key.enabled
    if sent.plan is not None:
        facts["plan"] = sent.plan.name or sent.plan.id
    return facts

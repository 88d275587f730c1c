"""The route's token bucket. Sources: http-api.md, sections 2 and 7 (429 `Too Many Requests`)."""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Meter, Metered, Reply
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.trace import Fact, Step
from inspector.model import Source


def throttle(
    matched: Matched, trace: list[Step]
) -> Generator[Effect, Reply, Matched | HttpRefusal]:
    """Take a token for the route, or refuse."""
    [bucket] = matched.plan.buckets
    reply = yield Meter(None, (bucket,), matched.staged.environment.time_ms)
    assert isinstance(reply, Metered)
    facts: dict[str, Fact] = {
        "bucket": bucket.name,
        "rate": bucket.rate,
        "burst": bucket.burst,
        "left": reply.levels[0] if reply.levels else None,
    }
    source = _declared(matched)
    if reply.refused is not None:
        facts["wait_ms"] = reply.wait_ms
        return HttpRefusal("meter", "meter.route-throttled", "THROTTLED", facts, source)
    trace.append(Step("meter", "ok", "meter.route", facts, source))
    return matched


def _declared(matched: Matched) -> Source:
    """Where the limit stands: at the route's own settings, else at the stage's default."""
    stage = matched.staged.deployment.stage
    for settings in (
        stage.route_settings.get(matched.plan.route.key),
        stage.default_route_settings,
    ):
        if settings is not None and settings.throttle is not None:
            return settings.throttle.source
    return stage.source

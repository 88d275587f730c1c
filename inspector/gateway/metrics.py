"""The CloudWatch metrics that an exchange adds to: names, values, and the dimensions it is under.

Sources: logs-and-metrics.md, section 5; captures-2026.md, section 5 (recorded in 2026: an HTTP
API's detailed metrics are by Method and Resource; what no route of an HTTP API matches adds to
nothing; a refused call has no IntegrationLatency; errors are published as 0 for good calls). One
exchange, one sample: sums and averages are CloudWatch's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.gateway import results
from inspector.gateway.http_api.results import Matched, matched_of, staged_of
from inspector.gateway.http_api.results import Prepared as HttpPrepared
from inspector.gateway.http_api.results import inner as http_inner
from inspector.gateway.pipeline import routed_of
from inspector.gateway.results import Resolved, Routed
from inspector.gateway.told import Told
from inspector.gateway.websocket import metrics as of_sockets

NAMESPACE = "AWS/ApiGateway"


@dataclass(frozen=True, slots=True)
class Published:
    """`values` by metric, latencies in milliseconds; each stands under every set of `dimensions`."""

    values: Mapping[str, float]
    dimensions: tuple[Mapping[str, str], ...]


def published(told: Told, duration_ms: int, size: int | None = None) -> Published | None:
    """What one exchange adds; None where Amazon publishes nothing of it.

    `size` is that of the answer's body, where it is not with the answer (a stream).
    """
    if told.is_of_socket:
        found = of_sockets.dimensions(told)
        return Published(of_sockets.values(told), found) if found else None
    if told.http_result is not None:
        return _of_http(told, duration_ms, size)
    return _of_rest(told, duration_ms)


def _of_http(told: Told, duration_ms: int, size: int | None) -> Published | None:
    matched, staged = matched_of(told.http_result), staged_of(told.http_result)
    if matched is None or staged is None:
        return None
    status = told.answer.response.status
    answered = len(told.answer.response.body) if size is None else size
    values: dict[str, float] = {
        "Count": 1,
        "4xx": int(400 <= status < 500),
        "5xx": int(status >= 500),
        "Latency": duration_ms,
        "DataProcessed": len(told.request.body) + answered,
    }
    taken = _integration_ms(told)
    if taken is not None:
        values["IntegrationLatency"] = taken
    api, stage = staged.deployment.api.id, staged.deployment.stage.name
    sets: list[Mapping[str, str]] = [{"ApiId": api}, {"ApiId": api, "Stage": stage}]
    if _detailed_http(matched):
        key = matched.plan.route.key
        method, _, path = key.partition(" ")
        sets.append({"ApiId": api, "Stage": stage, "Method": method, "Resource": path or key})
    return Published(values, tuple(sets))


def _detailed_http(matched: Matched) -> bool:
    """Where the stage's default or the route's own setting says so: a route cannot say no.

    Source: radkawar/stackd, whose captures of Amazon have it so.
    """
    stage = matched.staged.deployment.stage
    own = stage.route_settings.get(matched.plan.route.key)
    return any(
        settings is not None and bool(settings.detailed_metrics_enabled)
        for settings in (stage.default_route_settings, own)
    )


def _of_rest(told: Told, duration_ms: int) -> Published | None:
    routed = routed_of(told.answer.result)
    resolved = routed.resolved if routed is not None else told.answer.result
    if not isinstance(resolved, Resolved):
        return None
    status = told.answer.response.status
    values: dict[str, float] = {
        "Count": 1,
        "4XXError": int(400 <= status < 500),
        "5XXError": int(status >= 500),
        "Latency": duration_ms,
    }
    for step in told.answer.trace:
        if step.code in ("cache.hit", "cache.miss"):
            values["CacheHitCount"] = int(step.code == "cache.hit")
            values["CacheMissCount"] = int(step.code == "cache.miss")
    taken = _integration_ms(told)
    if taken is not None:
        values["IntegrationLatency"] = taken
    api, stage = resolved.deployment.api, resolved.deployment.stage
    name = api.name.encode("ascii", "ignore").decode() or api.id
    sets: list[Mapping[str, str]] = [{"ApiName": name}, {"ApiName": name, "Stage": stage.name}]
    if routed is not None and _detailed_rest(routed):
        method = {"Method": routed.resolved.request.method, "Resource": routed.plan.resource.path}
        sets.append({"ApiName": name, "Stage": stage.name, **method})
    return Published(values, tuple(sets))


def _detailed_rest(routed: Routed) -> bool:
    """The method's own setting, else that of all methods."""
    settings = routed.resolved.deployment.stage.method_settings
    resource, method = routed.plan.resource.path, routed.plan.method.http_method
    for name in (f"{resource}/{method}", "*/*"):
        own = settings.get(name)
        if own is not None and own.metrics_enabled is not None:
            return own.metrics_enabled
    return False


def _integration_ms(told: Told) -> int | None:
    """How long the integration took, None where it was not asked."""
    result = told.answer.result
    if isinstance(result, results.Mapped):
        result = result.answered
    if isinstance(result, results.Answered):
        result = result.prepared
    prepared = http_inner(result) if told.http_result is not None else result
    if not isinstance(prepared, results.Prepared | HttpPrepared) or prepared.effect is None:
        return None
    asked = [each[2] for each in told.performed if each[0].key == prepared.effect.key]
    return asked[-1] if asked else None

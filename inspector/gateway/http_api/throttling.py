"""The token buckets of a route: what a stage sets for it, else what it sets for all.

Source: API reference, Stage (`DefaultRouteSettings`, `RouteSettings`; of HTTP and WebSocket APIs
alike); http-api.md, section 2.
A route's own settings replace the default's; the account's limits are not counted here.
"""

from __future__ import annotations

from inspector.gateway.effects import Bucket
from inspector.model import HttpApi, Route, Stage, Throttle, WebSocketApi


def buckets_of(api: HttpApi | WebSocketApi, route: Route, stage: Stage) -> tuple[Bucket, ...]:
    """The limits of a route, none where the stage sets none."""
    own = stage.route_settings.get(route.key)
    default = stage.default_route_settings
    for name, settings in ((route.key, own), ("*", default)):
        throttle = None if settings is None else settings.throttle
        if throttle is not None and (throttle.rate is not None or throttle.burst is not None):
            return (_bucket(f"stage {api.id}/{stage.name} {name}", throttle),)
    return ()


def _bucket(name: str, throttle: Throttle) -> Bucket:
    rate = throttle.rate if throttle.rate is not None else float(throttle.burst or 0)
    burst = throttle.burst if throttle.burst is not None else max(1, int(rate))
    return Bucket(name, rate, burst)

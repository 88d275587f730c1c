"""Which method or route a request would reach, whatever became of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.gateway.deploy import Served, ServedApi
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.stages import resolve as http_resolve
from inspector.gateway.http_api.stages import route as http_route
from inspector.gateway.refusal import Refusal
from inspector.gateway.stages.resolve import resolve
from inspector.gateway.stages.route import route
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.stages.choose import choose
from inspector.gateway.websocket.stages.join import join
from inspector.message import Request


@dataclass(frozen=True, slots=True)
class Destination:
    """A method (`GET /pets/{id}`) or a route (`GET /pets/{id}`, `$default`), and its authorizer."""

    name: str
    authorizer: str | None


def destination_of(
    served: Served, request: Request, environment: Environment
) -> Destination | None:
    """What the request reaches in this API; None where it is refused before."""
    if isinstance(served, ServedApi):
        resolved = resolve(served, request, environment, [])
        routed = None if isinstance(resolved, Refusal) else route(resolved, [])
        if routed is None or isinstance(routed, Refusal):
            return None
        method = routed.plan.method
        return Destination(f"{method.http_method} {routed.plan.resource.path}", method.authorizer)
    if isinstance(served, ServedWebSocketApi):
        return _of_event(served, request, environment)
    staged = http_resolve.resolve(served, request, environment, [])
    matched = None if isinstance(staged, HttpRefusal) else http_route.route(staged, [])
    if matched is None or isinstance(matched, HttpRefusal):
        return None
    return Destination(matched.plan.route.key, matched.plan.route.authorizer)


def _of_event(
    served: ServedWebSocketApi, request: Request, environment: Environment
) -> Destination | None:
    if environment.socket is None:
        return None
    joined = join(served, request, environment, [])
    chosen = None if isinstance(joined, SocketRefusal) else choose(joined, [])
    if chosen is None or isinstance(chosen, SocketRefusal):
        return None
    return Destination(chosen.key, None if chosen.plan is None else chosen.plan.route.authorizer)

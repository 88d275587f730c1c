"""The stage of an event: in the path of a handshake, kept by the connection for what follows.

Sources: websocket.md, section 1; captures-2026.md, section 4 (a REST API's stage that is missing is
403 `Forbidden`; of WebSocket APIs nobody recorded it, nor what a longer path does: refused alike).
An open connection is served by what is deployed now (recorded: websocket_lifecycle d3-*).
"""

from __future__ import annotations

from inspector.gateway.client_view import ClientView
from inspector.gateway.domains import domain_of, lead
from inspector.gateway.environment import Environment
from inspector.gateway.paths import location_of, split
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Joined
from inspector.message import Request


def join(
    served: ServedWebSocketApi, request: Request, environment: Environment, trace: list[Step]
) -> Joined | SocketRefusal:
    """Find the stage, and whether anything is deployed there."""
    socket = environment.socket
    assert socket is not None
    query = ""
    stage, rest, host = socket.stage, "/", socket.host
    if socket.event == "CONNECT":
        stage, rest, query = place_of(served, request)
        host = request.host
    facts: dict[str, Fact] = {"api": served.api.id, "stage": stage, "host": host}
    deployment = served.deployments.get(stage)
    source = served.api.source
    if deployment is None:
        facts["stages"] = list(served.deployments)
        return SocketRefusal("resolve", "resolve.no-stage", "ACCESS_DENIED", facts, source)
    if socket.event == "CONNECT" and _is_disabled(served, host):
        facts["domains"] = sorted(served.domains)
        code = "resolve.endpoint-disabled"
        return SocketRefusal("resolve", code, "ACCESS_DENIED", facts, source)
    if rest.strip("/"):
        facts["path"] = rest
        return SocketRefusal("resolve", "resolve.socket-path", "ACCESS_DENIED", facts, source)
    if not deployment.deployed:
        source = deployment.stage.source
        return SocketRefusal("resolve", "resolve.not-deployed", "ACCESS_DENIED", facts, source)
    trace.append(Step("resolve", "ok", "resolve.stage", facts, deployment.stage.source))
    return Joined(deployment, request, environment, ClientView(request, query, {}))


def _is_disabled(served: ServedWebSocketApi, host: str) -> bool:
    """Whether the Host names the default endpoint, which is not to be used."""
    api = served.api
    return api.disable_execute_api_endpoint and host.partition(":")[0].lower() == api.host.lower()


def place_of(served: ServedWebSocketApi, request: Request) -> tuple[str, str, str]:
    """The stage, what stands behind it in the path, and the query."""
    domain = domain_of(served.domains, request.host) if served.domains else None
    if domain is None:
        target = split(request.target)
        return target.stage, target.path, target.query
    location, query = location_of(request.target)
    led = lead(domain, location, request.headers)
    if led is None or led.api_id != served.api.id:
        return "", location, query
    return led.stage, led.path, query

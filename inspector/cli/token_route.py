"""The authorizer of a route, and the claims that it takes."""

from __future__ import annotations

import time
from pathlib import Path

from inspector.cli import up
from inspector.cli.exit import CommandError, Exit
from inspector.definitions import Options, load
from inspector.gateway.deploy import Served, deploy
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.http_api.stages.resolve import resolve as resolve_http
from inspector.gateway.http_api.stages.route import route as route_http
from inspector.gateway.jwt.fitting import claims_for
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.stages.resolve import resolve
from inspector.gateway.stages.route import route
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Headers, Request
from inspector.model import CognitoAuthorizer, JwtAuthorizer, Method, Route
from inspector.runtime.circumstances import Circumstances


def fitting_claims(definition: Path, method: str, path: str, lifetime: int) -> dict[str, object]:
    """Claims of a token that this route takes. Raises `CommandError`."""
    loaded = up.loaded_or_refused(load([definition], Options()))
    wanted = f"{method.upper()} {path}"
    for served in deploy(loaded.apis).apis:
        found = _found(served, method.upper(), path)
        if found is None:
            continue
        authorizer = served.api.authorizers.get(found.authorizer or "")
        if isinstance(authorizer, JwtAuthorizer | CognitoAuthorizer):
            return claims_for(authorizer, found.authorization_scopes, int(time.time()), lifetime)
        raise CommandError(Exit.USAGE, *_why_not(wanted, found.authorization_type))
    message = f"{definition} has no {wanted}."
    raise CommandError(Exit.USAGE, message, "PATH is given without the stage.")


def _why_not(wanted: str, kind: str) -> tuple[str, str]:
    if kind == "AWS_IAM":
        return (
            f"{wanted} asks for a signature, not for a token.",
            "`inspector sign` signs requests.",
        )
    if kind == "CUSTOM":
        return (
            f"{wanted} is guarded by a function; only the function knows its tokens.",
            "Leave METHOD and PATH out, and give the claims with --iss, --aud and --claim.",
        )
    return f"{wanted} asks for no token: everybody may call it.", ""


def _found(served: Served, method: str, path: str) -> Route | Method | None:
    """The route or method that answers such a request."""
    stages = [each.stage for each in served.deployments.values()]
    target = f"{stages[0].prefix}{path}"
    request = Request(method, target, Headers.of([("Host", served.api.host)]), b"")
    environment = Circumstances().now("https", "HTTP/1.1", "127.0.0.1")
    if isinstance(served, ServedHttpApi):
        staged = resolve_http(served, request, environment, [])
        matched = staged if isinstance(staged, HttpRefusal) else route_http(staged, [])
        return matched.plan.route if isinstance(matched, Matched) else None
    if isinstance(served, ServedWebSocketApi):
        return served.api.routes.get("$connect")
    resolved = resolve(served, request, environment, [])
    routed = resolved if isinstance(resolved, Refusal) else route(resolved, [])
    return routed.plan.method if isinstance(routed, Routed) else None

"""A request that a route's token authorizer takes: with a token of the local issuer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector.gateway.http_api.results import HttpResult, matched_of
from inspector.gateway.jwt.fitting import claims_for
from inspector.gateway.pipeline import Answer, routed_of
from inspector.message import Headers, Request
from inspector.model import CognitoAuthorizer, JwtAuthorizer
from inspector.recording.exchange import Exchange
from inspector.replay.rerun import NotRerunnableError, gateway_of, rerun
from inspector.runtime.local_issuer import LocalIssuer, LocalIssuerError, default_path


class NoTokenError(Exception):
    """No token helps here, and why."""


def with_token(exchange: Exchange, bundle_json: str | None, keys: Path | None = None) -> Request:
    """The request with a fresh `Authorization: Bearer …`. Raises `NoTokenError`.

    `keys` is the file of the local issuer, the usual one where it is None.
    """
    if bundle_json is None:
        raise NoTokenError("No definition is held for this host.")
    try:
        answer = rerun(exchange, gateway_of(bundle_json)).answer
        found = None if answer is None else _wanted(answer)
        if found is None:
            raise NoTokenError("This route asks for no token that could be made here.")
        authorizer, scopes = found
        issuer = LocalIssuer.open(keys or default_path())
    except (NotRerunnableError, LocalIssuerError) as error:
        raise NoTokenError(str(error)) from error
    now = exchange.environment.time_ms // 1000
    claims = claims_for(authorizer, scopes, now, 10 * 365 * 86_400)
    token = issuer.sign(claims, {"alg": "RS256", "typ": "JWT", "kid": issuer.signing})
    request = exchange.request
    fields = [each for each in request.headers.fields if each[0].lower() != "authorization"]
    return replace(request, headers=Headers.of([*fields, ("Authorization", f"Bearer {token}")]))


def _wanted(answer: Answer) -> tuple[JwtAuthorizer | CognitoAuthorizer, tuple[str, ...]] | None:
    result = answer.result
    if isinstance(result, HttpResult):
        matched = matched_of(result)
        if matched is None:
            return None
        route = matched.plan.route
        found = matched.staged.deployment.api.authorizers.get(route.authorizer or "")
        return (found, route.authorization_scopes) if isinstance(found, JwtAuthorizer) else None
    routed = routed_of(result)
    if routed is None:
        return None
    method = routed.plan.method
    pool = routed.resolved.deployment.api.authorizers.get(method.authorizer or "")
    return (pool, method.authorization_scopes) if isinstance(pool, CognitoAuthorizer) else None

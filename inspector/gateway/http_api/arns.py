"""The ARN under which a call of an HTTP API is judged, and what a policy may know of the call.

Source: developer guide, http-api-lambda-authorizer (`routeArn` with the stage, the method and the
actual path); `$default` stands for itself.
"""

from __future__ import annotations

from inspector.gateway.http_api.results import Matched
from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import conditions
from inspector.gateway.policy.conditions import Context
from inspector.model.place import apis_arn


def route_arn(matched: Matched) -> str:
    """`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`."""
    staged = matched.staged
    api, path = staged.deployment.api, staged.target.path.lstrip("/")
    place = f"{api.id}/{staged.deployment.stage.name}/{staged.request.method}/{path}"
    return f"{apis_arn(api.region, api.account)}:{place}"


def called_as(matched: Matched) -> list[str]:
    """Under which ARNs an integration's function may be told that it is called."""
    staged = matched.staged
    api = staged.deployment.api
    verb, _, path = matched.plan.route.key.partition(" ")
    place = f"{verb}{path}" if path and verb != "ANY" else f"{staged.request.method}{path}"
    if not path:
        place = verb
    base = f"{apis_arn(api.region, api.account)}:{api.id}"
    return [f"{base}/{staged.deployment.stage.name}/{place}", route_arn(matched)]


def conditions_of(matched: Matched, identity: Identity | None) -> Context:
    """The condition keys of the call."""
    return conditions(matched.staged.request, matched.staged.environment, identity)

"""What a kept answer of a Lambda authorizer says, and which methods it refuses as it stands.

A policy is kept for all methods that ask the same authorizer and is judged anew for each
(access-control facts, section 4: recorded), so one that names a single method refuses the others
until it is forgotten. Judged here without a request: variables of paths stand as declared, and a
statement with a condition counts as one that does not fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from inspector.gateway.deploy import Gateway, Served
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.method_override import METHODS
from inspector.gateway.policy.arns import INVOKE
from inspector.gateway.policy.document import Policy, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Decision, evaluate
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.model.place import apis_arn

_WHY = {
    "principal": "names other principals",
    "action": "is about other actions",
    "resource": "has a Resource that does not cover it",
    "condition": "has a condition, which depends on the request",
}
#: Cache names of results begin so; then `API/STAGE AUTHORIZER`.
PREFIX = "authorizer "


def described(value: bytes, cache: str, gateway: Gateway | None) -> dict[str, Any]:
    """`principal`, `says` (`policy`, `yes`, `no`, `unreadable`), `allows` and `refuses`.

    The last two are of the methods that ask this authorizer, such as `GET /pets`, each refusal
    with its reason: `{"method": "POST /pets", "why": "…"}`.
    """
    try:
        answer = json.loads(value)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return {"says": "unreadable"}
    if "policyDocument" not in answer:
        yes = str(answer.get("isAuthorized")).lower() == "true"
        return {"says": "yes" if yes else "no"}
    found: dict[str, Any] = {"says": "policy", "principal": answer.get("principalId")}
    try:
        policy = read(answer["policyDocument"])
    except PolicyError as error:
        return {**found, "says": "unreadable", "why": error.reason}
    return found | _judged(policy, cache, gateway)


def _judged(policy: Policy, cache: str, gateway: Gateway | None) -> dict[str, Any]:
    allows, refuses = [], []
    for verb, path, place in _methods(cache, gateway):
        judged = {
            each: evaluate(policy, Asked(INVOKE, f"{place}/{each}{path}"))
            for each in (
                sorted(METHODS) if verb == "ANY" else ["GET" if verb == "$default" else verb]
            )
        }
        named = verb if verb == "$default" else f"{verb} {path}"
        refused = {each: found for each, found in judged.items() if found.verdict != "allow"}
        let_in = [each for each in judged if each not in refused]
        if let_in:
            allows.append(f"{', '.join(let_in)} {path}" if refused else named)
        if refused:
            method = f"{', '.join(refused)} {path}" if let_in else named
            refuses.append({"method": method, "why": _why(next(iter(refused.values())))})
    return {"allows": allows, "refuses": refuses}


def _why(decision: Decision) -> str:
    if decision.deciding is not None:
        return f"statement {decision.deciding.index} denies it"
    nearest = decision.nearest
    if nearest is None:
        return "no statement allows anything"
    reason = _WHY.get(nearest.part or "", "does not fit")
    return f"statement {nearest.statement.index} {reason}"


def _methods(cache: str, gateway: Gateway | None) -> Iterator[tuple[str, str, str]]:
    """The methods that ask the authorizer of this cache: verb, path, and their ARNs' beginning."""
    place, _, name = cache.removeprefix(PREFIX).partition(" ")
    api_id, _, stage = place.partition("/")
    for served in () if gateway is None else gateway.apis:
        if served.api.id != api_id or stage not in served.deployments:
            continue
        api = served.api
        arn = f"{apis_arn(api.region, api.account)}:{api.id}/{stage}"
        for verb, path in _guarded(served, name):
            yield verb, path, arn


def _guarded(served: Served, name: str) -> Iterator[tuple[str, str]]:
    """Verb and path of each method or route that names the authorizer."""
    if isinstance(served, ServedHttpApi):
        for route in served.api.routes.values():
            if route.authorizer == name:
                verb, _, path = route.key.partition(" ")
                yield verb, path or "/"
        return
    if isinstance(served, ServedWebSocketApi):
        return  # nothing that their authorizers say is kept
    for resource in served.api.resources:
        for method in resource.methods.values():
            if method.authorizer == name:
                yield method.http_method, resource.path

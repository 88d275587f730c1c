"""Which resource and method answer.

Sources: facts 1, 2, 25-38 (recorded); an Authorization header that is no signature is complained of
even where no method matches (access-control facts, section 3: pasted in 2026; pain 29).
"""

from __future__ import annotations

from inspector.gateway.client_view import ClientView
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Resolved, Routed
from inspector.gateway.routing import segments_of
from inspector.gateway.sigv4.claim import MISSING, Incomplete, read
from inspector.gateway.trace import Fact, Step
from inspector.model import Source


def route(resolved: Resolved, trace: list[Step]) -> Routed | Refusal:
    """Match path and method; an unknown path and a missing method are refused alike."""
    request, target = resolved.request, resolved.target
    match = resolved.deployment.tree.match(request.method, target.path)
    if match is None:
        return _unmatched(resolved)
    plan = match.found
    facts: dict[str, Fact] = {
        "method": request.method,
        "path": target.path,
        "resource": plan.resource.path,
        "resource_method": plan.method.http_method,
        "path_parameters": match.path_parameters,
    }
    if request is not resolved.sent:
        facts["sent_as"] = resolved.sent.method
    trace.append(Step("route", "ok", "route.matched", facts, plan.method.source))
    return Routed(resolved, plan, ClientView(request, target.query, match.path_parameters))


def _unmatched(resolved: Resolved) -> Refusal:
    request = resolved.request
    facts: dict[str, Fact] = {
        "method": request.method,
        "path": resolved.target.path,
        "methods_there": _methods_at(resolved),
    }
    if request is not resolved.sent:
        facts["sent_as"] = resolved.sent.method
    source = _nearest(resolved) or resolved.deployment.api.source
    claim = read(request)
    if isinstance(claim, Incomplete) and claim.error_type != MISSING.error_type:
        facts["read_as_signature"] = claim.message
        return Refusal(
            "route", "route.no-match", "INVALID_SIGNATURE", facts, source,
            message=claim.message, error_type=claim.error_type,
        )  # fmt: skip
    return Refusal("route", "route.no-match", "MISSING_AUTHENTICATION_TOKEN", facts, source)


def _nearest(resolved: Resolved) -> Source | None:
    """The resource of the path, where only the method is missing."""
    tree, path = resolved.deployment.tree, resolved.target.path
    for verb in _methods_at(resolved):
        match = tree.match(verb, path)
        if match is not None:
            return match.found.resource.source
    return None


def _methods_at(resolved: Resolved) -> list[str]:
    """The methods that the same path does have: the usual cause of the refusal."""
    api, path = resolved.deployment.api, resolved.target.path
    verbs = {
        verb
        for resource in api.resources
        for verb in resource.methods
        if len(segments_of(resource.path)) == len(segments_of(path)) or "+}" in resource.path
    }
    return sorted(verb for verb in verbs if resolved.deployment.tree.match(verb, path) is not None)

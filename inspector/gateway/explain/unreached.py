"""Which stages a request that was stopped would still have gone through."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.http_api.results import Matched, Staged
from inspector.gateway.request_checks import NO_CHECKS
from inspector.gateway.results import Resolved, Routed
from inspector.model import HttpApi, Mock

#: The stages of a request, as Amazon applies them (access-control facts, section 1).
ORDER = (
    "mutual-tls", "resolve", "route", "admit", "authorize", "meter", "validate", "map-request", "integrate",
    "map-response", "stream",
)  # fmt: skip
#: What only REST APIs do.
_REST_ONLY = frozenset({"admit", "validate"})
#: Stages that no request is known to go through before it does.
_NEVER_FORESEEN = frozenset({"mutual-tls", "stream"})


def unreached(case: Case, stopped: str) -> Iterator[str]:
    """The stages after `stopped` that had something to do for this request, as far as is known."""
    behind = ORDER.index(stopped) + 1 if stopped in ORDER else 0
    for stage in ORDER[behind:]:
        if stage not in _NEVER_FORESEEN and _applies(case, stage):
            yield stage


def _applies(case: Case, stage: str) -> bool:
    if case.is_of_socket:
        return _of_socket(case, stage)
    if isinstance(case.api, HttpApi):
        return stage not in _REST_ONLY and _of_http(case.matched, case.staged, stage)
    if case.routed is not None:
        return _of_method(case.routed, stage)
    # Without a method nobody knows what it would have asked for; a policy is the API's.
    return stage != "admit" or _has_policy(case.resolved)


def _of_socket(case: Case, stage: str) -> bool:
    """What an event of a WebSocket goes through; a call of `@connections` its own stages alone."""
    socket, chosen = case.environment.socket, case.chosen
    if socket is None or stage == "admit":
        return False
    if chosen is None:
        return stage not in ("authorize", "meter", "validate") or (
            stage == "authorize" and socket.event == "CONNECT"
        )
    plan = chosen.plan
    if stage == "route" or plan is None:
        return stage == "route"
    if stage == "authorize":
        return socket.event == "CONNECT" and plan.route.authorization_type != "NONE"
    if stage == "meter":
        return bool(plan.buckets) or (socket.event == "CONNECT" and plan.route.api_key_required)
    if stage == "validate":
        return socket.event == "MESSAGE" and bool(plan.models)
    return plan.integration is not None


def _has_policy(resolved: Resolved | None) -> bool:
    return resolved is None or resolved.deployment.api.policy is not None


def _of_http(matched: Matched | None, staged: Staged | None, stage: str) -> bool:
    """What a route does; without one, what any route of the stage does."""
    if stage == "authorize":
        routes = staged.deployment.api.routes.values() if staged is not None else ()
        asking = (matched.plan.route,) if matched is not None else routes
        return any(each.authorization_type != "NONE" for each in asking)
    if stage == "meter":
        return matched is not None and bool(matched.plan.buckets)
    return True


def _of_method(routed: Routed, stage: str) -> bool:
    method = routed.plan.method
    if stage == "admit":
        return _has_policy(routed.resolved)
    if stage == "authorize":
        return method.authorization_type != "NONE"
    if stage == "meter":
        return method.api_key_required or routed.resolved.deployment.throttled
    if stage == "validate":
        return routed.plan.checks is not NO_CHECKS
    if stage == "integrate":
        return not isinstance(routed.plan.integration, Mock)
    return True

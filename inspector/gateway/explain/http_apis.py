"""What only HTTP APIs refuse: no route, a route's throttle, a preflight, a parameter that is absent."""

from __future__ import annotations

from dataclasses import replace

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Check, Note, Try
from inspector.gateway.explain.near import likeness
from inspector.gateway.http_api.results import Staged, matched_of, staged_of
from inspector.gateway.http_api.routes import DEFAULT_ROUTE, RouteTable
from inspector.gateway.narration import Evidence
from inspector.gateway.told import http_result_of
from inspector.gateway.trace import Step
from inspector.model import HttpApi, Route

#: How alike a route's key must be to what was asked, and how many are shown.
_ALIKE, _SHOWN = 0.5, 3
#: Stages that HTTP APIs do not have.
_FOREIGN = frozenset({"admit", "validate"})


def api_of(case: Case) -> HttpApi | None:
    """The HTTP API that the exchange was for, None where it was a REST API."""
    found = (api for api in case.definition.http_apis if api.id == case.answer.api_id)
    return next(found, None)


def applies(case: Case, stage: str) -> bool:
    """Whether a stage has anything to do for a request to an HTTP API."""
    if stage in _FOREIGN:
        return False
    matched = matched_of(http_result_of(case.answer))
    if matched is None:
        return stage not in ("authorize", "meter")
    if stage == "authorize":
        return matched.plan.route.authorization_type != "NONE"
    return stage != "meter" or bool(matched.plan.buckets)


def no_route(case: Case, step: Step) -> Cause:
    """The routes that are nearest, with a request that each would answer."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    staged, api = staged_of(http_result_of(case.answer)), api_of(case)
    if staged is None or api is None:
        return cause.line(step.source)
    method, path = case.request.method, staged.target.path
    cause.part = "method" if step.facts["methods_there"] else "path"
    asked = f"{method} {path}"
    near = sorted(api.routes.values(), key=lambda route: -_likeness(route.key, asked))
    for route in near[:_SHOWN]:
        if _likeness(route.key, asked) < _ALIKE and not _matches(route, staged, "ANY"):
            continue
        reason = _reason(route, staged)
        cause.evidence.append(Evidence("near route", f"{route.key}: {reason}", ok=False))
        cause.checks.append(Check("route", route.key, "failed", reason, source=route.source))
        cause.line(route.source)
    slash = step.facts["slash"]
    if slash:
        target, _, query = case.request.target.partition("?")
        other = target[:-1] or "/" if target.endswith("/") else f"{target}/"
        request = replace(case.request, target=f"{other}?{query}" if query else other)
        cause.tries.append(Try("request", f"Send it so that {slash} matches.", request=request))
    return cause.line(step.source)


def caught_preflight(case: Case) -> Note | None:
    """A preflight that a route answers, although the API has a CORS configuration."""
    matched, api = matched_of(http_result_of(case.answer)), api_of(case)
    if matched is None or api is None or api.cors is None or case.request.method != "OPTIONS":
        return None
    route = matched.plan.route
    text = (
        f"Route {route.key} catches this preflight, so that the API's CORS configuration does not "
        "answer it."
    )
    remedy = "Let the route name its methods instead of ANY, or add OPTIONS without an authorizer."
    return Note("cors.caught", text, route.source, remedy)


def _likeness(key: str, asked: str) -> float:
    return 0.0 if key == DEFAULT_ROUTE else likeness(key, asked)


def _matches(route: Route, staged: Staged, method: str) -> bool:
    """Whether the route would match, were its method `method`."""
    key = f"{method} {route.key.partition(' ')[2]}"
    return RouteTable([(key, True)]).match(method, staged.target.path) is not None


def _reason(route: Route, staged: Staged) -> str:
    verb, _, path = route.key.partition(" ")
    if _matches(route, staged, "ANY"):
        return f"its method is {verb}"
    given = staged.target.path
    if path.lower() == given.lower():
        return "upper and lower case differ"
    if path.rstrip("/") == given.rstrip("/"):
        return "a slash at the end differs"
    return f"{given} does not fit {path}"


def throttled(_case: Case, step: Step) -> Cause:
    """A route's bucket is empty."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    wait = step.facts.get("wait_ms")
    if isinstance(wait, int):
        cause.tries.append(Try("wait", f"Wait {wait} ms.", wait_ms=wait))
    return cause.line(step.source)


def preflight(case: Case, step: Step) -> Cause:
    """A preflight whose answer a browser will not take."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="header Origin")
    api = api_of(case)
    if api is not None and api.cors is not None:
        source = api.cors.source
        for name in ("AllowOrigins", "allowOrigins"):
            cause.line(case.places.at(source, name))
    return cause.line(step.source)

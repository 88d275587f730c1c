"""Which route answers. Source: http-api.md, section 1; the 404 is recorded (captures-2026, 4)."""

from __future__ import annotations

from inspector.gateway.client_view import ClientView
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched, Staged
from inspector.gateway.trace import Fact, Step


def route(staged: Staged, trace: list[Step]) -> Matched | HttpRefusal:
    """Match method and path."""
    request, target, deployment = staged.request, staged.target, staged.deployment
    match = deployment.routes.match(request.method, target.path)
    facts: dict[str, Fact] = {"method": request.method, "path": target.path}
    if match is None:
        stage = deployment.stage
        if not (stage.auto_deploy or stage.deployment is not None):
            return HttpRefusal(
                "route", "route.not-deployed", "NOT_FOUND", {**facts, "stage": stage.name},
                stage.source,
            )  # fmt: skip
        facts["methods_there"] = _methods_at(staged)
        facts["slash"] = _but_for_a_slash(staged)
        return HttpRefusal("route", "route.no-route", "NOT_FOUND", facts, deployment.api.source)
    plan = match.found
    facts |= {"route": plan.route.key, "path_parameters": match.path_parameters}
    trace.append(Step("route", "ok", "route.found", facts, plan.route.source))
    return Matched(staged, plan, ClientView(request, target.query, match.path_parameters))


def _methods_at(staged: Staged) -> list[str]:
    """The methods that the same path does have: a usual cause of the refusal."""
    routes, path = staged.deployment.routes, staged.target.path
    verbs = {key.partition(" ")[0] for key in staged.deployment.api.routes if " " in key}
    return sorted(verb for verb in verbs if routes.match(verb, path) is not None)


def _but_for_a_slash(staged: Staged) -> str | None:
    """The route that would answer with, or without, a slash at the end."""
    path = staged.target.path
    other = path[:-1] or "/" if path.endswith("/") else f"{path}/"
    match = staged.deployment.routes.match(staged.request.method, other)
    return None if match is None else match.found.route.key

"""One method by itself, as Amazon's TestInvokeMethod runs it: no routing, no access, no limits.

Sources: facts 249-264 (recorded): the method is named, the path only fills its variables; a path
that does not fit fills none, no path gives each variable its own template text; the answer has
Content-Type, behind an integration X-Amzn-Trace-Id, and after a failure only its error type.
"""

from __future__ import annotations

from dataclasses import replace

from inspector.gateway.client_view import ClientView
from inspector.gateway.deploy import Deployment, MethodPlan, ServedApi
from inspector.gateway.environment import Environment
from inspector.gateway.paths import Target
from inspector.gateway.pipeline import Answer, Conversation, execute
from inspector.gateway.results import Resolved, Routed
from inspector.gateway.routing import RoutingTree
from inspector.gateway.trace import Step
from inspector.message import Headers, Request

#: What is left out, in words for the user.
SKIPPED = "the resource policy, the authorizer, the API key, quotas, throttles and caches"


class _TestView(ClientView):
    """A body is JSON here, whatever Content-Type says (guide, "Important notes for REST APIs")."""

    media_type = "application/json"


class NoSuchMethodError(Exception):
    """The API has no such resource, or the resource no such method."""


def converse_as_test(
    served: ServedApi,
    stage: str,
    resource_path: str,
    method: str,
    *,
    path: str | None,
    request: Request,
    environment: Environment,
) -> Conversation:
    """Run the method of a resource. `path` with its query fills the variables; None: none given.

    Raises `NoSuchMethodError`.
    """
    deployment = served.deployments[stage]
    plan = _plan(deployment, resource_path, method)
    given, _, query = (path or "").partition("?")
    shown = given or resource_path
    variables = _variables(resource_path, given)
    target = Target(stage, shown, f"/{stage}{shown}", query)
    trace: list[Step] = []
    resolved = Resolved(deployment, target, request, environment, request)
    routed = Routed(resolved, plan, _TestView(request, query, variables))
    answer: Answer = yield from execute(routed, served, request, environment, trace, cached=False)
    return replace(answer, response=replace(answer.response, headers=_headers(answer)))


def _plan(deployment: Deployment, resource_path: str, method: str) -> MethodPlan:
    for resource in deployment.api.resources:
        if resource.path == resource_path:
            break
    else:
        raise NoSuchMethodError(f"there is no resource {resource_path}")
    match = deployment.tree.match(method, resource_path)
    if match is None or match.found.resource.path != resource_path:
        raise NoSuchMethodError(f"{resource_path} has no method {method}")
    return match.found


def _variables(resource_path: str, given: str) -> dict[str, str]:
    parts = [part for part in resource_path.split("/") if part.startswith("{")]
    names = [part[1:-1].removesuffix("+") for part in parts]
    if not given:
        return {name: f"{{{name}}}" for name in names}
    match = RoutingTree([(resource_path, "ANY", True)]).match("GET", given)
    return {} if match is None else match.path_parameters


def _headers(answer: Answer) -> Headers:
    kept: tuple[str, ...] = ("content-type", "x-amzn-trace-id")
    if answer.outcome != "answered":
        kept = ("x-amzn-errortype",)
    return Headers(
        tuple(pair for pair in answer.response.headers.fields if pair[0].lower() in kept)
    )

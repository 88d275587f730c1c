"""HTTP APIs made ready to answer: routes by precedence, URIs and mappings compiled, once a stage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from inspector.gateway.domains import NO_DOMAINS, Domains
from inspector.gateway.effects import Bucket
from inspector.gateway.http_api.routes import RouteTable
from inspector.gateway.http_api.throttling import buckets_of
from inspector.gateway.uri import UriTemplate, fill_stage_variables, parse
from inspector.model import HttpApi, HttpApiIntegration, Route, Stage

_FUNCTION = re.compile(
    r"/functions/(?P<named>.+?)/(?:response-streaming-)?invocations/?\Z"
    r"|\A(?P<bare>arn:[^:]*:lambda:.+)\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """A route made ready for one stage.

    `function` is the ARN or name that an AWS_PROXY integration invokes, `uri` where an HTTP_PROXY
    integration leads; None where the declared one makes no sense. `buckets` are the limits that
    the stage sets for the route.
    """

    route: Route
    integration: HttpApiIntegration | None
    uri: UriTemplate | None = None
    function: str | None = None
    buckets: tuple[Bucket, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpDeployment:
    """One stage of an HTTP API, ready."""

    api: HttpApi
    stage: Stage
    deployment_id: str
    routes: RouteTable[RoutePlan]


@dataclass(frozen=True, slots=True)
class ServedHttpApi:
    """An HTTP API with all its stages by name, and the custom domains that may lead to it."""

    api: HttpApi
    deployments: Mapping[str, HttpDeployment]
    domains: Domains = field(default_factory=lambda: NO_DOMAINS)

    @property
    def streams(self) -> bool:
        """Whether any integration may stream its answer (HTTP_PROXY may)."""
        return any(each.type == "HTTP_PROXY" for each in self.api.integrations.values())


def deploy_http_api(api: HttpApi, domains: Domains = NO_DOMAINS) -> ServedHttpApi:
    """Make a declared HTTP API ready."""
    deployments = {stage.name: _deploy_stage(api, stage) for stage in api.stages}
    return ServedHttpApi(api, deployments, domains)


def _deploy_stage(api: HttpApi, stage: Stage) -> HttpDeployment:
    digest = sha256(f"{api.id}/{stage.name}".encode()).hexdigest()[:6]
    # A stage that nothing was ever deployed to answers 404 (captures-2026.md, section 4).
    deployed = stage.auto_deploy or stage.deployment is not None
    routes = api.routes.values() if deployed else ()
    table = RouteTable((route.key, _plan(api, route, stage)) for route in routes)
    return HttpDeployment(api, stage, digest, table)


def _plan(api: HttpApi, route: Route, stage: Stage) -> RoutePlan:
    integration = api.integrations.get(route.integration or "")
    buckets = buckets_of(api, route, stage)
    if integration is None:
        return RoutePlan(route, None, buckets=buckets)
    declared = integration.uri or ""
    if integration.type == "HTTP_PROXY":
        uri = parse(declared.replace("+}", "}"), stage.variables)
        return RoutePlan(route, integration, uri=uri, buckets=buckets)
    function = None
    if integration.subtype is None:
        function = function_in(fill_stage_variables(declared, stage.variables))
    return RoutePlan(route, integration, function=function, buckets=buckets)


def function_in(uri: str) -> str | None:
    """The function that an integration's URI names: its invocation URI, or its ARN alone."""
    found = _FUNCTION.search(uri)
    return None if found is None else found["named"] or found["bare"]

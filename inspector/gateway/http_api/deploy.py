"""HTTP APIs made ready to answer: routes by precedence, URIs and mappings compiled, once a stage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from inspector.gateway.domains import NO_DOMAINS, Domains
from inspector.gateway.effects import Bucket
from inspector.gateway.http_api.expressions import Value, compile_value
from inspector.gateway.http_api.parameter_mapping import Change, compile_changes
from inspector.gateway.http_api.private_link import private_uri
from inspector.gateway.http_api.routes import RouteTable
from inspector.gateway.http_api.throttling import buckets_of
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.uri import UriTemplate, fill_stage_variables, parse
from inspector.model import HttpApi, HttpApiIntegration, Route, Stage

_FUNCTION = re.compile(
    r"/functions/(?P<named>.+?)/(?:response-streaming-)?invocations/?\Z"
    r"|\A(?P<bare>arn:[^:]*:lambda:.+)\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ServiceParameter:
    """A parameter of a first-class integration, and how its value is had."""

    name: str
    expression: str
    value: Value


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """A route made ready for one stage.

    `function` is the ARN or name that an AWS_PROXY integration invokes, `uri` where an HTTP_PROXY
    integration leads; None where the declared one makes no sense. `buckets` are the limits that
    the stage sets for the route; `changes` what is mapped on the way there, `answer_changes` on
    the way back, by the integration's status; `private`: `uri` names a load balancer or a service
    behind a VPC link, which is given the request's whole path.
    """

    route: Route
    integration: HttpApiIntegration | None
    uri: UriTemplate | None = None
    function: str | None = None
    buckets: tuple[Bucket, ...] = ()
    service_parameters: tuple[ServiceParameter, ...] = ()
    changes: tuple[Change, ...] = ()
    answer_changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True, slots=True)
class HttpDeployment:
    """One stage of an HTTP API, ready."""

    api: HttpApi
    stage: Stage
    deployment_id: str
    routes: RouteTable[RoutePlan]
    limits: Limits = AMAZONS


@dataclass(frozen=True, slots=True)
class ServedHttpApi:
    """An HTTP API with all its stages by name, and the custom domains that may lead to it.

    `streams`: whether any integration may stream its answer: HTTP_PROXY, and functions told to.
    """

    api: HttpApi
    deployments: Mapping[str, HttpDeployment]
    domains: Domains = field(default_factory=lambda: NO_DOMAINS)
    limits: Limits = AMAZONS

    streams: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        integrations = self.api.integrations.values()
        found = any(each.type == "HTTP_PROXY" or each.streams for each in integrations)
        object.__setattr__(self, "streams", found)


def deploy_http_api(
    api: HttpApi, domains: Domains = NO_DOMAINS, limits: Limits = AMAZONS
) -> ServedHttpApi:
    """Make a declared HTTP API ready."""
    deployments = {stage.name: _deploy_stage(api, stage, limits) for stage in api.stages}
    return ServedHttpApi(api, deployments, domains, limits)


def _deploy_stage(api: HttpApi, stage: Stage, limits: Limits) -> HttpDeployment:
    digest = sha256(f"{api.id}/{stage.name}".encode()).hexdigest()[:6]
    # A stage that nothing was ever deployed to answers 404 (captures-2026.md, section 4).
    deployed = stage.auto_deploy or stage.deployment is not None
    routes = api.routes.values() if deployed else ()
    table = RouteTable((route.key, _plan(api, route, stage, limits)) for route in routes)
    return HttpDeployment(api, stage, digest, table, limits)


def _plan(api: HttpApi, route: Route, stage: Stage, limits: Limits) -> RoutePlan:
    integration = api.integrations.get(route.integration or "")
    buckets = buckets_of(api, route, stage)
    if integration is None:
        return RoutePlan(route, None, buckets=buckets)
    if not limits.timeout:
        integration = replace(integration, timeout_ms=limits.waits(integration.timeout_ms))
    if integration.credentials is not None and "$" in integration.credentials:
        role = fill_stage_variables(integration.credentials, stage.variables)
        integration = replace(integration, credentials=role)
    declared = integration.uri or ""
    uri = function = None
    private = False
    if integration.type == "HTTP_PROXY":
        uri = parse(declared.replace("+}", "}"), stage.variables)
        if uri is None and integration.connection_type == "VPC_LINK":
            uri = private_uri(
                integration, fill_stage_variables(declared, stage.variables), api.host
            )
            private = uri is not None
    elif integration.subtype is None:
        function = function_in(fill_stage_variables(declared, stage.variables))
    responses = integration.response_parameters.items()
    return RoutePlan(
        route,
        integration,
        uri,
        function,
        buckets,
        # The parameters of a service are its own, they change no request.
        _service_parameters(integration) if integration.subtype else (),
        compile_changes(integration.request_parameters) if integration.subtype is None else (),
        {status: compile_changes(mappings) for status, mappings in responses},
        private,
    )


def _service_parameters(integration: HttpApiIntegration) -> tuple[ServiceParameter, ...]:
    return tuple(
        ServiceParameter(each.target, each.expression, compile_value(each.expression))
        for each in integration.request_parameters
    )


def function_in(uri: str) -> str | None:
    """The function that an integration's URI names: its invocation URI, or its ARN alone."""
    found = _FUNCTION.search(uri)
    return None if found is None else found["named"] or found["bare"]

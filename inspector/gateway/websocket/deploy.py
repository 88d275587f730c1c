"""WebSocket APIs made ready to answer: expressions, URIs, mappings and models, once a stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from inspector.gateway.domains import NO_DOMAINS, Domains
from inspector.gateway.effects import Bucket
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.http_api.throttling import buckets_of
from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.parameters import CompiledMapping, compile_mappings
from inspector.gateway.schema import BodySchema, Schemas
from inspector.gateway.service_request import ServiceTarget, target_of
from inspector.gateway.traffic import Traffic, traffic_of
from inspector.gateway.uri import UriTemplate, fill_stage_variables, parse
from inspector.gateway.websocket.selection import Selection, compile_selection
from inspector.model import (
    ApiKey,
    AwsService,
    ParameterMapping,
    Route,
    Stage,
    UsagePlan,
    WebSocketApi,
    WebSocketIntegration,
    WebSocketIntegrationResponse,
)

CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"
#: Which answer of an integration is taken, where the integration does not say.
_OF_FUNCTION = "$integration.response.body.errorMessage"
_OF_STATUS = "$integration.response.statuscode"


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """An integration response made ready. `pattern` is None for `$default`."""

    declared: WebSocketIntegrationResponse
    pattern: re.Pattern[str] | None
    template_selection: Selection | None


@dataclass(frozen=True, slots=True)
class SocketPlan:
    """A route made ready for one stage.

    `uri` is where an HTTP integration leads, `function` what one with a function invokes, `service`
    where one with another AWS service leads; None where the declared one makes no sense. `models`
    by the keys that `model_selection` gives. `two_way`: what the integration says is sent to the
    client.
    """

    route: Route
    integration: WebSocketIntegration | None
    uri: UriTemplate | None = None
    function: str | None = None
    service: ServiceTarget | None = None
    mappings: tuple[CompiledMapping, ...] = ()
    template_selection: Selection | None = None
    response_selection: Selection | None = None
    responses: tuple[ReplyPlan, ...] = ()
    model_selection: Selection | None = None
    models: Mapping[str, BodySchema] = field(default_factory=dict)
    buckets: tuple[Bucket, ...] = ()
    two_way: bool = False


@dataclass(frozen=True, slots=True)
class SocketDeployment:
    """One stage of a WebSocket API, ready. `routes` by key; `deployed`: whether anything is."""

    api: WebSocketApi
    stage: Stage
    selection: Selection
    routes: Mapping[str, SocketPlan]
    traffic: Traffic
    limits: Limits = AMAZONS
    deployed: bool = True


@dataclass(frozen=True, slots=True)
class ServedWebSocketApi:
    """A WebSocket API with all its stages by name. `streams`: nothing of it does."""

    api: WebSocketApi
    deployments: Mapping[str, SocketDeployment]
    domains: Domains = field(default_factory=lambda: NO_DOMAINS)
    limits: Limits = AMAZONS
    streams: bool = field(default=False, init=False, compare=False)


def deploy_websocket_api(
    api: WebSocketApi,
    keys: Iterable[ApiKey] = (),
    plans: Iterable[UsagePlan] = (),
    domains: Domains = NO_DOMAINS,
    limits: Limits = AMAZONS,
) -> ServedWebSocketApi:
    """Make a declared WebSocket API ready."""
    keys, plans = tuple(keys), tuple(plans)
    deployments = {
        stage.name: _deploy_stage(api, stage, traffic_of(api, stage, keys, plans), limits)
        for stage in api.stages
    }
    return ServedWebSocketApi(api, deployments, domains, limits)


def _deploy_stage(
    api: WebSocketApi, stage: Stage, traffic: Traffic, limits: Limits
) -> SocketDeployment:
    deployed = stage.auto_deploy or stage.deployment is not None
    schemas = Schemas(api)
    routes = api.routes.values() if deployed else ()
    plans = {route.key: _plan(api, route, stage, schemas, limits) for route in routes}
    selection = compile_selection(api.route_selection_expression)
    return SocketDeployment(api, stage, selection, plans, traffic, limits, deployed)


def _plan(
    api: WebSocketApi, route: Route, stage: Stage, schemas: Schemas, limits: Limits
) -> SocketPlan:
    models = {key: schemas.of(name) for key, name in route.request_models.items()}
    plan = SocketPlan(
        route,
        None,
        model_selection=_selection(route.model_selection),
        models={key: model for key, model in models.items() if model is not None},
        buckets=buckets_of(api, route, stage),
        two_way=DEFAULT in route.responses and route.route_response_selection is not None,
    )
    integration = api.integrations.get(route.integration or "")
    if integration is None:
        return plan
    if not limits.timeout:
        integration = replace(integration, timeout_ms=limits.waits(integration.timeout_ms))
    if integration.credentials is not None and "$" in integration.credentials:
        role = fill_stage_variables(integration.credentials, stage.variables)
        integration = replace(integration, credentials=role)
    declared = fill_stage_variables(integration.uri or "", stage.variables)
    aws = integration.type in ("AWS", "AWS_PROXY")
    function = function_in(declared) if aws else None
    return replace(
        plan,
        integration=integration,
        uri=parse(declared, {}) if integration.type in ("HTTP", "HTTP_PROXY") else None,
        function=function,
        service=_service(integration, declared, stage, api) if aws and function is None else None,
        mappings=compile_mappings(_spelt(integration.request_parameters), "integration.request."),
        template_selection=_selection(integration.template_selection),
        response_selection=compile_selection(
            integration.response_selection or (_OF_FUNCTION if function else _OF_STATUS)
        ),
        responses=tuple(map(_reply, integration.responses)),
    )


def _selection(expression: str | None) -> Selection | None:
    return None if expression is None else compile_selection(expression)


def _service(
    integration: WebSocketIntegration, declared: str, stage: Stage, api: WebSocketApi
) -> ServiceTarget | None:
    called = AwsService(
        source=integration.source, http_method=integration.method or "POST", uri=declared
    )
    return target_of(called, stage, api.region)


def _spelt(mappings: Iterable[ParameterMapping]) -> tuple[ParameterMapping, ...]:
    """`route.request.…` is read where a REST API has `method.request.…`."""
    prefix = "route.request."
    return tuple(
        replace(each, expression="method.request." + each.expression.removeprefix(prefix))
        if each.expression.startswith(prefix)
        else each
        for each in mappings
    )


def _reply(response: WebSocketIntegrationResponse) -> ReplyPlan:
    return ReplyPlan(response, _pattern(response.key), _selection(response.template_selection))


def _pattern(key: str) -> re.Pattern[str] | None:
    """`/5../` is a pattern, `$default` fits all that no pattern does."""
    if key == DEFAULT:
        return None
    try:
        return JavaPattern(key.removeprefix("/").removesuffix("/")).compiled
    except JavaError:
        return re.compile(r"(?!)")

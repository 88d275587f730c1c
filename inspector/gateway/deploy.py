"""Declared APIs made ready to answer: routing trees, URIs, mappings, all compiled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType

from inspector.gateway.caching import Cachings, cachings_of
from inspector.gateway.domains import NO_DOMAINS, Domains, domain_of, lead
from inspector.gateway.http_api.deploy import ServedHttpApi, deploy_http_api
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.parameters import CompiledMapping, compile_mappings
from inspector.gateway.request_checks import RequestChecks, compile_checks
from inspector.gateway.routing import RoutingTree
from inspector.gateway.schema import Schemas
from inspector.gateway.selection import ResponsePlan, compile_responses
from inspector.gateway.service_request import ServiceTarget, target_of
from inspector.gateway.traffic import Traffic, traffic_of
from inspector.gateway.uri import UriTemplate, parse
from inspector.gateway.visible import never_mapped
from inspector.gateway.websocket.deploy import ServedWebSocketApi, deploy_websocket_api
from inspector.message import Request
from inspector.model import (
    ApiKey,
    AwsService,
    Definition,
    DomainName,
    Http,
    HttpApi,
    HttpProxy,
    Integration,
    Lambda,
    LambdaProxy,
    Method,
    Mock,
    Resource,
    RestApi,
    Stage,
    UsagePlan,
    WebSocketApi,
)
from inspector.model.definition import Servable

NO_TRAFFIC = Traffic()
NO_CACHE: Cachings = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MethodPlan:
    """A method made ready for one stage.

    `uri` is None for integrations that go nowhere by URL, and for a URL without a host; `service`
    is where an integration with an AWS service leads;
    `impossible` is the request mapping that makes every call fail (facts 123, 124); `cachings` by
    verb, empty where no answers are kept.
    """

    method: Method
    resource: Resource
    integration: Integration | None
    uri: UriTemplate | None
    request_mappings: tuple[CompiledMapping, ...]
    impossible: CompiledMapping | None
    responses: tuple[ResponsePlan, ...]
    checks: RequestChecks
    service: ServiceTarget | None = None
    cachings: Cachings = field(default_factory=lambda: NO_CACHE)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One stage of an API, ready.

    `canary` is the second deployment of a stage that has one; `is_canary` is None on a stage
    without canary settings.
    """

    api: RestApi
    stage: Stage
    deployment_id: str
    tree: RoutingTree[MethodPlan]
    traffic: Traffic = NO_TRAFFIC
    throttled: bool = False
    canary: Deployment | None = None
    is_canary: bool | None = None
    limits: Limits = AMAZONS


@dataclass(frozen=True, slots=True)
class ServedApi:
    """An API with all its stages by name, and the custom domains that may lead to it.

    `streams`: whether any integration may stream its answer: HTTP_PROXY, and functions told to.
    """

    api: RestApi
    deployments: Mapping[str, Deployment]
    domains: Domains = field(default_factory=lambda: NO_DOMAINS)
    limits: Limits = AMAZONS
    streams: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Found once: it is asked for at each request, and an API may have hundreds of methods.
        methods = (each for resource in self.api.resources for each in resource.methods.values())
        object.__setattr__(self, "streams", any(_may_stream(each.integration) for each in methods))


def _may_stream(integration: Integration | None) -> bool:
    if isinstance(integration, LambdaProxy):
        return integration.response_transfer_mode == "STREAM"
    return isinstance(integration, HttpProxy)


Served = ServedApi | ServedHttpApi | ServedWebSocketApi


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything that is served, found by the host name a client uses."""

    apis: tuple[Served, ...]
    by_host: Mapping[str, Served]
    domains: Domains = field(default_factory=lambda: NO_DOMAINS)

    def api_for(self, host: str) -> Served | None:
        """The API that Amazon would serve under this host (a port does not count)."""
        return self.by_host.get(host.partition(":")[0].lower())

    def holds(self, host: str) -> bool:
        """Whether this is the name of an API, or a custom domain."""
        return self.api_for(host) is not None or domain_of(self.domains, host) is not None

    def serving(self, request: Request) -> Served | None:
        """The API that a request's Host leads to; None where it names none of these."""
        return self.through_domain(request) or self.api_for(request.host)

    def through_domain(self, request: Request) -> Served | None:
        """The API that a custom domain leads this request to; None: its host is no such domain.

        One that leads nowhere is refused by the first API of the domain, or the first there is.
        """
        domain = domain_of(self.domains, request.host) if self.domains else None
        if domain is None:
            return None
        led = lead(domain, request.target, request.headers)
        ids = [] if led is None else [led.api_id]
        ids += [mapping.api_id for mapping in domain.mappings]
        ids += [rule.api_id for rule in domain.rules]
        by_id = {each.api.id: each for each in self.apis}
        return next((by_id[each] for each in ids if each in by_id), self.apis[0])

    @property
    def has_sockets(self) -> bool:
        """Whether any of these is a WebSocket API."""
        return any(isinstance(each, ServedWebSocketApi) for each in self.apis)

    @property
    def only(self) -> Served | None:
        """The one API where there is just one: it answers under any local name."""
        return self.apis[0] if len(self.apis) == 1 else None


def deploy(
    apis: Iterable[Servable],
    keys: Iterable[ApiKey] = (),
    plans: Iterable[UsagePlan] = (),
    domains: Iterable[DomainName] = (),
    limits: Limits = AMAZONS,
) -> Gateway:
    """Make declared APIs ready, with the keys, plans and domains that stand beside them."""
    keys, plans = tuple(keys), tuple(plans)
    by_name = {domain.name: domain for domain in domains}
    served = tuple(_deploy_api(api, keys, plans, by_name, limits) for api in apis)
    return Gateway(served, {each.api.host.lower(): each for each in served}, by_name)


def deploy_definition(definition: Definition, limits: Limits = AMAZONS) -> Gateway:
    """Everything that some files declare, ready."""
    return deploy(
        definition.servable,
        definition.api_keys,
        definition.usage_plans,
        definition.domains,
        limits,
    )


def _deploy_api(
    api: Servable,
    keys: tuple[ApiKey, ...],
    plans: tuple[UsagePlan, ...],
    domains: Domains,
    limits: Limits,
) -> Served:
    if isinstance(api, HttpApi):
        return deploy_http_api(api, domains, limits)
    if isinstance(api, WebSocketApi):
        return deploy_websocket_api(api, keys, plans, domains, limits)
    return _deploy_rest(api, keys, plans, domains, limits)


def _deploy_rest(
    api: RestApi,
    keys: tuple[ApiKey, ...],
    plans: tuple[UsagePlan, ...],
    domains: Domains,
    limits: Limits,
) -> ServedApi:
    return ServedApi(
        api,
        {
            stage.name: _deploy_stage(api, stage, traffic_of(api, stage, keys, plans), limits)
            for stage in api.stages
        },
        domains,
        limits,
    )


def _deploy_stage(api: RestApi, stage: Stage, traffic: Traffic, limits: Limits) -> Deployment:
    """A stage, with its canary where it has one: same limits, variables of its own (fact 236)."""
    deployment = _deploy(api, stage, traffic, limits)
    canary = stage.canary
    if canary is None:
        return deployment
    variables = {**stage.variables, **canary.variables}
    second = replace(
        _deploy(canary.api or api, replace(stage, variables=variables), traffic, limits, " canary"),
        is_canary=True,
    )
    return replace(deployment, canary=second, is_canary=False)


def _deploy(
    api: RestApi, stage: Stage, traffic: Traffic, limits: Limits, kind: str = ""
) -> Deployment:
    schemas = Schemas(api)
    place = f"{api.id}/{stage.name}"
    # Canary and production share what is kept only where they serve the same definition.
    settings = stage.canary if kind else None
    apart = settings is not None and settings.api is not None
    cache: str | None = place + kind if apart else place
    if settings is not None and not settings.use_stage_cache:
        cache = None
    routes = (
        (
            resource.path,
            method.http_method,
            _plan(api, resource, method, stage, schemas, cache=cache, limits=limits),
        )
        for resource in api.resources
        for method in resource.methods.values()
    )
    digest = sha256(f"{place}{kind}".encode()).hexdigest()
    tree = RoutingTree(routes)
    throttled = traffic.throttled
    return Deployment(api, stage, digest[:6], tree, traffic, throttled, limits=limits)


def _plan(
    api: RestApi,
    resource: Resource,
    method: Method,
    stage: Stage,
    schemas: Schemas,
    *,
    cache: str | None,
    limits: Limits,
) -> MethodPlan:
    integration = method.integration
    if integration is not None and not limits.timeout:
        integration = replace(integration, timeout_ms=limits.waits(integration.timeout_ms))
    mappings: tuple[CompiledMapping, ...] = ()
    responses: tuple[ResponsePlan, ...] = ()
    uri = None
    if integration is not None:
        mappings = compile_mappings(integration.request_parameters, "integration.request.")
        responses = compile_responses(integration.responses)
    if isinstance(integration, Http | HttpProxy):
        uri = parse(integration.uri, stage.variables)
    return MethodPlan(
        method=method,
        resource=resource,
        integration=integration,
        uri=uri,
        request_mappings=mappings,
        impossible=_impossible(integration, mappings),
        responses=responses,
        checks=compile_checks(api, method, schemas),
        service=(
            target_of(integration, stage, api.region)
            if isinstance(integration, AwsService)
            else None
        ),
        cachings=NO_CACHE
        if cache is None
        else cachings_of(cache, stage, resource, method, mappings),
    )


def _impossible(
    integration: Integration | None, mappings: tuple[CompiledMapping, ...]
) -> CompiledMapping | None:
    if integration is None or isinstance(integration, Mock):
        return None
    to_aws = isinstance(integration, Lambda | LambdaProxy | AwsService)
    refused = never_mapped(to_aws=to_aws)
    return next(
        (each for each in mappings if each.place == "header" and each.name.lower() in refused),
        None,
    )

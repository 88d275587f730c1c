"""Stages: what CloudFormation sets on them, and the deployments they serve."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any, cast

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import NOT_ENFORCED
from inspector.definitions.openapi.document import DEFAULT_STAGE
from inspector.model import (
    AccessLog,
    Canary,
    MethodSettings,
    RouteSettings,
    Source,
    Stage,
    Throttle,
)

REST = "AWS::ApiGateway::"
V2 = "AWS::ApiGatewayV2::"
_LEVELS = ("OFF", "ERROR", "INFO")
_OF_ALL_METHODS = (
    "CacheDataEncrypted", "CacheTtlInSeconds", "CachingEnabled", "DataTraceEnabled",
    "LoggingLevel", "MetricsEnabled", "ThrottlingBurstLimit", "ThrottlingRateLimit",
)  # fmt: skip
_STRATEGIES = (
    "FAIL_WITH_403",
    "SUCCEED_WITH_RESPONSE_HEADER",
    "SUCCEED_WITHOUT_RESPONSE_HEADER",
)


def read_rest_stages(parts: Parts, api: Part) -> tuple[Stage, ...]:
    """Those of AWS::ApiGateway::Stage, and those that deployments make with StageName."""
    found: dict[str, Stage] = {}
    for part in parts.of_api(api.id, f"{REST}Deployment"):
        name = parts.text(part, "StageName")
        _check_depends(parts, part, api)
        if name:
            description = part.cursor.get("StageDescription")
            found[name] = _rest_stage(parts, description or part.cursor, name, part)
            if description is None:
                found[name] = Stage(
                    name,
                    _options_variables(parts),
                    part.source,
                    canary=_canary(parts, part.cursor, part),
                    deployment=part.id,
                )
    for part in parts.of_api(api.id, f"{REST}Stage"):
        name = parts.text(part, "StageName") or part.logical_id
        deployment = part.cursor.get("DeploymentId")
        known = parts.by_id(parts.text(part, "DeploymentId"), f"{REST}Deployment")
        if deployment is not None and known is None:
            message = f"Deployment id {deployment.text} does not exist in this template"
            remedy = "DeploymentId is !Ref of an AWS::ApiGateway::Deployment."
            parts.template.notes.error("unknown-deployment", message, deployment.source, remedy)
        found[name] = _rest_stage(parts, part.cursor, name, part)
    return _or_default(parts, api, found)


def _or_default(
    parts: Parts, api: Part, found: dict[str, Stage], default: str = DEFAULT_STAGE
) -> tuple[Stage, ...]:
    if found:
        return tuple(found.values())
    name = parts.template.options.stage or default
    message = f"{api.logical_id} has no stage: it is served as {name!r}"
    remedy = "Amazon serves nothing without a stage; add one, or name this with --stage."
    parts.template.notes.warning("no-stage", message, api.source, remedy)
    return (Stage(name, _options_variables(parts), api.source),)


def _options_variables(parts: Parts) -> dict[str, str]:
    return dict(parts.template.options.stage_variables)


def _check_depends(parts: Parts, deployment: Part, api: Part) -> None:
    """CloudFormation may deploy before it makes the methods unless it is told not to."""
    methods = {part.logical_id for part in parts.of_api(api.id, f"{REST}Method")}
    if methods and not methods & _waits_for(parts, deployment):
        message = (
            f"{deployment.logical_id} depends on no method: it may deploy the API without them"
        )
        remedy = f"Add DependsOn: [{', '.join(sorted(methods)[:5])}]."
        parts.template.notes.warning("depends-on", message, deployment.source, remedy)


def _waits_for(parts: Parts, part: Part) -> set[str]:
    declared = parts.template.resources[part.logical_id].cursor.get("DependsOn")
    if declared is None:
        return set()
    return {item.text for item in declared.items()} if declared.is_list else {declared.text}


def _check_routes(parts: Parts, deployment: Part, api: Part) -> None:
    """The same of version 2, in its words (users' pastes)."""
    routes = {part.logical_id for part in parts.of_api(api.id, f"{V2}Route")}
    if routes and not routes & _waits_for(parts, deployment) and api.cursor.get("Body") is None:
        message = (
            f"{deployment.logical_id} depends on no route: At least one route is required before "
            "deploying the Api."
        )
        remedy = f"Add DependsOn: [{', '.join(sorted(routes)[:5])}]."
        parts.template.notes.warning("depends-on", message, deployment.source, remedy)


def _rest_stage(parts: Parts, cursor: Cursor, name: str, part: Part) -> Stage:
    context = parts.context
    settings: dict[str, MethodSettings] = {}
    if any(cursor.get(name) is not None for name in _OF_ALL_METHODS):
        # A StageDescription may say at once what holds for all methods.
        settings["*/*"] = _method_settings(parts, cursor)
    listed = cursor.get("MethodSettings")
    for item in listed.items() if listed is not None else ():
        settings[_settings_key(parts, item)] = _method_settings(parts, item)
    variables = {key: value.text for key, value in context.mapping(cursor, "Variables")}
    deployment = parts.text(part, "DeploymentId") if part.type == f"{REST}Stage" else part.id
    cluster = bool(context.flag(cursor, "CacheClusterEnabled"))
    return Stage(
        name,
        {**variables, **_options_variables(parts)},
        part.source,
        method_settings=settings,
        cache_cluster_enabled=cluster,
        cache_cluster_size=context.text(cursor, "CacheClusterSize") or ("0.5" if cluster else None),
        canary=_canary(parts, cursor, part),
        access_log=_access_log(parts, cursor.get("AccessLogSetting")),
        client_certificate=context.text(cursor, "ClientCertificateId"),
        xray_enabled=bool(context.flag(cursor, "TracingEnabled")),
        deployment=deployment,
        description=context.text(cursor, "Description"),
    )


def _settings_key(parts: Parts, item: Cursor) -> str:
    """ResourcePath with its slashes written `~1` or as they are; `/*` stands for all."""
    written = (parts.context.text(item, "ResourcePath") or "*").replace("~1", "/")
    path = re.sub("/+", "/", written)
    method = (parts.context.text(item, "HttpMethod") or "*").upper()
    if path in ("/*", "*"):
        return f"*/{method}"
    return f"{path if path.startswith('/') else f'/{path}'}/{method}"


def throttle_of(parts: Parts, cursor: Cursor, rate: str, burst: str) -> Throttle | None:
    """Rate and burst under these names; None where neither is given (-1: no limit of its own)."""
    found_rate, found_burst = number(parts, cursor, rate), parts.context.integer(cursor, burst)
    if found_rate is None and found_burst is None:
        return None
    return Throttle(
        None if found_rate is None or found_rate < 0 else found_rate,
        None if found_burst is None or found_burst < 0 else found_burst,
        cursor.source,
    )


def number(parts: Parts, cursor: Cursor, name: str) -> float | None:
    """A number, also spelled as a text."""
    child = cursor.get(name)
    if child is None or child.is_null:
        return None
    try:
        found = float(child.text)
    except ValueError:
        found = float("nan")
    if not math.isfinite(found):
        parts.context.wrong_type(child, "a number")
        return None
    return found


def _method_settings(parts: Parts, item: Cursor) -> MethodSettings:
    context = parts.context
    return MethodSettings(
        source=item.source,
        throttle=throttle_of(parts, item, "ThrottlingRateLimit", "ThrottlingBurstLimit"),
        caching_enabled=context.flag(item, "CachingEnabled"),
        cache_ttl_seconds=context.integer(item, "CacheTtlInSeconds"),
        cache_data_encrypted=context.flag(item, "CacheDataEncrypted"),
        require_authorization_for_cache_control=context.flag(
            item, "RequireAuthorizationForCacheControl"
        ),
        unauthorized_cache_control_header_strategy=cast(
            "Any", choice(parts, item, "UnauthorizedCacheControlHeaderStrategy", _STRATEGIES)
        ),
        metrics_enabled=context.flag(item, "MetricsEnabled"),
        logging_level=cast("Any", choice(parts, item, "LoggingLevel", _LEVELS)),
        data_trace_enabled=context.flag(item, "DataTraceEnabled"),
    )


def choice(parts: Parts, cursor: Cursor, name: str, allowed: tuple[str, ...]) -> str | None:
    """One of `allowed`; an error for anything else."""
    text, child = parts.context.text(cursor, name), cursor.get(name)
    if text is None or child is None or text in allowed:
        return text
    message = f"{name} knows no {text!r}"
    remedy = f"Use {' or '.join(allowed)}."
    parts.template.notes.error("unknown-value", message, child.source, remedy)
    return None


def _canary(parts: Parts, cursor: Cursor, part: Part) -> Canary | None:
    """CanarySetting of a stage, or the canary that a deployment puts onto its stage."""
    holder = cursor.get("CanarySetting") or part.cursor.get("DeploymentCanarySettings")
    if holder is None or not holder.is_map:
        return None
    message = "the canary serves this definition, too: what its deployment held is not known here"
    remedy = "Name it: --canary-definition FILE."
    parts.template.notes.info("canary-definition", message, holder.key_source, remedy)
    percent = number(parts, holder, "PercentTraffic") or 0.0
    if not 0 <= percent <= 100:
        wrong = "PercentTraffic is 0 to 100"
        parts.template.notes.error("canary-percent", wrong, holder.source)
    overrides = parts.context.mapping(holder, "StageVariableOverrides")
    return Canary(
        source=holder.source,
        percent=percent,
        variables={key: value.text for key, value in overrides},
        deployment=parts.context.text(holder, "DeploymentId"),
        use_stage_cache=bool(parts.context.flag(holder, "UseStageCache")),
    )


def _access_log(parts: Parts, holder: Cursor | None) -> AccessLog | None:
    if holder is None or not holder.is_map:
        return None
    message = "access logs are not written to the destination"
    parts.template.notes.warning(NOT_ENFORCED, message, holder.key_source)
    return AccessLog(
        parts.context.text(holder, "DestinationArn"),
        parts.context.text(holder, "Format"),
        holder.source,
    )


def read_v2_stages(parts: Parts, api: Part) -> tuple[Stage, ...]:
    """Stages of an HTTP or WebSocket API."""
    found: dict[str, Stage] = {}
    for part in parts.of_api(api.id, f"{V2}Deployment"):
        name = parts.text(part, "StageName")
        _check_routes(parts, part, api)
        if name:
            found[name] = Stage(name, _options_variables(parts), part.source, deployment=part.id)
    for part in parts.of_api(api.id, f"{V2}Stage"):
        name = parts.text(part, "StageName") or part.logical_id
        found[name] = _v2_stage(parts, name, part.cursor, part.source)
    if parts.text(api, "Target"):
        found.setdefault("$default", _quick_stage(parts, api))
    protocol = (parts.text(api, "ProtocolType") or "HTTP").upper()
    _check_deployed(parts, found, protocol)
    if found:
        return tuple(found.values())
    [assumed] = _or_default(parts, api, found, "$default" if protocol == "HTTP" else DEFAULT_STAGE)
    return (replace(assumed, auto_deploy=True),)


def _v2_stage(parts: Parts, name: str, cursor: Cursor, source: Source) -> Stage:
    context = parts.context
    variables = {key: each.text for key, each in context.mapping(cursor, "StageVariables")}
    routes = context.mapping(cursor, "RouteSettings")
    default = cursor.get("DefaultRouteSettings")
    return Stage(
        name,
        {**variables, **_options_variables(parts)},
        source,
        access_log=_access_log(parts, cursor.get("AccessLogSettings")),
        client_certificate=context.text(cursor, "ClientCertificateId"),
        deployment=context.text(cursor, "DeploymentId"),
        description=context.text(cursor, "Description"),
        default_route_settings=_route_settings(parts, default) if default else None,
        route_settings={key: _route_settings(parts, each) for key, each in routes},
        auto_deploy=bool(context.flag(cursor, "AutoDeploy")),
    )


def _quick_stage(parts: Parts, api: Part) -> Stage:
    """The `$default` stage that quick create makes, with what the template overrides of it."""
    cursor = overrides_of(parts, api, "Stage")
    if cursor is None:
        return Stage("$default", _options_variables(parts), api.source, auto_deploy=True)
    stage = _v2_stage(parts, "$default", cursor, cursor.source)
    return stage if cursor.get("AutoDeploy") is not None else replace(stage, auto_deploy=True)


def overrides_of(parts: Parts, api: Part, name: str) -> Cursor | None:
    """What a template changes of the Integration, Route or Stage of quick create."""
    for part in parts.of_api(api.id, f"{V2}ApiGatewayManagedOverrides"):
        holder = part.cursor.get(name)
        if holder is not None and holder.is_map:
            return holder
    return None


def _check_deployed(parts: Parts, found: dict[str, Stage], protocol: str) -> None:
    """What such a stage of a WebSocket API says to who connects, nobody recorded."""
    then = "every request is answered 404" if protocol == "HTTP" else "nobody can connect"
    for stage in found.values():
        if not stage.auto_deploy and stage.deployment is None:
            message = f"nothing is deployed to stage {stage.name}: {then}"
            remedy = "Set AutoDeploy: true, or DeploymentId to a deployment."
            parts.template.notes.warning("not-deployed", message, stage.source, remedy)


def _route_settings(parts: Parts, cursor: Cursor) -> RouteSettings:
    context = parts.context
    return RouteSettings(
        source=cursor.source,
        throttle=throttle_of(parts, cursor, "ThrottlingRateLimit", "ThrottlingBurstLimit"),
        detailed_metrics_enabled=context.flag(cursor, "DetailedMetricsEnabled"),
        logging_level=cast("Any", choice(parts, cursor, "LoggingLevel", _LEVELS)),
        data_trace_enabled=context.flag(cursor, "DataTraceEnabled"),
    )

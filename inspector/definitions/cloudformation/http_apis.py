"""AWS::ApiGatewayV2::Api of protocol HTTP, with routes, integrations and authorizers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from inspector.definitions.bundle import BasePathMode
from inspector.definitions.cloudformation.http_rules import check_parts
from inspector.definitions.cloudformation.included import body_of
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice, read_v2_stages
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import AMAZONS_WARNINGS, Diagnostic
from inspector.definitions.http_api_rules import check_cors, check_quotas
from inspector.definitions.http_integration_rules import (
    CLOUDFORMATION,
    ONLY_PROXIES,
    check_http_integration,
    where_in,
    whole,
)
from inspector.definitions.nodes import Document, Node
from inspector.definitions.openapi.document import read_document
from inspector.definitions.route_keys import check_route_key
from inspector.definitions.template_lines import line_holding
from inspector.gateway.http_api import access_log
from inspector.model import (
    HTTP_TIMEOUT_MS,
    Cors,
    HttpApi,
    HttpApiIntegration,
    HttpAuthorizer,
    HttpRequestAuthorizer,
    JwtAuthorizer,
    ParameterMapping,
    Route,
    Stage,
)

_PAYLOADS = ("1.0", "2.0")
#: Warnings of an import that Amazon gives, too.
_FAILING = AMAZONS_WARNINGS | {"integration-type", "missing-scheme", "resource-path"}
_MODES: tuple[BasePathMode, ...] = ("ignore", "prepend", "split")
_QUICK = "quick-create"
#: Properties that may not stand beside a Body.
_REDUNDANT = ("Name", "ProtocolType", "CorsConfiguration", "Target", "RouteKey")


def read_http_apis(parts: Parts) -> tuple[HttpApi, ...]:
    """Every HTTP API that is created."""
    return tuple(
        _api(parts, part)
        for part in parts.of_type(f"{V2}Api")
        if (parts.text(part, "ProtocolType") or "HTTP").upper() == "HTTP"
    )


def _api(parts: Parts, part: Part) -> HttpApi:
    own = _declared(parts, part)
    body = body_of(parts, part)
    imported = None if body is None else _imported(parts, part, body)
    api = own if imported is None else _merged(imported, own)
    check_parts(parts, part, api)
    check_quotas(api, parts.template.notes)
    return api


def _merged(imported: HttpApi, own: HttpApi) -> HttpApi:
    """What is declared beside the body is made after it is imported."""
    return replace(
        own,
        name=imported.name,
        version=imported.version,
        description=imported.description,
        routes={**imported.routes, **own.routes},
        integrations={**imported.integrations, **own.integrations},
        authorizers={**imported.authorizers, **own.authorizers},
        cors=imported.cors or own.cors,
    )


def _imported(parts: Parts, part: Part, body: Node) -> HttpApi | None:
    """What the Body says; the sentence on fields beside it is Amazon's (aws/aws-cdk#15754)."""
    template = parts.template
    redundant = [name for name in _REDUNDANT if part.cursor.get(name) is not None]
    if redundant:
        message = (
            f"Redundant fields {redundant} provided when either Body or BodyS3Location is not empty"
        )
        remedy = "Say it in the document (info.title, x-amazon-apigateway-cors)."
        template.notes.warning("redundant-fields", message, part.source, remedy)
    whole = template.workshop.document
    document = Document(whole.file, whole.text, body, (), whole.origins)
    asked = choice(parts, part.cursor, "BasePath", _MODES)
    mode = next((each for each in _MODES if each == asked), template.options.base_path_mode)
    options = replace(
        template.options,
        base_path_mode=mode,
        api_id=part.id,
        account=template.account,
        region=template.region,
        api_type="http",
    )
    before = len(template.notes.found)
    api = read_document(document, options, template.notes)
    if parts.context.flag(part.cursor, "FailOnWarnings"):
        _fail(parts, part, template.notes.found[before:])
    return api if isinstance(api, HttpApi) else None


def _fail(parts: Parts, part: Part, found: tuple[Diagnostic, ...]) -> None:
    """An API that is not to be made where its import has warnings (of Amazon's, not of ours)."""
    told = [each.message for each in found if each.code in _FAILING and each.level == "warning"]
    holder = part.cursor.get("FailOnWarnings")
    if told and holder is not None:
        message = f"Warnings found during import: {'; '.join(told)}"
        remedy = "Mend what is warned of, or set FailOnWarnings: false."
        parts.template.notes.error("fail-on-warnings", message, holder.source, remedy)


def _declared(parts: Parts, part: Part) -> HttpApi:
    """What the template's own routes, integrations and authorizers make."""
    integrations = {
        each.id: _integration(parts, each)
        for each in parts.of_api(part.id, f"{V2}Integration")
        if _is_proxy(parts, each)
    }
    routes = read_routes(parts, part)
    keys = {
        named.text: named.source
        for each in parts.of_api(part.id, f"{V2}Route")
        if (named := each.cursor.get("RouteKey")) is not None
    }
    for key, route in routes.items():
        check_route_key(key, keys.get(key, route.source), parts.template.notes)
    _quick_create(parts, part, integrations, routes)
    _check_integrations(parts, integrations)
    return HttpApi(
        id=part.id,
        name=parts.text(part, "Name") or part.logical_id,
        source=part.source,
        account=parts.template.account,
        region=parts.template.region,
        version=parts.text(part, "Version"),
        description=parts.text(part, "Description"),
        routes=routes,
        integrations=integrations,
        authorizers=_authorizers(parts, part),
        cors=_cors(parts, part),
        stages=_stages(parts, part),
        disable_execute_api_endpoint=bool(
            parts.context.flag(part.cursor, "DisableExecuteApiEndpoint")
        ),
    )


def _check_integrations(parts: Parts, integrations: Mapping[str, HttpApiIntegration]) -> None:
    """What is wrong with each, told by the name that the template gives it."""
    for each in integrations.values():
        part = parts.by_id(each.id, f"{V2}Integration")
        name, where = each.id, whole(each.source)
        if part is not None:
            name, where = part.logical_id, where_in(part.cursor, CLOUDFORMATION, part.source)
        check_http_integration(each, name, parts.template.notes, where)


def _stages(parts: Parts, part: Part) -> tuple[Stage, ...]:
    """The stages, the formats of their access logs looked at."""
    stages = read_v2_stages(parts, part)
    for stage in stages:
        log = stage.access_log
        wrong = access_log.complaint(log.format) if log is not None and log.format else None
        if log is not None and log.format is not None and wrong is not None:
            remedy = "See the guide's list of logging variables for HTTP APIs."
            text = parts.template.workshop.document.text
            word = next(iter(access_log.unknown(log.format)), ".requestId")
            source = line_holding(text, log.source, word)
            parts.template.notes.error("access-log-format", wrong, source, remedy)
    return stages


def _quick_create(
    parts: Parts,
    part: Part,
    integrations: dict[str, HttpApiIntegration],
    routes: dict[str, Route],
) -> None:
    """`Target` makes an integration, a route (`$default` unless RouteKey) and a `$default` stage."""
    target = part.cursor.get("Target")
    if target is None:
        return
    function = target.text.startswith("arn:")
    integrations[_QUICK] = HttpApiIntegration(
        id=_QUICK,
        type="AWS_PROXY" if function else "HTTP_PROXY",
        source=target.source,
        uri=target.text,
        method="POST" if function else "ANY",
        payload_version="2.0" if function else "1.0",
        credentials=parts.text(part, "CredentialsArn"),
    )
    key = parts.text(part, "RouteKey") or "$default"
    routes[key] = Route(id=_QUICK, key=key, source=target.source, integration=_QUICK)


def read_routes(parts: Parts, api: Part) -> dict[str, Route]:
    """Routes by key, of HTTP and WebSocket APIs."""
    found: dict[str, Route] = {}
    for part in parts.of_api(api.id, f"{V2}Route"):
        key = parts.text(part, "RouteKey") or ""
        if key in found:
            message = f"Route with key {key} already exists for this API"
            named = part.cursor.get("RouteKey")
            source = part.source if named is None else named.source
            parts.template.notes.error("same-route", message, source, "Remove one of them.")
        found[key] = _route(parts, part, key)
    return found


def _route(parts: Parts, part: Part, key: str) -> Route:
    context, cursor = parts.context, part.cursor
    target = cursor.get("Target")
    integration = target.text.removeprefix("integrations/") if target is not None else None
    if target is not None and parts.by_id(integration, f"{V2}Integration") is None:
        message = f"Invalid integration identifier specified: {target.text}"
        remedy = "Write Target: !Sub integrations/${Integration}."
        parts.template.notes.error("unknown-reference", message, target.source, remedy)
    authorizer = parts.by_id(parts.text(part, "AuthorizerId"), f"{V2}Authorizer")
    names = authorizer_names(parts, parts.text(part, "ApiId") or "")
    named = cursor.get("AuthorizerId")
    if named is not None and authorizer is None:
        message = f"Invalid authorizer identifier specified: {named.text}"
        parts.template.notes.error("unknown-reference", message, named.source, "Write !Ref of one.")
    kinds = ("NONE", "AWS_IAM", "CUSTOM", "JWT")
    kind = choice(parts, cursor, "AuthorizationType", kinds) or "NONE"
    models = context.mapping(cursor, "RequestModels")
    responses = tuple(
        parts.text(each, "RouteResponseKey") or "$default"
        for each in parts.of_type(f"{V2}RouteResponse")
        if parts.text(each, "RouteId") == part.id
    )
    return Route(
        id=part.id,
        key=key,
        source=part.source,
        integration=integration,
        authorization_type=cast("Any", kind),
        authorizer=names.get(authorizer.id) if authorizer is not None else None,
        authorization_scopes=context.texts(cursor, "AuthorizationScopes"),
        api_key_required=bool(context.flag(cursor, "ApiKeyRequired")),
        operation_name=context.text(cursor, "OperationName"),
        route_response_selection=context.text(cursor, "RouteResponseSelectionExpression"),
        model_selection=context.text(cursor, "ModelSelectionExpression"),
        request_models={name: value.text for name, value in models},
        responses=responses,
    )


def _is_proxy(parts: Parts, part: Part) -> bool:
    """Whether the integration's type is one that HTTP APIs have; noted where it is not."""
    holder = part.cursor.get("IntegrationType")
    if holder is None or holder.text not in ("AWS", "HTTP", "MOCK"):
        return True
    remedy = "Use AWS_PROXY (with a subtype for a service of AWS) or HTTP_PROXY."
    parts.template.notes.error("integration-type", ONLY_PROXIES, holder.source, remedy)
    return False


def _integration(parts: Parts, part: Part) -> HttpApiIntegration:
    context, cursor = parts.context, part.cursor
    kind = choice(parts, cursor, "IntegrationType", ("AWS_PROXY", "HTTP_PROXY")) or "HTTP_PROXY"
    tls = cursor.get("TlsConfig")
    subtype = parts.text(part, "IntegrationSubtype")
    context.unenforced_of(cursor, "CredentialsArn" if subtype else None, "ConnectionId")
    responses = context.mapping(cursor, "ResponseParameters")
    timeout = context.integer(cursor, "TimeoutInMillis")
    connection = choice(parts, cursor, "ConnectionType", ("INTERNET", "VPC_LINK"))
    payload = choice(parts, cursor, "PayloadFormatVersion", _PAYLOADS)
    return HttpApiIntegration(
        id=part.id,
        type=cast("Any", kind),
        source=part.source,
        uri=parts.text(part, "IntegrationUri"),
        method=parts.text(part, "IntegrationMethod"),
        subtype=subtype,
        payload_version=cast("Any", payload or "1.0"),
        request_parameters=mappings(cursor.get("RequestParameters")),
        response_parameters={
            status: _response_mappings(parts, value) for status, value in responses
        },
        timeout_ms=HTTP_TIMEOUT_MS if timeout is None else timeout,
        tls_server_name=context.text(tls, "ServerNameToVerify") if tls is not None else None,
        connection_type=cast("Any", connection or "INTERNET"),
        connection_id=parts.text(part, "ConnectionId"),
        credentials=parts.text(part, "CredentialsArn"),
        description=parts.text(part, "Description"),
    )


def mappings(holder: Cursor | None) -> tuple[ParameterMapping, ...]:
    """Target and expression of each entry of a mapping."""
    if holder is None:
        return ()
    return tuple(
        ParameterMapping(target, value.text, value.source) for target, value in holder.entries()
    )


def _response_mappings(parts: Parts, value: Cursor) -> tuple[ParameterMapping, ...]:
    """A mapping, or the reference's list of `{Destination, Source}` under ResponseParameters."""
    listed = value.get("ResponseParameters")
    if listed is None or not listed.is_list:
        return mappings(value)
    return tuple(
        ParameterMapping(
            parts.context.text(item, "Destination") or "",
            parts.context.text(item, "Source") or "",
            item.source,
        )
        for item in listed.items()
    )


def _authorizers(parts: Parts, api: Part) -> dict[str, HttpAuthorizer]:
    found: dict[str, HttpAuthorizer] = {}
    names = authorizer_names(parts, api.id)
    for part in parts.of_api(api.id, f"{V2}Authorizer"):
        name = names[part.id]
        kind = choice(parts, part.cursor, "AuthorizerType", ("JWT", "REQUEST"))
        jwt = part.cursor.get("JwtConfiguration")
        _check_settings(parts, part, kind)
        if kind == "JWT":
            found[name] = JwtAuthorizer(
                name=name,
                source=part.source,
                identity_source=parts.context.texts(part.cursor, "IdentitySource"),
                issuer=(parts.context.text(jwt, "Issuer") if jwt is not None else None) or "",
                audience=parts.context.texts(jwt, "Audience") if jwt is not None else (),
            )
        elif kind == "REQUEST":
            found[name] = request_authorizer(parts, part, name)
    return found


def _check_settings(parts: Parts, part: Part, kind: str | None) -> None:
    """An authorizer wants what its type checks with; without it nobody could ever pass."""
    wanted = {"JWT": "JwtConfiguration", "REQUEST": "AuthorizerUri"}.get(kind or "")
    given = part.cursor.get("AuthorizerType")
    if wanted is None or given is None or part.cursor.get(wanted) is not None:
        return
    message = f"{part.logical_id}: an authorizer of type {kind} needs {wanted}"
    remedy = f"Add {wanted}, or correct the type."
    parts.template.notes.error("authorizer", message, given.source, remedy)


def authorizer_names(parts: Parts, api_id: str) -> dict[str, str]:
    """What each authorizer is called here, by its id: its name, where no other has the same."""
    found: dict[str, str] = {}
    for part in parts.of_api(api_id, f"{V2}Authorizer"):
        name = parts.text(part, "Name") or part.logical_id
        found[part.id] = part.logical_id if name in found.values() else name
    return found


def request_authorizer(parts: Parts, part: Part, name: str) -> HttpRequestAuthorizer:
    """A Lambda authorizer of an HTTP or WebSocket API."""
    payload = choice(parts, part.cursor, "AuthorizerPayloadFormatVersion", _PAYLOADS)
    return HttpRequestAuthorizer(
        name=name,
        source=part.source,
        uri=parts.text(part, "AuthorizerUri") or "",
        identity_source=parts.context.texts(part.cursor, "IdentitySource"),
        payload_version=cast("Any", payload or "1.0"),
        simple_responses=bool(parts.context.flag(part.cursor, "EnableSimpleResponses")),
        ttl_seconds=parts.context.integer(part.cursor, "AuthorizerResultTtlInSeconds"),
        credentials=parts.text(part, "AuthorizerCredentialsArn"),
    )


def _cors(parts: Parts, part: Part) -> Cors | None:
    cors = read_cors(parts, part.cursor.get("CorsConfiguration"))
    if cors is not None:
        check_cors(cors, parts.template.notes)
    return cors


def read_cors(parts: Parts, holder: Cursor | None, *, methods: tuple[str, ...] = ()) -> Cors | None:
    """The CORS configuration of an HTTP API or of a function URL; `methods` where it names none."""
    if holder is None or not holder.is_map:
        return None
    context = parts.context
    return Cors(
        source=holder.source,
        allow_origins=context.texts(holder, "AllowOrigins"),
        allow_methods=context.texts(holder, "AllowMethods") or methods,
        allow_headers=context.texts(holder, "AllowHeaders"),
        expose_headers=context.texts(holder, "ExposeHeaders"),
        allow_credentials=bool(context.flag(holder, "AllowCredentials")),
        max_age=context.integer(holder, "MaxAge"),
    )

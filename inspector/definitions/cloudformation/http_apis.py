"""AWS::ApiGatewayV2::Api of protocol HTTP, with routes, integrations and authorizers."""

from __future__ import annotations

from dataclasses import replace

from inspector.definitions.bundle import BasePathMode
from inspector.definitions.cloudformation.http_authorizers import read_authorizers
from inspector.definitions.cloudformation.http_integrations import (
    check_integrations,
    read_integrations,
)
from inspector.definitions.cloudformation.http_rules import check_parts
from inspector.definitions.cloudformation.included import body_of
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.quick_create import quick_create
from inspector.definitions.cloudformation.stages import V2, choice, read_v2_stages
from inspector.definitions.cloudformation.v2_routes import read_routes
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import AMAZONS_WARNINGS, Diagnostic
from inspector.definitions.http_api_rules import check_cors, check_quotas
from inspector.definitions.nodes import Document, Node
from inspector.definitions.openapi.document import read_document
from inspector.definitions.route_keys import check_route_key
from inspector.definitions.template_lines import line_holding
from inspector.gateway.http_api import access_log
from inspector.model import Cors, HttpApi, Stage

#: Warnings of an import that Amazon gives, too.
_FAILING = AMAZONS_WARNINGS | {
    "authorizer-refused", "integration-type", "missing-scheme", "resource-path",
}  # fmt: skip
_MODES: tuple[BasePathMode, ...] = ("ignore", "prepend", "split")
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
    api = own if imported is None else _merged(parts, imported, own)
    check_parts(parts, part, api)
    check_quotas(api, parts.template.notes)
    return api


def _merged(parts: Parts, imported: HttpApi, own: HttpApi) -> HttpApi:
    """What is declared beside the body is made after it is imported."""
    for key, route in own.routes.items():
        if key in imported.routes:
            message = f"Route with key {key} already exists for this API"
            remedy = "The API's Body has it, too: remove one of them."
            parts.template.notes.error("same-route", message, route.source, remedy)
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
    integrations = read_integrations(parts, part)
    routes = read_routes(parts, part)
    keys = {
        named.text: named.source
        for each in parts.of_api(part.id, f"{V2}Route")
        if (named := each.cursor.get("RouteKey")) is not None
    }
    for key, route in routes.items():
        check_route_key(key, keys.get(key, route.source), parts.template.notes)
    quick_create(parts, part, integrations, routes)
    check_integrations(parts, integrations)
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
        authorizers=read_authorizers(parts, part),
        cors=_cors(parts, part),
        stages=_stages(parts, part),
        disable_execute_api_endpoint=bool(
            parts.context.flag(part.cursor, "DisableExecuteApiEndpoint")
        ),
    )


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

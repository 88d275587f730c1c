"""An OpenAPI 3.0 document to an HttpApi.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

from inspector.definitions.bundle import DEFAULT_ACCOUNT, Options
from inspector.definitions.cursor import Cursor
from inspector.definitions.http_api_rules import check_cors, check_quotas
from inspector.definitions.openapi.base_path import BasePath
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.endpoint import endpoint_configuration
from inspector.definitions.openapi.http_routes import read_routes
from inspector.definitions.openapi.http_security import HttpSecurity
from inspector.definitions.openapi.settings import read_info
from inspector.model import Cors, HttpApi, Stage

_PREFIX = "x-amazon-apigateway-"
#: Parts of a document of a REST API that have no meaning here; Amazon ignores them.
_OF_REST = (
    "api-key-source",
    "binary-media-types",
    "gateway-responses",
    "minimum-compression-size",
    "policy",
    "request-validator",
    "request-validators",
)
DEFAULT_STAGE = "$default"


def read_http_document(
    context: Context, options: Options, base_path: BasePath, region: str
) -> HttpApi:
    """The API with one stage: the one that is asked for, an export's own, else `$default`."""
    _check_version(context)
    _note_ignored(context)
    security = HttpSecurity.of(context)
    prefix = base_path.prefix(options.base_path_mode)
    routes, integrations = read_routes(context, security, prefix)
    if not routes:
        message = "The HTTP API has no routes"
        remedy = "Add paths with methods; without, every request is answered 404."
        context.notes.error("no-methods", message, context.root.source, remedy)
    api = HttpApi(
        id=context.api_id,
        source=context.root.source,
        account=options.account or DEFAULT_ACCOUNT,
        region=region,
        routes=routes,
        integrations=integrations,
        authorizers=security.authorizers,
        cors=read_cors(context, context.root.get(f"{_PREFIX}cors")),
        stages=(_stage(base_path, options),),
        disable_execute_api_endpoint=_disabled(context),
        **read_info(context),
    )
    check_quotas(api, context.notes)
    return api


def _stage(base_path: BasePath, options: Options) -> Stage:
    exported = base_path.stage(options.base_path_mode) if base_path.execute_api else None
    name = options.stage or exported or DEFAULT_STAGE
    return Stage(name, dict(options.stage_variables), base_path.source, auto_deploy=True)


def read_cors(context: Context, holder: Cursor | None) -> Cors | None:
    """`x-amazon-apigateway-cors`."""
    if holder is None or holder.is_null:
        return None
    if not holder.is_map:
        context.wrong_type(holder, "a mapping")
        return None
    cors = Cors(
        source=holder.source,
        allow_origins=context.texts(holder, "allowOrigins"),
        allow_methods=context.texts(holder, "allowMethods"),
        allow_headers=context.texts(holder, "allowHeaders"),
        expose_headers=context.texts(holder, "exposeHeaders"),
        allow_credentials=bool(context.flag(holder, "allowCredentials")),
        max_age=context.integer(holder, "maxAge"),
    )
    check_cors(cors, context.notes)
    return cors


def _disabled(context: Context) -> bool:
    holder = endpoint_configuration(context)
    return bool(holder and context.flag(holder, "disableExecuteApiEndpoint"))


def _check_version(context: Context) -> None:
    """HTTP APIs import OpenAPI 3.0, by the first version of the import's algorithm (guide)."""
    swagger = context.root.get("swagger")
    if swagger is not None:
        message = "HTTP APIs support only the OpenAPI 3.0 specification"
        remedy = "Convert the document to OpenAPI 3.0, or read it as a REST API (--type rest)."
        context.notes.error("openapi-version", message, swagger.source, remedy)
    algorithm = context.root.get(f"{_PREFIX}importexport-version")
    if algorithm is not None and algorithm.text not in ("1.0", "1"):
        message = f"{_PREFIX}importexport-version knows no {algorithm.text!r}"
        context.notes.warning("importexport-version", message, algorithm.source, 'Write "1.0".')


def _note_ignored(context: Context) -> None:
    for name in _OF_REST:
        holder = context.root.get(f"{_PREFIX}{name}")
        if holder is not None:
            message = f"{_PREFIX}{name} has no meaning for an HTTP API; Amazon ignores it"
            context.notes.info("ignored-by-http", message, holder.key_source)

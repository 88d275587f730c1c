"""An OpenAPI or Swagger document to a RestApi, or to an HttpApi where it describes one."""

from __future__ import annotations

import hashlib
import re

from inspector.definitions.bundle import DEFAULT_ACCOUNT, DEFAULT_REGION, Options
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes
from inspector.definitions.nodes import Document
from inspector.definitions.openapi.aws_variables import resolved
from inspector.definitions.openapi.base_path import BasePath, read_base_path
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.dialect import find_dialect
from inspector.definitions.openapi.extensions import check_extensions
from inspector.definitions.openapi.gateway_responses import read_gateway_responses
from inspector.definitions.openapi.http_document import read_http_document
from inspector.definitions.openapi.kind import kind_of
from inspector.definitions.openapi.methods import Declared
from inspector.definitions.openapi.paths import base36, read_resources
from inspector.definitions.openapi.schemas import Schemas
from inspector.definitions.openapi.security import Security
from inspector.definitions.openapi.settings import read_settings
from inspector.definitions.openapi.validators import Validators
from inspector.model import HttpApi, RestApi, Stage

DEFAULT_STAGE = "dev"


def read_document(
    document: Document, options: Options, notes: Notes, taken: frozenset[str] = frozenset()
) -> RestApi | HttpApi | None:
    """The API, None (with errors noted) if this is no document of one.

    `taken` are the ids of the other APIs loaded with it, which this one must differ from.
    """
    root = Cursor.root(document)
    dialect = find_dialect(root, notes)
    if dialect is None:
        return None
    swagger = dialect == "swagger"
    base_path = read_base_path(Context(root, notes, "", swagger))
    api_id, region = _identity(root, base_path, options, taken)
    root = Cursor.root(resolved(document, options.account or DEFAULT_ACCOUNT, region))
    context = Context(root, notes, api_id, swagger)
    _check_keys(context)
    if kind_of(root, options, swagger=swagger) == "http":
        return read_http_document(context, options, base_path, region)
    _check_servers(context)
    settings = read_settings(context)
    declared = Declared(Schemas(context), Security.of(context), Validators.of(context))
    resources = read_resources(context, declared, base_path.prefix(options.base_path_mode))
    if not any(resource.methods for resource in resources):
        message = "The REST API doesn't contain any methods"
        remedy = "Add paths with methods; Amazon imports this but refuses to deploy it."
        notes.error("no-methods", message, resources[0].source, remedy)
    return RestApi(
        id=api_id,
        source=root.source,
        account=options.account or DEFAULT_ACCOUNT,
        region=region,
        resources=resources,
        stages=(_stage(base_path, options),),
        gateway_responses=read_gateway_responses(context),
        models=declared.schemas.models,
        validators=declared.validators.declared,
        authorizers=declared.security.authorizers,
        **settings,
    )


def _check_servers(context: Context) -> None:
    """In Amazon's words, as its console shows them for an import."""
    servers = context.root.get("servers") if not context.swagger else None
    more = list(servers.items())[1:] if servers is not None else []
    if more:
        message = (
            "More than one server provided. "
            "Ignoring all but the first for defining endpoint configuration"
        )
        remedy = "Keep the server that the API is to be: it gives the base path."
        context.notes.warning("many-servers", message, more[0].source, remedy)


def _identity(
    root: Cursor, base_path: BasePath, options: Options, taken: frozenset[str]
) -> tuple[str, str]:
    """API id and region: set by the user, else those of an exported document, else derived."""
    own = base_path.execute_api
    region = options.region or (own[1] if own else DEFAULT_REGION)
    if options.api_id and options.api_id not in taken:
        return options.api_id, region
    if own and own[0] not in taken:
        return own[0], region
    info = root.get("info")
    title = info.get("title") if info is not None else None
    name = re.split(r"[\\/]", root.document.file)[-1]
    for attempt in range(1000):
        seed = f"{title.text if title else ''}\n{name}\n{attempt or ''}"
        found = base36(hashlib.sha256(seed.encode("utf-8", "replace")).digest(), 10)
        if found not in taken:
            break
    return found, region


def _stage(base_path: BasePath, options: Options) -> Stage:
    suggested = base_path.stage(options.base_path_mode)
    name = options.stage or suggested or DEFAULT_STAGE
    return Stage(name, dict(options.stage_variables), base_path.source)


def _check_keys(context: Context) -> None:
    """Amazon's extension keys outside the paths; operations and path items check their own."""
    root, notes = context.root, context.notes
    check_extensions(root, "document", notes)
    components = root.get("components")
    if components is not None:
        check_extensions(components, "components", notes)
    holder = root if context.swagger else components
    key = "securityDefinitions" if context.swagger else "securitySchemes"
    for _, scheme in context.mapping(holder, key) if holder is not None else ():
        check_extensions(scheme, "security scheme", notes)
    tags = root.get("tags")
    for tag in tags.items() if tags is not None else ():
        check_extensions(tag, "tag", notes)

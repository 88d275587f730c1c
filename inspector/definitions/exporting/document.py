"""The document as a whole: what GetExport answers, its type and its file name.

Sources: facts 281 to 284 (recorded for both dialects, with integrations and without); API
reference, GetExport (`extensions`: `integrations`, `authorizers`, `apigateway` for all). Where
there is nothing recorded (models, headers, security, gateway responses, validators) the form is
that of the guide's samples of exported documents.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Literal

from inspector.definitions.exporting import methods, security, settings
from inspector.definitions.exporting.dialect import Dialect
from inspector.definitions.exporting.exported import Exported
from inspector.model import RestApi

ExportType = Literal["oas30", "swagger"]
#: What may be exported beside what the specification knows.
EXTENSIONS = ("apigateway", "integrations", "authorizers")


def export(
    api: RestApi,
    stage: str,
    kind: ExportType,
    *,
    extensions: Collection[str] = (),
    now_ms: int = 0,
    suffix: str = "json",
) -> Exported:
    """The API as deployed to `stage`. `now_ms` dates a document that has no version."""
    version = api.version or datetime.fromtimestamp(now_ms / 1000, UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    everything = "apigateway" in extensions
    dialect = Dialect(
        swagger=kind == "swagger",
        integrations=everything or "integrations" in extensions,
        authorizers=everything or "authorizers" in extensions,
    )
    found: dict[str, Any] = _head(api, stage, version, dialect)
    found["paths"] = {
        resource.path: {
            methods.key_of(verb): methods.operation(method, dialect)
            for verb, method in resource.methods.items()
        }
        for resource in api.resources
        if resource.methods
    }
    found |= _named(api, dialect)
    if everything:
        found |= settings.extensions_of(api)
        endpoint = settings.endpoint_of(api)
        (found if dialect.swagger else found["servers"][0]).update(endpoint)
    return Exported(found, f"{kind}_{version}.{suffix}")


def _head(api: RestApi, stage: str, version: str, dialect: Dialect) -> dict[str, Any]:
    info = {"title": api.name}
    if api.description:
        info["description"] = api.description
    info["version"] = version
    if dialect.swagger:
        return {
            "swagger": "2.0",
            "info": info,
            "host": api.host,
            "basePath": f"/{stage}",
            "schemes": ["https"],
        }
    server = {
        "url": f"https://{api.host}/{{basePath}}",
        "variables": {"basePath": {"default": stage}},
    }
    return {"openapi": "3.0.1", "info": info, "servers": [server]}


def _named(api: RestApi, dialect: Dialect) -> dict[str, Any]:
    """Schemas and security schemes; OpenAPI's `components` are there when they are empty (282)."""
    schemas = {name: dialect.schema(model.schema) for name, model in api.models.items()}
    schemes = security.schemes(api, dialect)
    if not dialect.swagger:
        parts = {"schemas": schemas, "securitySchemes": schemes}
        return {"components": {name: part for name, part in parts.items() if part}}
    parts = {"securityDefinitions": schemes, "definitions": schemas}
    return {name: part for name, part in parts.items() if part}

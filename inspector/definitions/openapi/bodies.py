"""Request and response bodies: the models a method declares for them."""

from __future__ import annotations

import re

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.schemas import Schemas
from inspector.model import MethodResponse

_STATUS = re.compile(r"[1-5]\d\d\Z")
_JSON = ("application/json",)


def read_request_models(
    context: Context, schemas: Schemas, operation: Cursor, body: Cursor | None
) -> dict[str, str]:
    """Model names by media type, from `requestBody` or Swagger's `in: body` (fact 271)."""
    if context.swagger:
        schema = body.get("schema") if body is not None else None
        name = schemas.name_of(schema) if schema is not None else None
        if name is None:
            return {}
        return dict.fromkeys(_media_types(context, operation, "consumes"), name)
    request = operation.get("requestBody")
    resolved = context.resolve(request) if request is not None else None
    return _content_models(context, schemas, resolved) if resolved is not None else {}


def read_method_responses(
    context: Context, schemas: Schemas, operation: Cursor
) -> dict[str, MethodResponse]:
    """The responses that name a status; `default` and ranges have no counterpart."""
    found: dict[str, MethodResponse] = {}
    for status, entry in context.mapping(operation, "responses"):
        cursor = context.resolve(entry)
        if cursor is None or status.startswith("x-"):
            continue
        if not _STATUS.match(status):
            message = f"the response {status!r} names no status and declares no method response"
            remedy = "Write statuses such as 200; the integration's responses are another thing."
            context.notes.info("response-status", message, entry.key_source, remedy)
            continue
        headers = (
            f"method.response.header.{name}" for name, _ in context.mapping(cursor, "headers")
        )
        models = _response_models(context, schemas, operation, cursor)
        found[status] = MethodResponse(status, tuple(headers), models, entry.key_source)
    return found


def _response_models(
    context: Context, schemas: Schemas, operation: Cursor, response: Cursor
) -> dict[str, str]:
    if not context.swagger:
        return _content_models(context, schemas, response)
    schema = response.get("schema")
    name = schemas.name_of(schema) if schema is not None else None
    return dict.fromkeys(_media_types(context, operation, "produces"), name) if name else {}


def _content_models(context: Context, schemas: Schemas, holder: Cursor) -> dict[str, str]:
    found: dict[str, str] = {}
    for media_type, entry in context.mapping(holder, "content"):
        schema = entry.get("schema")
        name = schemas.name_of(schema) if schema is not None else None
        if name is not None:
            found[media_type] = name
    return found


def _media_types(context: Context, operation: Cursor, key: str) -> tuple[str, ...]:
    own = operation.get(key)
    return context.texts(operation if own is not None else context.root, key) or _JSON

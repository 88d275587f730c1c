"""The `responses` of an integration: how the backend's answer becomes the method's."""

from __future__ import annotations

import re
from typing import cast

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.place import Place
from inspector.definitions.openapi.templates import read_parameters, read_templates
from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern
from inspector.model import IntegrationResponse
from inspector.model.integration import ContentHandling

_STATUS = re.compile(r"[1-5]\d\d\Z")


def read_responses(
    context: Context, integration: Cursor, place: Place
) -> tuple[IntegrationResponse, ...]:
    """In the order written; the key is the selection pattern, `default` has none (fact 266)."""
    found: dict[str, IntegrationResponse] = {}
    for pattern, cursor in context.mapping(integration, "responses"):
        response = _read(context, pattern, cursor, place)
        if response is None:
            continue
        earlier = next((old for old in found.values() if old.status == response.status), None)
        if earlier is not None:
            message = f"a second integration response for the status {response.status}"
            remedy = "Amazon keeps one for each status, and which is not documented; join them."
            context.notes.warning("same-status", message, cursor.key_source, remedy)
        if pattern != "default":
            _check_pattern(context, pattern, cursor)
        found[pattern] = response
    return tuple(found.values())


def _check_pattern(context: Context, pattern: str, cursor: Cursor) -> None:
    try:
        JavaPattern(pattern)
    except JavaError as error:
        message = f"the selection pattern {pattern!r} matches nothing: {error}"
        remedy = "Correct it: selection patterns are regular expressions of Java."
        context.notes.warning("selection-pattern", message, cursor.key_source, remedy)


def _read(
    context: Context, pattern: str, cursor: Cursor, place: Place
) -> IntegrationResponse | None:
    if not cursor.is_map:
        context.wrong_type(cursor, "an integration response")
        return None
    status = context.text(cursor, "statusCode") or ""
    if not _STATUS.match(status):
        reason = f"statusCode '{status}' must match [1-5]\\d\\d"
        message = place.unable("put integration response", reason)
        remedy = 'Give it a statusCode such as "200".'
        given = cursor.get("statusCode")
        source = cursor.source if given is None else given.source
        context.notes.error("integration-response-status", message, source, remedy)
        return None
    handling = (context.text(cursor, "contentHandling") or "").upper()
    known = handling in ("CONVERT_TO_TEXT", "CONVERT_TO_BINARY")
    return IntegrationResponse(
        status=status,
        selection_pattern=None if pattern == "default" else pattern,
        parameters=read_parameters(context, cursor, "responseParameters", place),
        templates=read_templates(context, cursor, "responseTemplates"),
        content_handling=cast("ContentHandling", handling) if known else None,
        source=cursor.source,
    )

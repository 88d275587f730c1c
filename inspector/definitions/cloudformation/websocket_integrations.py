"""Integrations of WebSocket APIs, with their responses and templates."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cloudformation.http_integrations import mappings
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice
from inspector.definitions.openapi.templates import read_templates
from inspector.gateway.http_api.deploy import function_in
from inspector.model import (
    DEFAULT_TIMEOUT_MS,
    WebSocketIntegration,
    WebSocketIntegrationResponse,
)

TYPES = ("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")
_HANDLINGS = ("CONVERT_TO_BINARY", "CONVERT_TO_TEXT")
_PASSTHROUGH = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")


def read_integrations(parts: Parts, api: Part) -> dict[str, WebSocketIntegration]:
    """The integrations of an API by id."""
    responses = _responses(parts, api)
    return {
        each.id: _integration(parts, each, tuple(responses.get(each.id, {}).values()))
        for each in parts.of_api(api.id, f"{V2}Integration")
    }


def _integration(
    parts: Parts, part: Part, responses: tuple[WebSocketIntegrationResponse, ...]
) -> WebSocketIntegration:
    context, cursor = parts.context, part.cursor
    kind = choice(parts, cursor, "IntegrationType", TYPES) or "MOCK"
    uri = parts.text(part, "IntegrationUri")
    # Whether a role may invoke a function is looked at, what else it may do is not.
    of_service = kind in ("AWS", "AWS_PROXY") and function_in(uri or "") is None
    context.unenforced_of(cursor, "CredentialsArn" if of_service else None, "ConnectionId")
    timeout = context.integer(cursor, "TimeoutInMillis")
    passthrough = choice(parts, cursor, "PassthroughBehavior", _PASSTHROUGH)
    connection = choice(parts, cursor, "ConnectionType", ("INTERNET", "VPC_LINK"))
    handling = choice(parts, cursor, "ContentHandlingStrategy", _HANDLINGS)
    return WebSocketIntegration(
        id=part.id,
        type=cast("Any", kind),
        source=part.source,
        uri=uri,
        method=parts.text(part, "IntegrationMethod"),
        request_parameters=mappings(cursor.get("RequestParameters")),
        request_templates=read_templates(context, cursor, "RequestTemplates", any_key=True),
        template_selection=parts.text(part, "TemplateSelectionExpression"),
        passthrough_behavior=cast("Any", passthrough or "WHEN_NO_MATCH"),
        content_handling=cast("Any", handling),
        timeout_ms=DEFAULT_TIMEOUT_MS if timeout is None else timeout,
        connection_type=cast("Any", connection or "INTERNET"),
        connection_id=parts.text(part, "ConnectionId"),
        credentials=parts.text(part, "CredentialsArn"),
        responses=responses,
    )


def _responses(parts: Parts, api: Part) -> dict[str, dict[str, WebSocketIntegrationResponse]]:
    """By the id of the integration, then by key, in the order written."""
    found: dict[str, dict[str, WebSocketIntegrationResponse]] = {}
    for part in parts.of_api(api.id, f"{V2}IntegrationResponse"):
        named = part.cursor.get("IntegrationId")
        owner = "" if named is None else named.text
        if named is not None and parts.by_id(owner, f"{V2}Integration") is None:
            message = f"Invalid integration identifier specified: {owner}"
            remedy = "Write IntegrationId: !Ref of an integration of this API."
            parts.template.notes.error("unknown-reference", message, named.source, remedy)
        response = _response(parts, part)
        of_owner = found.setdefault(owner, {})
        if response.key in of_owner:
            _twice(parts, part, of_owner[response.key])
        of_owner[response.key] = response
    return found


def _twice(parts: Parts, part: Part, other: WebSocketIntegrationResponse) -> None:
    """Two responses with one key: of the wrong integration, where that is the far one of the two."""
    message = f"the integration has two responses with the key {other.key}"
    owner = parts.by_id(parts.text(part, "IntegrationId"), f"{V2}Integration")
    lone = other.key == "$default" and any(
        each.cursor.get("RequestTemplates") is not None and not _answers(parts, each, other.key)
        for each in parts.of_type(f"{V2}Integration")
    )
    wrong, holder = part, part.cursor.get("IntegrationResponseKey")
    if owner is not None and lone:
        first = next(
            each
            for each in parts.of_type(f"{V2}IntegrationResponse")
            if each.source == other.source
        )
        wrong = max((part, first), key=lambda each: abs(each.source.line - owner.source.line))
        holder = wrong.cursor.get("IntegrationId")
    source = wrong.source if holder is None else holder.source
    remedy = "Remove one of them, or give it another key or integration."
    parts.template.notes.error("same-response", message, source, remedy)


def _answers(parts: Parts, integration: Part, key: str) -> bool:
    return any(
        parts.text(each, "IntegrationId") == integration.id
        and parts.text(each, "IntegrationResponseKey") == key
        for each in parts.of_type(f"{V2}IntegrationResponse")
    )


def _response(parts: Parts, part: Part) -> WebSocketIntegrationResponse:
    context, cursor = parts.context, part.cursor
    handling = choice(parts, cursor, "ContentHandlingStrategy", _HANDLINGS)
    return WebSocketIntegrationResponse(
        key=parts.text(part, "IntegrationResponseKey") or "",
        source=part.source,
        parameters=mappings(cursor.get("ResponseParameters")),
        templates=read_templates(context, cursor, "ResponseTemplates", any_key=True),
        template_selection=parts.text(part, "TemplateSelectionExpression"),
        content_handling=cast("Any", handling),
    )

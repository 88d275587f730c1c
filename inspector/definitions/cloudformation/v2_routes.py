"""Routes of HTTP and WebSocket APIs."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cloudformation.http_authorizers import authorizer_names
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice
from inspector.model import Route


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
    # What is no such text at all is told by v2_route_rules.
    malformed = target is None or not target.text.startswith("integrations/")
    if target and not malformed and parts.by_id(integration, f"{V2}Integration") is None:
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

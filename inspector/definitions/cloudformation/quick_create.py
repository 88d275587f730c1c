"""`Target` of an API: one integration, one route and a `$default` stage, made for it.

Sources: developer guide, "Create an HTTP API by using the AWS CLI"; CloudFormation reference,
AWS::ApiGatewayV2::ApiGatewayManagedOverrides (what of them a template may change). That a function
is given format 2.0: users override that (adamchainz/apig-wsgi#149).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from inspector.definitions.cloudformation.http_authorizers import authorizer_names
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice, overrides_of
from inspector.definitions.cursor import Cursor
from inspector.model import HttpApiIntegration, Route

_QUICK = "quick-create"


def quick_create(
    parts: Parts,
    part: Part,
    integrations: dict[str, HttpApiIntegration],
    routes: dict[str, Route],
) -> None:
    """Add what the API's `Target` makes; the stage is made with the others."""
    target = part.cursor.get("Target")
    if target is None:
        for each in parts.of_api(part.id, f"{V2}ApiGatewayManagedOverrides"):
            message = (
                f"{each.logical_id} overrides what quick create makes, and the API has no Target"
            )
            parts.template.notes.error("overrides", message, each.source, "Set Target on the API.")
        return
    function = target.text.startswith("arn:")
    made = HttpApiIntegration(
        id=_QUICK,
        type="AWS_PROXY" if function else "HTTP_PROXY",
        source=target.source,
        uri=target.text,
        method="POST" if function else "ANY",
        payload_version="2.0" if function else "1.0",
        credentials=parts.text(part, "CredentialsArn"),
    )
    key = parts.text(part, "RouteKey") or "$default"
    route = Route(id=_QUICK, key=key, source=target.source, integration=_QUICK)
    integration, way = overrides_of(parts, part, "Integration"), overrides_of(parts, part, "Route")
    integrations[_QUICK] = made if integration is None else _integration(parts, made, integration)
    routes[key] = route if way is None else _route(parts, part, route, way)


def _integration(parts: Parts, made: HttpApiIntegration, cursor: Cursor) -> HttpApiIntegration:
    context = parts.context
    payload = choice(parts, cursor, "PayloadFormatVersion", ("1.0", "2.0"))
    timeout = context.integer(cursor, "TimeoutInMillis")
    return replace(
        made,
        source=cursor.source,
        method=context.text(cursor, "IntegrationMethod") or made.method,
        payload_version=cast("Any", payload or made.payload_version),
        timeout_ms=made.timeout_ms if timeout is None else timeout,
        description=context.text(cursor, "Description"),
    )


def _route(parts: Parts, api: Part, made: Route, cursor: Cursor) -> Route:
    context = parts.context
    kind = choice(parts, cursor, "AuthorizationType", ("NONE", "AWS_IAM", "CUSTOM", "JWT"))
    target = context.text(cursor, "Target")
    names = authorizer_names(parts, api.id)
    return replace(
        made,
        source=cursor.source,
        integration=made.integration if target is None else target.removeprefix("integrations/"),
        authorization_type=cast("Any", kind or "NONE"),
        authorizer=names.get(context.text(cursor, "AuthorizerId") or ""),
        authorization_scopes=context.texts(cursor, "AuthorizationScopes"),
        operation_name=context.text(cursor, "OperationName"),
    )

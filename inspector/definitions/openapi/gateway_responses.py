"""`x-amazon-apigateway-gateway-responses`: answers the gateway makes itself."""

from __future__ import annotations

import re

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import guess
from inspector.definitions.openapi.templates import read_parameters, read_templates
from inspector.model import GatewayResponse

#: Fact 17.
TYPES = (
    "ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE", "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "DEFAULT_4XX",
    "DEFAULT_5XX", "EXPIRED_TOKEN", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY", "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED", "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED",
)  # fmt: skip
_STATUS = re.compile(r"[1-5]\d\d\Z")


def read_gateway_responses(context: Context) -> dict[str, GatewayResponse]:
    """The types the document sets; status and templates are None where it leaves them (21)."""
    found: dict[str, GatewayResponse] = {}
    for kind, cursor in context.mapping(context.root, "x-amazon-apigateway-gateway-responses"):
        if kind not in TYPES:
            message = f"{kind!r} is no type of gateway response"
            remedy = guess(kind, list(TYPES))
            context.notes.error("gateway-response-type", message, cursor.key_source, remedy)
            continue
        templates = read_templates(context, cursor, "responseTemplates")
        found[kind] = GatewayResponse(
            type=kind,
            status=_status(context, cursor),
            parameters=read_parameters(context, cursor, "responseParameters", None),
            templates=templates or None,
            source=cursor.source,
        )
    return found


def _status(context: Context, cursor: Cursor) -> int | None:
    status = context.text(cursor, "statusCode")
    holder = cursor.get("statusCode")
    if status is None or holder is None:
        return None
    if _STATUS.match(status):
        return int(status)
    message = f"the status {status!r} must match [1-5]\\d\\d"
    context.notes.error("gateway-response-status", message, holder.source, "Write such as 403.")
    return None

"""What Amazon refuses in the parts of an HTTP API: routes, authorizers, logs, WebSocket's own.

The sentences are Amazon's, of those who pasted or provoked them: recorded in captures-2026.md,
section 4 (logs), or seen on deploying (badmintoncryer/cdk-preflight).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, overrides_of
from inspector.definitions.cloudformation.v2_route_rules import check_access, check_target
from inspector.definitions.cloudformation.v2_stage_rules import (
    check_stage,
    check_stages,
    settings_in,
)
from inspector.definitions.cursor import Cursor
from inspector.definitions.http_authorizer_rules import faults
from inspector.model import HttpApi, Source

#: Where a fault of a Lambda authorizer is, in order: the version, where simple responses ask for one.
_SETTINGS = {
    "version": ("AuthorizerPayloadFormatVersion",),
    "simple": ("AuthorizerPayloadFormatVersion", "EnableSimpleResponses"),
    "ttl": ("AuthorizerResultTtlInSeconds",),
}
_IDENTITY = re.compile(r"\$(request\.(header|querystring)|context|stageVariables)\.\S+\Z")
#: Types that only WebSocket APIs have, and the sentence on them.
_OF_WEBSOCKETS = {
    f"{V2}RouteResponse": "RouteResponses are currently not supported for this API protocol type.",
    f"{V2}IntegrationResponse": "IntegrationResponses are currently not supported for this API "
    "protocol type.",
    f"{V2}Model": "Currently, Models are not permitted for APIs with a protocol type of HTTP",
}
_ROUTE_SELECTION = ("$request.method $request.path", "${request.method} ${request.path}")


def check_parts(parts: Parts, part: Part, api: HttpApi) -> None:
    """Note what is wrong with what is declared for the API."""
    _check_api(parts, part)
    for integration in parts.of_api(part.id, f"{V2}Integration"):
        _check_integration(parts, integration)
    for route in parts.of_api(part.id, f"{V2}Route"):
        _check_route(parts, route)
    for authorizer in parts.of_api(part.id, f"{V2}Authorizer"):
        _check_authorizer(parts, authorizer)
    check_stages(parts, part, api.routes)
    cursors = [stage.cursor for stage in parts.of_api(part.id, f"{V2}Stage")]
    quick = overrides_of(parts, part, "Stage")
    if quick is not None:
        check_stage(parts, quick, api.routes)
        cursors.append(quick)
    for cursor in cursors:
        for settings in settings_in(parts, cursor):
            _check_settings(parts, settings)
    for kind, sentence in _OF_WEBSOCKETS.items():
        for foreign in parts.of_api(part.id, kind):
            remedy = "Drop it: it is for WebSocket APIs."
            parts.template.notes.error("websocket-only", sentence, foreign.source, remedy)


def _error(parts: Parts, code: str, message: str, source: Source, remedy: str) -> None:
    parts.template.notes.error(code, message, source, remedy)


def _check_api(parts: Parts, part: Part) -> None:
    selection = part.cursor.get("RouteSelectionExpression")
    if selection is not None and selection.text not in _ROUTE_SELECTION:
        message = (
            'Route selection expression is currently limited to "${request.method} ${request.path}"'
        )
        _error(parts, "route-selection", message, selection.source, "Leave it out.")
    named = any(part.cursor.get(name) is not None for name in ("Name", "Body", "BodyS3Location"))
    if not named:
        message = "Invalid API name specified"
        _error(parts, "api-name", message, part.source, "Set Name, or a Body with info.title.")


def _check_integration(parts: Parts, part: Part) -> None:
    """All but this is seen without the template, too (definitions.http_integration_rules)."""
    function = parts.text(part, "IntegrationType") == "AWS_PROXY"
    subtype = part.cursor.get("IntegrationSubtype")
    if function and subtype is None and part.cursor.get("PayloadFormatVersion") is None:
        message = "PayloadFormatVersion is a required parameter for integration"
        _error(parts, "payload-version", message, part.source, "Write '2.0' (or '1.0').")


def _check_route(parts: Parts, part: Part) -> None:
    cursor = part.cursor
    key = cursor.get("ApiKeyRequired")
    if key is not None and parts.context.flag(cursor, "ApiKeyRequired"):
        message = "ApiKeyRequired is not currently supported for HTTP APIs."
        remedy = "Drop it: API keys are for REST and WebSocket APIs."
        _error(parts, "api-key-required", message, key.source, remedy)
    check_access(parts, part)
    check_target(parts, part)


def _check_authorizer(parts: Parts, part: Part) -> None:
    """What its type checks with is asked for where it is read."""
    if parts.text(part, "AuthorizerType") == "REQUEST":
        _check_function(parts, part)
    elif parts.text(part, "AuthorizerType") == "JWT":
        _check_issuer(parts, part)
    for source in _items(part.cursor.get("IdentitySource")):
        if source.text and not _IDENTITY.match(source.text):
            message = (
                f"Invalid identity source expression: {source.text}. The source must be a request "
                "header, request querystring, stage variable or context parameter"
            )
            remedy = "Write $request.header.NAME, $request.querystring.NAME, $context.NAME or "
            _error(
                parts, "identity-source", message, source.source, f"{remedy}$stageVariables.NAME."
            )


def _items(holder: Cursor | None) -> Iterator[Cursor]:
    if holder is not None:
        yield from holder.items() if holder.is_list else (holder,)


def _check_function(parts: Parts, part: Part) -> None:
    cursor, context = part.cursor, parts.context
    found = faults(
        context.text(cursor, "AuthorizerPayloadFormatVersion"),
        context.integer(cursor, "AuthorizerResultTtlInSeconds"),
        context.texts(cursor, "IdentitySource"),
        simple=bool(context.flag(cursor, "EnableSimpleResponses")),
    )
    for each in found:
        holders = (cursor.get(name) for name in _SETTINGS[each.setting])
        source = next((one.source for one in holders if one is not None), part.source)
        _error(parts, each.code, each.message, source, each.remedy)


def _check_issuer(parts: Parts, part: Part) -> None:
    jwt = part.cursor.get("JwtConfiguration")
    if jwt is None or not jwt.is_map:
        return
    issuer = jwt.get("Issuer")
    if issuer is not None and issuer.text and not issuer.text.startswith("https://"):
        message = "Invalid issuer: Issuer is not a valid URL for JWT Authorizer"
        remedy = "Amazon takes https:// only; --issuer NAME=URL leads a local run elsewhere."
        parts.template.notes.warning("jwt-issuer", message, issuer.source, remedy)
    if not parts.context.texts(jwt, "Audience"):
        message = f"{part.logical_id}: a JWT authorizer has to name an audience"
        _error(parts, "jwt-audience", message, jwt.source, "Add Audience: the clients' ids.")


def _check_settings(parts: Parts, settings: Cursor) -> None:
    """HTTP APIs have no execution log at Amazon; here they have one whatever is set."""
    level = settings.get("LoggingLevel")
    traced = settings.get("DataTraceEnabled")
    if traced is not None and not parts.context.flag(settings, "DataTraceEnabled"):
        traced = None
    wrong = level or traced
    if wrong is not None:
        message = "Execution logs are not supported on protocolType HTTP"
        remedy = "Drop LoggingLevel and DataTraceEnabled; HTTP APIs have access logs."
        _error(parts, "execution-log", message, wrong.source, remedy)

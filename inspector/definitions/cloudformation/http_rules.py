"""What Amazon refuses in the parts of an HTTP API: routes, authorizers, stages, WebSocket's own.

The sentences are Amazon's, of those who pasted or provoked them: recorded in captures-2026.md,
section 4 (logs), or seen on deploying (badmintoncryer/cdk-preflight,
terraform-aws-modules/terraform-aws-apigateway-v2#80). Stage variables: API reference, Stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, overrides_of
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
_STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_VARIABLE_NAME = re.compile(r"\w+\Z", re.ASCII)
_VARIABLE_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]+\Z")
_LONGEST_FORMAT = 3 * 1024
_ELSEWHERE = re.compile(r"arn:[^:]+:(?!logs:)[^:]+:[^:]*:[^:]*:.+")
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
    seen: set[str] = set()
    for stage in parts.of_api(part.id, f"{V2}Stage"):
        _check_identity(parts, stage, seen)
        _check_stage(parts, stage.cursor, api)
    quick = overrides_of(parts, part, "Stage")
    if quick is not None:
        _check_stage(parts, quick, api)
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
    _check_access(parts, part)
    target = cursor.get("Target")
    if target is not None and not target.text.startswith("integrations/"):
        message = (
            "Unexpected or malformed target in route. Correct format should be "
            "integrations/<integration_id>."
        )
        remedy = "Write Target: !Sub integrations/${Integration}."
        _error(parts, "route-target", message, target.source, remedy)


def _check_access(parts: Parts, part: Part) -> None:
    kind = parts.text(part, "AuthorizationType") or "NONE"
    scopes = part.cursor.get("AuthorizationScopes")
    scoped = bool(parts.context.texts(part.cursor, "AuthorizationScopes"))
    if kind in ("JWT", "CUSTOM"):
        _check_guard(parts, part, kind, scoped=scoped)
    if scopes is not None and scoped and kind != "JWT":
        message = (
            "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type"
        )
        remedy = "Set AuthorizationType: JWT, or drop AuthorizationScopes."
        authorizer = parts.by_id(parts.text(part, "AuthorizerId"), f"{V2}Authorizer")
        for_tokens = authorizer is not None and parts.text(authorizer, "AuthorizerType") == "JWT"
        asked = part.cursor.get("AuthorizationType") if for_tokens else None
        source = scopes.source if asked is None else asked.source
        _error(parts, "authorization-scopes", message, source, remedy)


def _check_guard(parts: Parts, part: Part, kind: str, *, scoped: bool) -> None:
    """A route's authorizer has to be of the type that the route asks for."""
    wanted = "JWT" if kind == "JWT" else "REQUEST"
    holder = part.cursor.get("AuthorizerId")
    authorizer = parts.by_id(parts.text(part, "AuthorizerId"), f"{V2}Authorizer")
    if holder is not None and authorizer is None:
        return  # Said where the route is read.
    if authorizer is not None and parts.text(authorizer, "AuthorizerType") == wanted:
        return
    asked = part.cursor.get("AuthorizationType")
    if holder is not None and not (scoped and kind == "CUSTOM"):
        asked = holder  # Of the two that do not go together, the one that scopes do not speak for.
    message = f"Setting the authorization type to {kind} requires a valid {wanted} authorizer."
    remedy = f"Set AuthorizerId to !Ref of an authorizer of type {wanted}."
    source = part.source if asked is None else asked.source
    _error(parts, "authorizer-id", message, source, remedy)


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


def _check_identity(parts: Parts, part: Part, seen: set[str]) -> None:
    """A stage's name is its own, and its deployment is one that the template makes."""
    name = part.cursor.get("StageName")
    if name is not None and name.text in seen:
        _error(parts, "same-stage", "Stage already exists", name.source, "Name it otherwise.")
    seen.add("" if name is None else name.text)
    deployment = part.cursor.get("DeploymentId")
    if deployment is not None and parts.by_id(deployment.text, f"{V2}Deployment") is None:
        message = f"Deployment id {deployment.text} does not exist in this template"
        remedy = "DeploymentId is !Ref of an AWS::ApiGatewayV2::Deployment."
        _error(parts, "unknown-deployment", message, deployment.source, remedy)


def _check_stage(parts: Parts, cursor: Cursor, api: HttpApi) -> None:
    name = cursor.get("StageName")
    if name is not None and name.text != "$default" and not _STAGE_NAME.match(name.text):
        message = "Stage name only allows a-zA-Z0-9_"
        remedy = f"{name.text!r} has others; hyphens are taken, too, and $default."
        _error(parts, "stage-name", message, name.source, remedy)
    for key, value in parts.context.mapping(cursor, "StageVariables"):
        _check_variable(parts, key, value)
    _check_log(parts, cursor.get("AccessLogSettings"))
    default = cursor.get("DefaultRouteSettings")
    routes = dict(parts.context.mapping(cursor, "RouteSettings"))
    for settings in (*([] if default is None else [default]), *routes.values()):
        _check_settings(parts, settings)
    _check_keys(parts, routes, api)


def _check_keys(parts: Parts, routes: Mapping[str, Cursor], api: HttpApi) -> None:
    """Settings are for routes that there are (those of another template are not known here)."""
    for key, settings in routes.items() if api.routes else ():
        if key not in api.routes:
            message = f"Unable to find Route by key {key} within the provided RouteSettings"
            remedy = f"Its routes are {', '.join(list(api.routes)[:10])}."
            _error(parts, "route-settings", message, settings.key_source, remedy)


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


def _check_variable(parts: Parts, name: str, value: Cursor) -> None:
    if not _VARIABLE_NAME.match(name):
        message = (
            f"Invalid stage variable name: {name}. Please use names with only word characters."
        )
        _error(parts, "stage-variable", message, value.key_source, "Letters, digits and _.")
    elif not _VARIABLE_VALUE.match(value.text):
        message = f"Invalid stage variable value of key {name}."
        remedy = "Amazon takes letters, digits and -._~:/?#&=, in it."
        _error(parts, "stage-variable", message, value.source, remedy)


def _check_log(parts: Parts, settings: Cursor | None) -> None:
    if settings is None or not settings.is_map:
        return
    destination, written = settings.get("DestinationArn"), settings.get("Format")
    if not (destination and destination.text and written and written.text):
        message = "Access Log value missing. Expected destinationArn and format."
        remedy = "Set both DestinationArn and Format."
        empty = next((each for each in (destination, written) if each and not each.text), None)
        source = settings.key_source if empty is None else empty.source
        _error(parts, "access-log", message, source, remedy)
        return
    if _ELSEWHERE.match(destination.text):
        message = "the access log of an HTTP API goes to a log group of CloudWatch Logs only"
        remedy = "Write arn:aws:logs:REGION:ACCOUNT:log-group:NAME."
        _error(parts, "access-log", message, destination.source, remedy)
    if len(written.text.encode()) > _LONGEST_FORMAT:
        message = f"the access log's format is longer than {_LONGEST_FORMAT} bytes"
        _error(parts, "access-log", message, written.source, "Log less, or in shorter words.")

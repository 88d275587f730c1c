"""What Amazon refuses in the parts of a WebSocket API: the API itself, routes, answers of routes.

The sentences are Amazon's where users pasted them (serverless/serverless#9530) or provoked them by
deploying (badmintoncryer/cdk-preflight); those without a quotation are ours: what Amazon says of
properties that only HTTP APIs have, of an ApiKeySelectionExpression and of a
RouteResponseSelectionExpression that it does not take, and of models that there are not, nobody
recorded. Which expressions it takes: developer guide, "WebSocket selection expressions".
"""

from __future__ import annotations

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.cloudformation.v2_route_rules import check_access, check_target
from inspector.definitions.cloudformation.v2_stage_rules import check_stages
from inspector.definitions.openapi.extensions import guess
from inspector.model import Source, WebSocketApi

OWN_KEYS = ("$connect", "$disconnect", "$default")
_KEY_SELECTIONS = ("$request.header.x-api-key", "$context.authorizer.usageIdentifierKey")
_LONGEST_KEY = 128
#: Properties of an API that only HTTP APIs have (API reference, CreateApi and ImportApi).
_OF_HTTP = (
    "BasePath", "Body", "BodyS3Location", "CredentialsArn", "FailOnWarnings", "RouteKey", "Target",
)  # fmt: skip


def check_parts(parts: Parts, part: Part, api: WebSocketApi) -> None:
    """Note what is wrong with what is declared for the API."""
    _check_api(parts, part)
    for route in parts.of_api(part.id, f"{V2}Route"):
        _check_key(parts, route)
        _check_access(parts, route)
        check_target(parts, route)
        _check_models(parts, route, api)
    answered: dict[str, Part] = {}
    for response in parts.of_api(part.id, f"{V2}RouteResponse"):
        _check_response(parts, response)
        owner = parts.text(response, "RouteId") or ""
        if owner in answered:
            _twice(parts, answered[owner], response)
        answered[owner] = response
    for foreign in parts.of_api(part.id, f"{V2}ApiGatewayManagedOverrides"):
        message = f"{foreign.logical_id} overrides what quick create makes of an HTTP API"
        _error(parts, "overrides", message, foreign.source, "Drop it: nothing is made by itself.")
    check_stages(parts, part, api.routes)


def _error(parts: Parts, code: str, message: str, source: Source, remedy: str) -> None:
    parts.template.notes.error(code, message, source, remedy)


def _check_api(parts: Parts, part: Part) -> None:
    if part.cursor.get("Name") is None:
        _error(parts, "api-name", "Invalid API name specified", part.source, "Set Name.")
    selection = part.cursor.get("RouteSelectionExpression")
    if selection is None or not selection.text:
        source = part.source if selection is None else selection.source
        remedy = "Set RouteSelectionExpression, such as $request.body.action."
        _error(parts, "route-selection", "Invalid routeSelectionExpression", source, remedy)
    keys = part.cursor.get("ApiKeySelectionExpression")
    if keys is not None and keys.text not in _KEY_SELECTIONS:
        message = f"ApiKeySelectionExpression {keys.text!r} is none that Amazon takes"
        _error(parts, "key-selection", message, keys.source, guess(keys.text, [*_KEY_SELECTIONS]))
    cors = part.cursor.get("CorsConfiguration")
    if cors is not None and cors.is_map:
        message = "Cors is not supported for WEBSOCKET protocolType"
        remedy = "Drop it: browsers ask nobody before they open a WebSocket."
        _error(parts, "cors", message, cors.key_source, remedy)
    for name in _OF_HTTP:
        holder = part.cursor.get(name)
        if holder is not None:
            message = f"{name} is for HTTP APIs only"
            remedy = "Drop it; routes and integrations are resources of their own."
            _error(parts, "http-only", message, holder.key_source, remedy)


def _check_key(parts: Parts, part: Part) -> None:
    """Custom keys must not begin with a dollar sign."""
    key = part.cursor.get("RouteKey")
    if key is None or key.text in OWN_KEYS:
        return
    if not key.text or key.text.startswith("$") or len(key.text) > _LONGEST_KEY:
        message = "The provided route key is not formatted properly"
        remedy = f"A route key has 1 to {_LONGEST_KEY} characters."
        if key.text.startswith("$"):
            meant = guess(key.text, [*OWN_KEYS])
            remedy = f"{meant} Custom keys must not begin with $."
        _error(parts, "route-key", message, key.source, remedy)


def _check_access(parts: Parts, part: Part) -> None:
    """Who may connect is asked once; no message and no end of a connection asks again."""
    notes, key = parts.template.notes, parts.text(part, "RouteKey")
    kind = part.cursor.get("AuthorizationType")
    if key == "$connect":
        check_access(parts, part)
        return
    if key is not None and key.startswith("$") and key not in OWN_KEYS:
        return  # Most likely $connect, misspelt.
    if kind is not None and kind.text not in ("", "NONE"):
        message = "Currently, authorization is restricted to the $connect route only"
        remedy = "Set it on the route $connect: who may connect may send."
        _error(parts, "route-authorization", message, kind.source, remedy)
    authorizer = part.cursor.get("AuthorizerId")
    if authorizer is not None and (kind is None or kind.text in ("", "NONE")):
        message = f"the authorizer of {key} is never asked: only $connect has one"
        notes.warning("unused-authorizer", message, authorizer.source, "Set it on $connect.")
    required = part.cursor.get("ApiKeyRequired")
    if required is not None and parts.context.flag(part.cursor, "ApiKeyRequired"):
        message = f"the API key that {key} asks for is never looked at: only $connect has one"
        notes.warning("unused-api-key", message, required.source, "Set it on $connect.")


def _check_models(parts: Parts, part: Part, api: WebSocketApi) -> None:
    named = {parts.text(each, "Name") for each in parts.of_api(api.id, f"{V2}Model")}
    by_id = {each.id: each for each in parts.of_api(api.id, f"{V2}Model")}
    for key, value in parts.context.mapping(part.cursor, "RequestModels"):
        if value.text in named:
            continue
        if value.text in by_id:
            name = parts.text(by_id[value.text], "Name")
            message = f"RequestModels.{key} names a model by its id; Amazon's samples name it"
            remedy = f"Write {name}, the model's Name, rather than !Ref of it."
            parts.template.notes.warning("model-name", message, value.source, remedy)
            continue
        message = f"RequestModels.{key} names no model of this API: {value.text}"
        remedy = guess(value.text, sorted(name for name in named if name))
        _error(parts, "unknown-model", message, value.source, remedy)
    expression = part.cursor.get("RouteResponseSelectionExpression")
    if expression is not None and expression.text != "$default":
        message = f"RouteResponseSelectionExpression is $default, not {expression.text!r}"
        _error(parts, "response-selection", message, expression.source, "Write $default.")


def _twice(parts: Parts, first: Part, second: Part) -> None:
    """Two responses of one route: the far one is hardly of this route."""
    route = parts.by_id(parts.text(first, "RouteId"), f"{V2}Route")
    if route is None:
        return
    line = route.source.line
    wrong = max((second, first), key=lambda each: abs(each.source.line - line))
    holder = wrong.cursor.get("RouteId")
    message = f"the route {parts.text(route, 'RouteKey')} has two responses with the key $default"
    source = wrong.source if holder is None else holder.source
    remedy = "Remove one of them, or name another route."
    _error(parts, "same-response", message, source, remedy)


def _check_response(parts: Parts, part: Part) -> None:
    key, owner = part.cursor.get("RouteResponseKey"), part.cursor.get("RouteId")
    if key is not None and key.text != "$default":
        message = "Currently, only $default is supported as a RouteResponseKey."
        _error(parts, "route-response-key", message, key.source, "Write $default.")
    if owner is not None and parts.by_id(owner.text, f"{V2}Route") is None:
        message = f"Invalid route identifier specified: {owner.text}"
        remedy = "Write RouteId: !Ref of a route of this API."
        _error(parts, "unknown-reference", message, owner.source, remedy)
    for name in ("ModelSelectionExpression", "ResponseModels"):
        holder = part.cursor.get(name)
        if holder is not None:
            message = f"{name} of {part.logical_id} changes no answer: answers are not validated"
            parts.template.notes.info("left-out", message, holder.key_source)

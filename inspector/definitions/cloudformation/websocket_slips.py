"""What a WebSocket API takes and its author hardly meant: nobody is refused, something stays silent.

Sources: developer guide, "WebSocket selection expressions" (which route a message takes; static
text is an expression), "Set up route responses" (an answer is sent only where a route has both a
selection expression and a response), "Set up WebSocket API integration responses" (a non-proxy
integration must have one); websocket.md, sections 3 to 5.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.cloudformation.websocket_rules import OWN_KEYS
from inspector.gateway.websocket.selection import Selection, compile_selection
from inspector.model import Route, Source, WebSocketApi, WebSocketIntegration

_PROXIES = ("AWS_PROXY", "HTTP_PROXY")
#: What nobody can tell from a `$default` without its dollar sign.
_NEARLY = 0.75
#: The key that the mock of Amazon's guide has, and that of the CDK.
_JSON = "application/json"
#: What there is to choose a template by (guide, "Template selection expressions").
_READABLE = re.compile(
    r"(?:request\.(?:body|header|querystring)|context|stageVariables)(?:[.\[]|\Z)"
    r"|(?:integration\.)?response\.(?:statuscode\Z|header\.|multivalueheader\.|body(?:[.\[]|\Z))"
)
_TWO_WAY = "RouteResponseSelectionExpression"


def check_slips(parts: Parts, part: Part, api: WebSocketApi) -> None:
    """Note them as warnings, each with what to do."""
    _check_selection(parts, part, api)
    _check_default(parts, part, api)
    for each in parts.of_api(part.id, f"{V2}Route"):
        route = api.routes.get(parts.text(each, "RouteKey") or "")
        if route is None or route.id != each.id:
            continue
        _check_answer(parts, each, route, api)
        _check_models(parts, each, route)
    for each in parts.of_api(part.id, f"{V2}IntegrationResponse"):
        _check_choice(parts, each, "ResponseTemplates")
    for each in parts.of_api(part.id, f"{V2}Integration"):
        integration = api.integrations[each.id]
        routes = [route for route in api.routes.values() if route.integration == each.id]
        _check_templates(parts, each, integration, routes)


def _warn(parts: Parts, code: str, message: str, source: Source, remedy: str) -> None:
    parts.template.notes.warning(code, message, source, remedy)


def _check_selection(parts: Parts, part: Part, api: WebSocketApi) -> None:
    """An expression that reads nothing of the message has one value for all of them."""
    holder = part.cursor.get("RouteSelectionExpression")
    if holder is None or not holder.text:
        return
    selection = compile_selection(holder.text)
    foreign = [name for name in _names(selection) if not name.startswith("request.body")]
    if foreign:
        message = f"${{{foreign[0]}}} is no part of a message: it chooses no route"
        _warn(parts, "route-selection", message, holder.source, "Write $request.body.NAME.")
    elif not selection.reads_body:
        value = "".join(text for _, text in selection.parts)
        found = f"the route {value}" if value in api.routes else "$default, if there is one"
        message = (
            f"the route selection expression {holder.text!r} is static: every message takes {found}"
        )
        remedy = "Write $request.body.action to have the member action of a message choose."
        _warn(parts, "route-selection", message, holder.source, remedy)


def _names(selection: Selection) -> Iterator[str]:
    return (text for named, text in selection.parts if named)


def _check_default(parts: Parts, part: Part, api: WebSocketApi) -> None:
    """Keys that lack their dollar sign, and messages that nobody takes."""
    lacking = False
    for each in parts.of_api(part.id, f"{V2}Route"):
        key = each.cursor.get("RouteKey")
        if key is None or key.text.startswith("$"):
            continue
        meant = get_close_matches(f"${key.text.lower()}", OWN_KEYS, 1, _NEARLY)
        if meant and meant[0] not in api.routes:
            lacking = lacking or meant[0] == "$default"
            message = f"the route {key.text!r} is a custom one; Amazon's own is {meant[0]}"
            remedy = f"Write {meant[0]}, if it is meant: a message has to name {key.text!r} else."
            _warn(parts, "route-key", message, key.source, remedy)
    custom = [key for key in api.routes if key not in OWN_KEYS]
    if "$default" not in api.routes and not lacking:
        which = "a message that chooses none of the others" if custom else "every message"
        message = f'there is no route $default: {which} is answered "Forbidden"'
        remedy = "Add a route $default for what is no JSON or names no route."
        _warn(parts, "no-default", message, part.source, remedy)


def _check_answer(parts: Parts, part: Part, route: Route, api: WebSocketApi) -> None:
    """A route answers where it has both halves, and its integration something to say."""
    expression, responses = part.cursor.get(_TWO_WAY), list(_responses(parts, part))
    if expression is not None and expression.text and not responses:
        message = f"the route {route.key} selects a response and has none: nothing is sent"
        remedy = "Add an AWS::ApiGatewayV2::RouteResponse with the key $default."
        _warn(parts, "one-way", message, expression.source, remedy)
    if responses and expression is None:
        message = f"the route {route.key} has a response and no {_TWO_WAY}: nothing is sent"
        remedy = f"Set {_TWO_WAY}: $default on the route, or drop the response."
        _warn(parts, "one-way", message, responses[0].source, remedy)
    integration = api.integrations.get(route.integration or "")
    two_way = bool(responses) and expression is not None
    if not two_way or integration is None or integration.type in _PROXIES:
        return
    if not integration.responses:
        message = (
            f"the route {route.key} answers, and its integration of type {integration.type} has no "
            "integration response"
        )
        remedy = "Add an AWS::ApiGatewayV2::IntegrationResponse with the key $default."
        _warn(parts, "no-integration-response", message, _typed(parts, integration), remedy)
    elif all(each.key != "$default" for each in integration.responses):
        message = f"the integration of {route.key} has no response $default to catch the rest"
        remedy = "Add a response $default: what fits no other key has no answer."
        _warn(parts, "no-catch-all", message, integration.source, remedy)


def _typed(parts: Parts, integration: WebSocketIntegration) -> Source:
    """Where an integration's type is written: another one would not want what is missing."""
    part = parts.by_id(integration.id, f"{V2}Integration")
    kind = part.cursor.get("IntegrationType") if part is not None else None
    return integration.source if kind is None else kind.source


def _responses(parts: Parts, route: Part) -> Iterator[Part]:
    for part in parts.of_type(f"{V2}RouteResponse"):
        if parts.text(part, "RouteId") == route.id:
            yield part


def _check_models(parts: Parts, part: Part, route: Route) -> None:
    """Models and the expression that chooses one go together."""
    models, expression = part.cursor.get("RequestModels"), route.model_selection
    if models is not None and route.request_models and expression is None:
        message = f"nothing selects one of the models of the route {route.key}"
        remedy = "Set ModelSelectionExpression, such as $default: Amazon validates nothing else."
        _warn(parts, "model-selection", message, models.key_source, remedy)
    holder = part.cursor.get("ModelSelectionExpression")
    if holder is None or not holder.text:
        return
    missing = _only_value(holder.text, route.request_models)
    if missing is not None:
        message = f"{holder.text} selects the model {missing!r}, which {route.key} does not have"
        known = ", ".join(route.request_models) or "none"
        remedy = f"Its models are {known}: as it is, every message is refused."
        _warn(parts, "model-selection", message, holder.source, remedy)


def _check_templates(
    parts: Parts, part: Part, integration: WebSocketIntegration, routes: list[Route]
) -> None:
    holder, selection = part.cursor.get("RequestTemplates"), integration.template_selection
    if integration.type in _PROXIES:
        if holder is not None and integration.request_templates:
            message = f"{part.logical_id} passes the message on: its request templates are not used"
            remedy = f"Drop them, or set the type {integration.type.removesuffix('_PROXY')}."
            _warn(parts, "unused-template", message, holder.key_source, remedy)
        return
    _check_choice(parts, part, "RequestTemplates")
    templates = integration.request_templates
    taken = {"$default", _JSON} & templates.keys()
    if holder is not None and templates and selection is None and not taken:
        message = f"nothing selects one of the request templates: there is {', '.join(templates)}"
        remedy = "Set TemplateSelectionExpression, or call a template $default."
        _warn(parts, "template-selection", message, holder.key_source, remedy)
    if integration.type == "MOCK" and not integration.request_templates and routes:
        keys = ", ".join(route.key for route in routes)
        message = f"the mock of {keys} has no request template, which has to give a statusCode"
        remedy = """Add RequestTemplates: { $default: '{"statusCode":200}' }."""
        _warn(parts, "mock-template", message, integration.source, remedy)


def _check_choice(parts: Parts, part: Part, name: str) -> None:
    """Whether the template selection expression can choose one of the templates."""
    expression, templates = part.cursor.get("TemplateSelectionExpression"), part.cursor.get(name)
    if expression is None or not expression.text or templates is None:
        return
    keys = {key: each.key_source for key, each in templates.entries()}
    for each in _names(compile_selection(expression.text)):
        if not _READABLE.match(each):
            message = f"${{{each}}} is nothing that a template selection expression reads"
            remedy = (
                "Write ${request.body.NAME}, or ${integration.response.statuscode} of an answer."
            )
            _warn(parts, "template-selection", message, expression.source, remedy)
    missing = _only_value(expression.text, keys)
    if missing is None or not keys or (missing == "$default" and _JSON in keys):
        return
    near = get_close_matches(missing, keys, 1, _NEARLY)
    message = f"{expression.text} selects the template {missing!r}; there is {', '.join(keys)}"
    remedy = "Correct the expression, or the template's key."
    source = keys[near[0]] if near else expression.source
    _warn(parts, "template-selection", message, source, remedy)


def _only_value(expression: str, known: Collection[str]) -> str | None:
    """The value of an expression that is the same for all messages, where none of `known` is meant.

    `$default` stands for all others.
    """
    selection = compile_selection(expression)
    if any(named for named, _ in selection.parts):
        return None
    value = "".join(text for _, text in selection.parts)
    return None if value in known or "$default" in known else value

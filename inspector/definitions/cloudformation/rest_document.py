"""AWS::ApiGateway::RestApi and all its parts as the OpenAPI document that says the same."""

from __future__ import annotations

from inspector.definitions.cloudformation.model_schemas import schema_of
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.rest_methods import (
    REST,
    lowered,
    operation_of,
    validator_name,
)
from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import MapNode, Node

_X = "x-amazon-apigateway-"
_ANY = f"{_X}any-method"
_HEADER = "method.request.header."
#: Properties of RestApi that replace what its body says.
_SETTINGS = {
    "ApiKeySourceType": "api-key-source",
    "BinaryMediaTypes": "binary-media-types",
    "MinimumCompressionSize": "minimum-compression-size",
    "Policy": "policy",
}


def parts_document(parts: Parts, api: Part) -> Node:
    """What the template's own resources, methods, models … of this API declare."""
    workshop, node = parts.template.workshop, api.cursor.node
    names = {
        part.id: parts.text(part, "Name") or part.logical_id
        for part in parts.of_api(api.id, f"{REST}Authorizer")
    }
    components = {
        "schemas": workshop.map(_schemas(parts, api), node),
        "securitySchemes": workshop.map(_schemes(parts, api), node),
    }
    validators = {
        validator_name(parts, part): lowered(parts, _validator(parts, part))
        for part in parts.of_api(api.id, f"{REST}RequestValidator")
    }
    responses = {
        parts.text(part, "ResponseType") or "": lowered(parts, part.cursor)
        for part in parts.of_api(api.id, f"{REST}GatewayResponse")
    }
    return workshop.map(
        {
            "openapi": workshop.scalar("3.0.1", node),
            "info": workshop.map({}, node),
            "components": workshop.map(components, node),
            "paths": workshop.map(_paths(parts, api, names), node),
            f"{_X}request-validators": workshop.map(validators, node),
            f"{_X}gateway-responses": workshop.map(responses, node),
        },
        node,
    )


def with_settings(parts: Parts, api: Part, document: Node) -> Node:
    """`document` with what the RestApi's own properties set in place of its own."""
    workshop, node = parts.template.workshop, api.cursor.node
    if not isinstance(document, MapNode):
        return document
    pairs = dict(document.entries)
    made: dict[str, Node] = {
        f"{_X}{key}": value.node
        for name, key in _SETTINGS.items()
        if (value := api.cursor.get(name)) is not None
    }
    info = document.entries.get("info")
    old_info = dict(info[1].entries) if info and isinstance(info[1], MapNode) else {}
    named = {"title": api.cursor.get("Name"), "description": api.cursor.get("Description")}
    new_info = {key: value.node for key, value in named.items() if value is not None}
    if "title" not in new_info and "title" not in old_info:
        new_info["title"] = workshop.scalar(api.logical_id, node)
    if new_info:
        fresh = dict(workshop.map(new_info, node).entries)
        made["info"] = workshop.map_of_pairs({**old_info, **fresh}, node)
    endpoint = _endpoint(parts, api)
    if endpoint is not None:
        made[f"{_X}endpoint-configuration"] = endpoint
    pairs.update(workshop.map(made, node).entries)
    return workshop.map_of_pairs(pairs, document)


def _endpoint(parts: Parts, api: Part) -> Node | None:
    workshop = parts.template.workshop
    given = api.cursor.get("EndpointConfiguration")
    disabled = api.cursor.get("DisableExecuteApiEndpoint")
    if given is None and disabled is None:
        return None
    entries: dict[str, Node] = {}
    for name, key in (("Types", "types"), ("VpcEndpointIds", "vpcEndpointIds")):
        value = given.get(name) if given is not None else None
        if value is not None:
            entries[key] = value.node
    if disabled is not None:
        entries["disableExecuteApiEndpoint"] = disabled.node
    return workshop.map(entries, (given or disabled or api.cursor).node)


def _paths(parts: Parts, api: Part, names: dict[str, str]) -> dict[str, Node]:
    workshop = parts.template.workshop
    found: dict[str, dict[str, Node]] = {}
    origin: dict[str, Node] = {}
    for part in parts.of_api(api.id, f"{REST}Resource"):
        place = parts.identities.places.get(part.id)
        if place is not None:
            found.setdefault(place[1], {})
            origin[place[1]] = part.cursor.node
    for part in parts.of_api(api.id, f"{REST}Method"):
        place = parts.identities.places.get(parts.text(part, "ResourceId") or "")
        if place is None or place[0] != api.id:
            message = "Invalid Resource identifier specified"
            remedy = "ResourceId is !GetAtt API.RootResourceId, or !Ref of a resource of this API."
            holder = part.cursor.get("ResourceId")
            source = holder.source if holder is not None else part.source
            parts.template.notes.error("resource-id", message, source, remedy)
            continue
        verb = (parts.text(part, "HttpMethod") or "").lower()
        key = _ANY if verb == "any" else verb
        methods = found.setdefault(place[1], {})
        origin.setdefault(place[1], part.cursor.node)
        if key in methods:
            message = f"Method already exists for this resource: {verb.upper()} {place[1]}"
            parts.template.notes.error("same-method", message, part.source, "Remove one of them.")
        methods[key] = operation_of(parts, part, names)
    return {path: workshop.map(methods, origin[path]) for path, methods in found.items()}


def _validator(parts: Parts, part: Part) -> Cursor:
    workshop, node = parts.template.workshop, part.cursor.node
    entries: dict[str, Node] = {}
    for key in ("ValidateRequestBody", "ValidateRequestParameters"):
        value = part.cursor.get(key)
        entries[key] = value.node if value is not None else workshop.scalar(False, node)
    return workshop.cursor(workshop.map(entries, node))


def _schemas(parts: Parts, api: Part) -> dict[str, Node]:
    """Models by name; those that Amazon makes with every API come first."""
    node = api.cursor.node
    found: dict[str, Node] = {}
    for part in parts.of_api(api.id, f"{REST}Model"):
        found[part.id] = schema_of(parts, part)
    used = _models_used(parts, api)
    for name in ("Empty", "Error"):
        if name in used and name not in found:
            found[name] = _own_model(parts, name, node)
    return found


def _own_model(parts: Parts, name: str, node: Node) -> Node:
    """`Empty` is any object; of an `Error` the message is a text (fact 227)."""
    workshop = parts.template.workshop

    def typed(kind: str, **more: Node) -> Node:
        return workshop.map({"type": workshop.scalar(kind, node), **more}, node)

    if name == "Empty":
        return typed("object")
    return typed("object", properties=workshop.map({"message": typed("string")}, node))


def _models_used(parts: Parts, api: Part) -> set[str]:
    used: set[str] = set()
    for part in parts.of_api(api.id, f"{REST}Method"):
        responses = part.cursor.get("MethodResponses")
        holders = [part.cursor.get("RequestModels")]
        holders += [item.get("ResponseModels") for item in responses.items()] if responses else []
        for holder in holders:
            used.update(value.text for _, value in holder.entries()) if holder else None
    return used


def _schemes(parts: Parts, api: Part) -> dict[str, Node]:
    """Security schemes: the API key's, and one for each authorizer."""
    workshop, node = parts.template.workshop, api.cursor.node

    def scheme(header: str, made_of: Node, entries: dict[str, Node]) -> Node:
        texts = {"type": "apiKey", "name": header, "in": "header"}
        made: dict[str, Node] = {k: workshop.scalar(v, made_of) for k, v in texts.items()}
        return workshop.map({**made, **entries}, made_of)

    found = {"api_key": scheme("x-api-key", node, {})}
    for part in parts.of_api(api.id, f"{REST}Authorizer"):
        cursor = part.cursor
        pairs: dict[str, Node] = {}
        for name in (
            "AuthorizerCredentials", "AuthorizerResultTtlInSeconds", "AuthorizerUri",
            "IdentitySource", "IdentityValidationExpression", "ProviderARNs", "Type",
        ):  # fmt: skip
            value = cursor.get(name)
            if value is not None:
                key = "providerARNs" if name == "ProviderARNs" else name[:1].lower() + name[1:]
                pairs[key] = value.node
        kind = parts.text(part, "AuthType")
        default = (
            "cognito_user_pools" if "COGNITO" in (parts.text(part, "Type") or "") else "custom"
        )
        source = parts.text(part, "IdentitySource") or ""
        header = source.removeprefix(_HEADER) if source.startswith(_HEADER) else "Authorization"
        entries: dict[str, Node] = {
            f"{_X}authtype": workshop.scalar(kind or default, cursor.node),
            f"{_X}authorizer": workshop.map(pairs, cursor.node),
        }
        name = parts.text(part, "Name") or part.logical_id
        found[name] = scheme(header, cursor.node, entries)
    return found

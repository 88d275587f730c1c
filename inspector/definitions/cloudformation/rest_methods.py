"""AWS::ApiGateway::Method as the OpenAPI operation that says the same."""

from __future__ import annotations

from inspector.definitions.cloudformation.nested import INTEGRATION
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import MapNode, Node
from inspector.model import Source

REST = "AWS::ApiGateway::"
_PLACES = {"querystring": "query", "header": "header", "path": "path"}


def operation_of(parts: Parts, part: Part, names: dict[str, str]) -> Node:
    """The operation; `names` are the authorizers' names by id."""
    workshop, cursor = parts.template.workshop, part.cursor
    node = cursor.node
    entries: dict[str, Node] = {
        "responses": _responses(parts, cursor),
        "parameters": _parameters(parts, cursor),
        **_security(parts, part, names),
    }
    name = cursor.get("OperationName")
    if name is not None:
        entries["operationId"] = name.node
    models = cursor.get("RequestModels")
    if models is not None:
        entries["requestBody"] = workshop.map({"content": _content(parts, models)}, node)
    validator = parts.by_id(parts.text(part, "RequestValidatorId"), f"{REST}RequestValidator")
    chosen = cursor.get("RequestValidatorId")
    if validator is not None and chosen is not None:
        text = workshop.scalar(validator_name(parts, validator), chosen.node)
        entries["x-amazon-apigateway-request-validator"] = text
    elif chosen is not None:
        _unknown(parts, "request validator", chosen)
    integration = cursor.get("Integration")
    if integration is not None:
        entries["x-amazon-apigateway-integration"] = integration_of(parts, integration)
    return workshop.map(entries, node)


def validator_name(parts: Parts, part: Part) -> str:
    """Its name, else its logical id."""
    return parts.text(part, "Name") or part.logical_id


def _unknown(parts: Parts, what: str, cursor: Cursor) -> None:
    message = f"Invalid {what} identifier specified: {cursor.text}"
    remedy = "Refer to one of this template: !Ref LogicalId."
    parts.template.notes.error("unknown-reference", message, cursor.source, remedy)


def _parameters(parts: Parts, cursor: Cursor) -> Node:
    workshop, found = parts.template.workshop, []
    for key, value in parts.context.mapping(cursor, "RequestParameters"):
        words = key.split(".", 3)
        if len(words) < 4 or words[:2] != ["method", "request"] or words[2] not in _PLACES:
            message = f"Invalid mapping expression specified: {key}"
            remedy = "Write method.request.querystring|path|header.NAME: true or false."
            parts.template.notes.error("parameter", message, value.key_source, remedy)
            continue
        made = {
            "name": workshop.scalar(words[3], value.node),
            "in": workshop.scalar(_PLACES[words[2]], value.node),
            "required": value.node,
        }
        found.append(workshop.map(made, value.node))
    return workshop.list(found, cursor.node)


def _responses(parts: Parts, cursor: Cursor) -> Node:
    workshop = parts.template.workshop
    found: dict[str, Node] = {}
    responses = cursor.get("MethodResponses")
    for item in responses.items() if responses is not None else ():
        headers: dict[str, Node] = {}
        for key, value in parts.context.mapping(item, "ResponseParameters"):
            prefix, name = key[:23], key[23:]
            if prefix == "method.response.header." and name:
                headers[name] = workshop.map({}, value.node)
            else:
                message = f"Invalid mapping expression specified: {key}"
                remedy = "Write method.response.header.NAME: true."
                parts.template.notes.error("parameter", message, value.key_source, remedy)
        entries: dict[str, Node] = {"headers": workshop.map(headers, item.node)}
        models = item.get("ResponseModels")
        if models is not None:
            entries["content"] = _content(parts, models)
        found[parts.context.text(item, "StatusCode") or ""] = workshop.map(entries, item.node)
    return workshop.map(found, responses.node if responses is not None else cursor.node)


def _content(parts: Parts, models: Cursor) -> Node:
    """Models by media type; `Empty` and `Error` are Amazon's own."""
    workshop = parts.template.workshop
    found: dict[str, Node] = {}
    for media_type, name in models.entries():
        reference = workshop.scalar(f"#/components/schemas/{name.text}", name.node)
        schema = workshop.map({"$ref": reference}, name.node)
        found[media_type] = workshop.map({"schema": schema}, name.node)
    return workshop.map(found, models.node)


def _security(parts: Parts, part: Part, names: dict[str, str]) -> dict[str, Node]:
    workshop, cursor = parts.template.workshop, part.cursor
    kind = cursor.get("AuthorizationType")
    needs: dict[str, Node] = {}
    entries: dict[str, Node] = {}
    demanded = kind.text.upper() if kind is not None else "NONE"
    if kind is not None and demanded == "AWS_IAM":
        auth = workshop.map({"type": workshop.scalar("AWS_IAM", kind.node)}, kind.node)
        entries["x-amazon-apigateway-auth"] = auth
    elif kind is not None and demanded in ("CUSTOM", "COGNITO_USER_POOLS"):
        authorizer = cursor.get("AuthorizerId")
        name = names.get(authorizer.text) if authorizer is not None else None
        if name is None:
            _invalid_authorizer(parts, (authorizer or kind).source)
        else:
            scopes = cursor.get("AuthorizationScopes")
            needs[name] = scopes.node if scopes is not None else workshop.list([], kind.node)
    elif kind is not None and demanded != "NONE":
        message = f"AuthorizationType {kind.text!r} is none; NONE is assumed"
        remedy = "Use NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS."
        parts.template.notes.error("unknown-value", message, kind.source, remedy)
    if parts.context.flag(cursor, "ApiKeyRequired"):
        key = cursor.get("ApiKeyRequired")
        assert key is not None
        needs["api_key"] = workshop.list([], key.node)
    requirement = [workshop.map(needs, cursor.node)] if needs else []
    entries["security"] = workshop.list(requirement, cursor.node)
    return entries


def _invalid_authorizer(parts: Parts, source: Source) -> None:
    message = (
        "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
        "COGNITO_USER_POOLS requires a valid authorizer."
    )
    remedy = "AuthorizerId is !Ref of an AWS::ApiGateway::Authorizer of this API."
    parts.template.notes.error("invalid-authorizer", message, source, remedy)


_RENAMED = {"IntegrationHttpMethod": "httpMethod"}


def integration_of(parts: Parts, cursor: Cursor) -> Node:
    """`Integration` with the names of `x-amazon-apigateway-integration`."""
    workshop, node = parts.template.workshop, cursor.node
    if not isinstance(node, MapNode):
        return node
    pairs = {}
    for name, pair in node.entries.items():
        # What CloudFormation does not know has been said.
        if name != "IntegrationResponses" and name in INTEGRATION:
            pairs[_RENAMED.get(name) or name[:1].lower() + name[1:]] = pair
    responses = cursor.get("IntegrationResponses")
    if responses is not None:
        made: dict[str, Node] = {}
        statuses: dict[str, str] = {}
        for item in responses.items():
            pattern = parts.context.text(item, "SelectionPattern") or "default"
            status = parts.context.text(item, "StatusCode") or ""
            if pattern in made:
                message = f"a second integration response has the selection pattern {pattern}"
                remedy = "Only the lowest status is chosen; give each its own pattern."
                parts.template.notes.warning("same-pattern", message, item.source, remedy)
                # Of several that match the lowest counts (fact 157).
                if statuses[pattern] <= status:
                    continue
            made[pattern], statuses[pattern] = lowered(parts, item), status
        pairs["responses"] = (node.entries["IntegrationResponses"][0], workshop.map(made, node))
    return workshop.map_of_pairs(pairs, node)


def lowered(parts: Parts, cursor: Cursor) -> Node:
    """A mapping with its keys' first letters small, as OpenAPI extensions write them."""
    node = cursor.node
    if not isinstance(node, MapNode):
        return node
    pairs = {name[:1].lower() + name[1:]: pair for name, pair in node.entries.items()}
    pairs.pop("selectionPattern", None)
    return parts.template.workshop.map_of_pairs(pairs, node)

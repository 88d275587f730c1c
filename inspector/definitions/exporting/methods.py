"""A method as an operation: parameters, bodies, responses, security, and its integration."""

from __future__ import annotations

from typing import Any

from inspector.definitions.exporting import security
from inspector.definitions.exporting.dialect import Dialect
from inspector.definitions.exporting.integrations import integration_of
from inspector.model import Method, MethodResponse

_PLACES = {"querystring": "query", "header": "header", "path": "path"}
_HEADER = "method.response.header."


def key_of(verb: str) -> str:
    """The key of an operation in its path item."""
    return "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()


def operation(method: Method, dialect: Dialect) -> dict[str, Any]:
    """One operation, its keys in the order of Amazon's exports."""
    found: dict[str, Any] = {}
    if method.operation_name:
        found["operationId"] = method.operation_name
    if dialect.swagger:
        found |= _media_types(method)
    parameters = _parameters(method, dialect)
    if parameters:
        found["parameters"] = parameters
    if method.request_models and not dialect.swagger:
        content = _content(method.request_models, dialect)
        found["requestBody"] = {"content": content, "required": True}
    # Swagger demands the key, OpenAPI leaves it out: the guide's sample of API keys, of 2024.
    if method.responses or dialect.swagger:
        found["responses"] = {
            status: _response(response, dialect) for status, response in method.responses.items()
        }
    demands = security.requirements(method)
    if demands:
        found["security"] = demands
    if method.request_validator and dialect.integrations:
        found["x-amazon-apigateway-request-validator"] = method.request_validator
    if method.integration is not None and dialect.integrations:
        found["x-amazon-apigateway-integration"] = integration_of(
            method.integration, swagger=dialect.swagger
        )
    return found


def _parameters(method: Method, dialect: Dialect) -> list[dict[str, Any]]:
    found = []
    for target, required in method.request_parameters.items():
        place, _, name = target.removeprefix("method.request.").partition(".")
        parameter: dict[str, Any] = {"name": name, "in": _PLACES[place]}
        # Fact 282: OpenAPI leaves out what is false.
        if required or dialect.swagger:
            parameter["required"] = required
        found.append({**parameter, **dialect.typed()})
    if dialect.swagger and method.request_models:
        model = next(iter(method.request_models.values()))
        found.append(
            {"in": "body", "name": model, "required": True, "schema": dialect.reference(model)}
        )
    return found


def _response(response: MethodResponse, dialect: Dialect) -> dict[str, Any]:
    found: dict[str, Any] = {"description": f"{response.status} response"}
    headers = {
        target.removeprefix(_HEADER): dialect.typed()
        for target in response.parameters
        if target.startswith(_HEADER)
    }
    if dialect.swagger:
        if response.models:
            found["schema"] = dialect.reference(next(iter(response.models.values())))
        return {**found, "headers": headers} if headers else found
    if headers:
        found["headers"] = headers
    found["content"] = _content(response.models, dialect)
    return found


def _content(models: Any, dialect: Dialect) -> dict[str, Any]:
    return {media_type: {"schema": dialect.reference(name)} for media_type, name in models.items()}


def _media_types(method: Method) -> dict[str, list[str]]:
    """Swagger's `consumes` and `produces`: those of the models and of the templates (recorded)."""
    integration = method.integration
    templates = integration.request_templates if integration else {}
    consumed = dict.fromkeys([*method.request_models, *templates])
    produced = dict.fromkeys(
        media_type for response in method.responses.values() for media_type in response.models
    )
    for answer in integration.responses if integration else ():
        produced |= dict.fromkeys(answer.templates)
    lists = {"consumes": list(consumed), "produces": list(produced)}
    return {name: types for name, types in lists.items() if types}

"""One operation of a path item to a Method."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.bodies import read_method_responses, read_request_models
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.credential_rules import check_credentials
from inspector.definitions.openapi.extensions import check_extensions
from inspector.definitions.openapi.integrations import read_integration
from inspector.definitions.openapi.mapping_rules import check_mappings
from inspector.definitions.openapi.parameters import read_parameters
from inspector.definitions.openapi.place import Place
from inspector.definitions.openapi.schemas import Schemas
from inspector.definitions.openapi.security import Security
from inspector.definitions.openapi.validators import Validators
from inspector.model import Integration, Method

_INTEGRATION = "x-amazon-apigateway-integration"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the document declares once and methods refer to."""

    schemas: Schemas
    security: Security
    validators: Validators


def read_method(
    context: Context, declared: Declared, shared: Cursor | None, operation: Cursor, place: Place
) -> Method:
    """`shared` holds the path item's own parameters."""
    check_extensions(operation, "operation", context.notes)
    parameters = read_parameters(context, shared, operation, place)
    access = declared.security.access(operation, place)
    method = Method(
        http_method=place.method,
        source=operation.key_source,
        integration=_integration(context, operation, place),
        authorization_type=access.authorization_type,
        authorizer=access.authorizer,
        authorization_scopes=access.scopes,
        api_key_required=access.api_key_required,
        operation_name=context.text(operation, "operationId"),
        request_parameters=parameters.required,
        request_models=read_request_models(context, declared.schemas, operation, parameters.body),
        request_validator=declared.validators.chosen(operation),
        responses=read_method_responses(context, declared.schemas, operation),
    )
    check_mappings(method, place, context.notes)
    check_credentials(method, place, context.notes)
    return method


def _integration(context: Context, operation: Cursor, place: Place) -> Integration | None:
    cursor = operation.get(_INTEGRATION)
    if cursor is None or cursor.is_null:
        context.notes.error(
            "no-integration",
            f"No integration defined for method: {place.method} {place.path}",
            operation.key_source,
            f"Add {_INTEGRATION}; Amazon imports such a method but refuses to deploy it.",
        )
        return None
    return read_integration(context, cursor, place)

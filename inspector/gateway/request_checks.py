"""What a method's request validator checks, compiled once.

Sources: facts 6, 7, 38, 217-228 (recorded); developer guide, "Request validation": a required
parameter must be there and not blank; a model is chosen by media type, `$default` for all others,
and without one the body is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inspector.gateway.client_view import ClientView
from inspector.gateway.schema import BodySchema, Schemas
from inspector.model import Method, RestApi

Reader = Callable[[ClientView], str | None]


@dataclass(frozen=True, slots=True)
class RequiredParameter:
    """A parameter that has to be there: `method.request.header.X` as `X`, and how it is read."""

    target: str
    name: str
    read: Reader


@dataclass(frozen=True, slots=True)
class RequestChecks:
    """Empty for a method without validator: then nothing is checked (225)."""

    parameters: tuple[RequiredParameter, ...] = ()
    bodies: Mapping[str, BodySchema] = field(default_factory=dict)

    def missing(self, client: ClientView) -> list[str]:
        """The names of required parameters that are absent or blank, in Amazon's order (217)."""
        return [each.name for each in self.parameters if not each.read(client)]

    def body_schema(self, media_type: str) -> BodySchema | None:
        """The schema for a body of this media type, if any."""
        return self.bodies.get(media_type) or self.bodies.get("$default")


NO_CHECKS = RequestChecks()


def compile_checks(api: RestApi, method: Method, schemas: Schemas) -> RequestChecks:
    """The checks of one method under the validator that it names."""
    validator = api.validators.get(method.request_validator or "")
    if validator is None:
        return NO_CHECKS
    parameters: tuple[RequiredParameter, ...] = ()
    bodies: dict[str, BodySchema] = {}
    if validator.validate_parameters:
        required = sorted(name for name, needed in method.request_parameters.items() if needed)
        parameters = tuple(_parameter(target) for target in required)
    if validator.validate_body:
        for media_type, name in method.request_models.items():
            schema = schemas.of(name)
            if schema is not None:
                bodies[media_type.lower()] = schema
    return RequestChecks(parameters, bodies)


def _parameter(target: str) -> RequiredParameter:
    place, _, name = target.removeprefix("method.request.").partition(".")
    values = _READERS.get(place, _nothing)

    def read(client: ClientView) -> str | None:
        return values(client).get(name)

    return RequiredParameter(target, name, read)


def _nothing(_client: ClientView) -> Mapping[str, str]:
    return {}


#: Header names are compared with case (228, claimed).
_READERS: Mapping[str, Callable[[ClientView], Mapping[str, str]]] = {
    "header": lambda client: client.header_values,
    "path": lambda client: client.path_parameters,
    "querystring": lambda client: client.query_values,
}

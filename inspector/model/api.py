"""An API as declared: frozen values, each knowing where it stands in the user's files.

The names are those of the API Gateway API reference (RestApi, Resource, Method, Stage …).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from inspector.model.authorizer import Authorizer
from inspector.model.grants import Grants
from inspector.model.integration import Integration, ParameterMapping, Template
from inspector.model.place import served_at
from inspector.model.source import Source
from inspector.model.stage import Stage

EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MethodResponse:
    """A status that a method declares. `parameters` such as `method.response.header.X`."""

    status: str
    parameters: tuple[str, ...]
    models: Mapping[str, str]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A verb on a resource. `http_method` is upper case, or `ANY`.

    `request_parameters` maps `method.request.header.X` and the like to whether it is required;
    `request_models` maps a media type to the name of a Model. `integration` is None where the
    document declares none (Amazon refuses to deploy such a method).
    """

    http_method: str
    source: Source
    integration: Integration | None
    authorization_type: str = "NONE"
    authorizer: str | None = None
    authorization_scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    operation_name: str | None = None
    request_parameters: Mapping[str, bool] = field(default_factory=lambda: EMPTY)
    request_models: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    request_validator: str | None = None
    responses: Mapping[str, MethodResponse] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Resource:
    """A path of the API, such as `/pets/{petId}` or `/{proxy+}`. `methods` by upper-case verb."""

    id: str
    path: str
    methods: Mapping[str, Method]
    source: Source


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """An answer the gateway makes itself. `type` such as `ACCESS_DENIED` or `DEFAULT_4XX`.

    `status` and `templates` are None where the document leaves them to Amazon's built-in values
    (facts 20 and 21). `parameters` target `gatewayresponse.header.X`.
    """

    type: str
    status: int | None
    parameters: tuple[ParameterMapping, ...]
    templates: Mapping[str, Template] | None
    source: Source


@dataclass(frozen=True, slots=True)
class Model:
    """A JSON Schema (draft 4) by name, as plain data."""

    name: str
    content_type: str
    schema: Mapping[str, Any]
    source: Source


@dataclass(frozen=True, slots=True)
class RequestValidator:
    """What a method checks before its integration."""

    name: str
    validate_body: bool
    validate_parameters: bool
    source: Source


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The API's own access policy, an IAM policy document as plain data.

    `places` by JSON pointer within the document (`/Statement/0/Resource`).
    """

    document: Mapping[str, Any]
    source: Source
    places: Mapping[str, Source] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi:
    """A REST API with everything needed to answer as Amazon would.

    `id`, `account` and `region` are stable defaults from the definition unless the user sets them.
    """

    id: str
    name: str
    source: Source
    account: str
    region: str
    version: str | None = None
    description: str | None = None
    endpoint_type: Literal["REGIONAL", "EDGE", "PRIVATE"] = "REGIONAL"
    resources: tuple[Resource, ...] = ()
    stages: tuple[Stage, ...] = ()
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=lambda: EMPTY)
    models: Mapping[str, Model] = field(default_factory=lambda: EMPTY)
    validators: Mapping[str, RequestValidator] = field(default_factory=lambda: EMPTY)
    binary_media_types: tuple[str, ...] = ()
    api_key_source: Literal["HEADER", "AUTHORIZER"] = "HEADER"
    minimum_compression_size: int | None = None
    disable_execute_api_endpoint: bool = False
    authorizers: Mapping[str, Authorizer] = field(default_factory=lambda: EMPTY)
    policy: ResourcePolicy | None = None
    vpc_endpoint_ids: tuple[str, ...] = ()
    grants: Grants | None = None

    @property
    def host(self) -> str:
        """The name under which Amazon would serve it."""
        return served_at(self.id, self.region)

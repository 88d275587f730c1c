"""HTTP APIs: routes by key, integrations without templates, JWT and Lambda authorizers, CORS.

Names follow version 2 of the API Gateway API reference (Api, Route, Integration, Authorizer).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from inspector.model.grants import Grants
from inspector.model.integration import ParameterMapping
from inspector.model.place import served_at
from inspector.model.source import Source
from inspector.model.stage import Stage

_EMPTY: Mapping[str, Any] = MappingProxyType({})
PayloadVersion = Literal["1.0", "2.0"]

#: Amazon's limit for an integration of an HTTP API (facts, section 2), milliseconds.
HTTP_TIMEOUT_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """`x-amazon-apigateway-cors` / CorsConfiguration. `max_age` in seconds."""

    source: Source
    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    max_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiIntegration:
    """What a route does with its request.

    `uri` is a URL, a function's ARN or invocation URI, or None where a `subtype` (such as
    `SQS-SendMessage`) says which action is called; its parameters are `request_parameters` then.
    `response_parameters` by backend status. `tls_server_name` is what the backend's certificate
    must be for. `streams`: a function's answer is passed on as it comes (of a function URL alone).
    """

    id: str
    type: Literal["HTTP_PROXY", "AWS_PROXY"]
    source: Source
    uri: str | None = None
    method: str | None = None
    subtype: str | None = None
    payload_version: PayloadVersion = "1.0"
    request_parameters: tuple[ParameterMapping, ...] = ()
    response_parameters: Mapping[str, tuple[ParameterMapping, ...]] = field(
        default_factory=lambda: _EMPTY
    )
    timeout_ms: int = HTTP_TIMEOUT_MS
    tls_server_name: str | None = None
    connection_type: Literal["INTERNET", "VPC_LINK"] = "INTERNET"
    connection_id: str | None = None
    credentials: str | None = None
    description: str | None = None
    streams: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtAuthorizer:
    """Tokens of one issuer. `audience` holds the client ids, one of which must be in the token."""

    name: str
    source: Source
    identity_source: tuple[str, ...]
    issuer: str
    audience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequestAuthorizer:
    """A function that decides. `ttl_seconds` 0: not cached. `identity_source` may be empty."""

    name: str
    source: Source
    uri: str
    identity_source: tuple[str, ...] = ()
    payload_version: PayloadVersion = "1.0"
    simple_responses: bool = False
    ttl_seconds: int | None = None
    credentials: str | None = None


HttpAuthorizer = JwtAuthorizer | HttpRequestAuthorizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route of an HTTP or WebSocket API.

    `key` is `METHOD /path`, `ANY /path`, `$default`, or a WebSocket route key. `integration` and
    `authorizer` name entries of the API's mappings.
    """

    id: str
    key: str
    source: Source
    integration: str | None = None
    authorization_type: Literal["NONE", "AWS_IAM", "CUSTOM", "JWT"] = "NONE"
    authorizer: str | None = None
    authorization_scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    operation_name: str | None = None
    route_response_selection: str | None = None
    model_selection: str | None = None
    request_models: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    responses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """An HTTP API. `routes` by route key; `integrations` by id, `authorizers` by name.

    `function_url`: it is the URL of a Lambda function, which answers as an HTTP API whose
    `$default` route is that function does, but for what `gateway.http_api.surface` says.
    """

    id: str
    name: str
    source: Source
    account: str
    region: str
    version: str | None = None
    description: str | None = None
    routes: Mapping[str, Route] = field(default_factory=lambda: _EMPTY)
    integrations: Mapping[str, HttpApiIntegration] = field(default_factory=lambda: _EMPTY)
    authorizers: Mapping[str, HttpAuthorizer] = field(default_factory=lambda: _EMPTY)
    cors: Cors | None = None
    stages: tuple[Stage, ...] = ()
    disable_execute_api_endpoint: bool = False
    grants: Grants | None = None
    function_url: bool = False

    @property
    def host(self) -> str:
        """The name under which Amazon would serve it."""
        if self.function_url:
            return f"{self.id}.lambda-url.{self.region}.on.aws"
        return served_at(self.id, self.region)

"""What a method does with a request: one class for each type of integration.

Field names follow the `x-amazon-apigateway-integration` object and the API Gateway API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from inspector.model.source import Source

PassthroughBehavior = Literal["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]
ContentHandling = Literal["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"]

#: Amazon's limit for an integration (fact 152), milliseconds.
DEFAULT_TIMEOUT_MS = 29_000


@dataclass(frozen=True, slots=True)
class Template:
    """A mapping template. `source` points at its first character in the definition file."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class ParameterMapping:
    """One entry of requestParameters or responseParameters.

    `target` such as `integration.request.header.X`, `expression` such as
    `method.request.querystring.y`, `'a literal'` or `context.requestId`.
    """

    target: str
    expression: str
    source: Source


Templates = Mapping[str, Template]
_NONE: Templates = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """How an answer of the backend becomes an answer of the API.

    `selection_pattern` is None for the default entry. `templates` by media type.
    """

    status: str
    selection_pattern: str | None
    parameters: tuple[ParameterMapping, ...]
    templates: Templates
    content_handling: ContentHandling | None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseIntegration:
    """What all types of integration declare."""

    source: Source
    request_parameters: tuple[ParameterMapping, ...] = ()
    request_templates: Templates = field(default_factory=lambda: _NONE)
    passthrough_behavior: PassthroughBehavior = "WHEN_NO_MATCH"
    content_handling: ContentHandling | None = None
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    responses: tuple[IntegrationResponse, ...] = ()
    cache_key_parameters: tuple[str, ...] = ()
    cache_namespace: str | None = None
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock(BaseIntegration):
    """`type: mock`: the gateway answers by itself, with the status its request template renders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoint(BaseIntegration):
    """An integration that calls something. `http_method` may be `ANY`: the client's is sent."""

    http_method: str
    uri: str
    response_transfer_mode: Literal["BUFFERED", "STREAM"] = "BUFFERED"
    tls_insecure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(_Endpoint):
    """`type: http`: an HTTP backend behind mappings in both directions."""

    connection_type: Literal["INTERNET", "VPC_LINK"] = "INTERNET"
    connection_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpProxy(_Endpoint):
    """`type: http_proxy`: an HTTP backend, requests and answers passed through."""

    connection_type: Literal["INTERNET", "VPC_LINK"] = "INTERNET"
    connection_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaProxy(_Endpoint):
    """`type: aws_proxy` with a function: the request is the event, the answer the response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lambda(_Endpoint):
    """`type: aws` with a function: mapped event in, mapped result out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsService(_Endpoint):
    """`type: aws` with an action or path of another AWS service."""

    service: str = ""
    subdomain: str = ""


Integration = Mock | Http | HttpProxy | LambdaProxy | Lambda | AwsService

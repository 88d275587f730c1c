"""WebSocket APIs: messages chosen to routes by an expression, integrations with templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from inspector.model.api import Model
from inspector.model.grants import Grants
from inspector.model.http_api import HttpRequestAuthorizer, Route
from inspector.model.integration import (
    DEFAULT_TIMEOUT_MS,
    ContentHandling,
    ParameterMapping,
    PassthroughBehavior,
    Template,
)
from inspector.model.place import served_at
from inspector.model.source import Source
from inspector.model.stage import Stage

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketIntegrationResponse:
    """`key` such as `$default` or `/5../`, matched with the integration's answer."""

    key: str
    source: Source
    parameters: tuple[ParameterMapping, ...] = ()
    templates: Mapping[str, Template] = field(default_factory=lambda: _EMPTY)
    template_selection: str | None = None
    content_handling: ContentHandling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketIntegration:
    """What a route does with a message. `request_templates` by template selection key."""

    id: str
    type: Literal["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]
    source: Source
    uri: str | None = None
    method: str | None = None
    request_parameters: tuple[ParameterMapping, ...] = ()
    request_templates: Mapping[str, Template] = field(default_factory=lambda: _EMPTY)
    template_selection: str | None = None
    passthrough_behavior: PassthroughBehavior = "WHEN_NO_MATCH"
    content_handling: ContentHandling | None = None
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    connection_type: Literal["INTERNET", "VPC_LINK"] = "INTERNET"
    connection_id: str | None = None
    credentials: str | None = None
    response_selection: str | None = None
    responses: tuple[WebSocketIntegrationResponse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketApi:
    """A WebSocket API. `routes` by route key; `integrations` by id, `authorizers` by name."""

    id: str
    name: str
    source: Source
    account: str
    region: str
    route_selection_expression: str
    api_key_selection_expression: str | None = None
    version: str | None = None
    description: str | None = None
    routes: Mapping[str, Route] = field(default_factory=lambda: _EMPTY)
    integrations: Mapping[str, WebSocketIntegration] = field(default_factory=lambda: _EMPTY)
    authorizers: Mapping[str, HttpRequestAuthorizer] = field(default_factory=lambda: _EMPTY)
    models: Mapping[str, Model] = field(default_factory=lambda: _EMPTY)
    stages: tuple[Stage, ...] = ()
    disable_execute_api_endpoint: bool = False
    grants: Grants | None = None

    @property
    def host(self) -> str:
        """The name under which Amazon would serve it."""
        return served_at(self.id, self.region)

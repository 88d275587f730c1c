"""A stage and everything that is set on it: throttles, caches, canaries, logs, routes' settings.

Names follow the API Gateway API reference (Stage, MethodSetting, CanarySettings) and, for HTTP
and WebSocket APIs, version 2 of it (RouteSettings).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from inspector.model.source import Source

if TYPE_CHECKING:
    from inspector.model.api import RestApi

_EMPTY: Mapping[str, Any] = MappingProxyType({})

UnauthorizedStrategy = Literal[
    "FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"
]
LoggingLevel = Literal["OFF", "ERROR", "INFO"]


@dataclass(frozen=True, slots=True)
class Throttle:
    """A token bucket: `rate` tokens a second, `burst` at most; None: not set here."""

    rate: float | None
    burst: int | None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSettings:
    """What a stage sets for one method, or for all. None: not set, a wider setting counts.

    `cache_ttl_seconds` 0 to 3600 (Amazon's default is 300).
    """

    source: Source
    throttle: Throttle | None = None
    caching_enabled: bool | None = None
    cache_ttl_seconds: int | None = None
    cache_data_encrypted: bool | None = None
    require_authorization_for_cache_control: bool | None = None
    unauthorized_cache_control_header_strategy: UnauthorizedStrategy | None = None
    metrics_enabled: bool | None = None
    logging_level: LoggingLevel | None = None
    data_trace_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSettings:
    """The same for a route of an HTTP or WebSocket API, by route key."""

    source: Source
    throttle: Throttle | None = None
    detailed_metrics_enabled: bool | None = None
    logging_level: LoggingLevel | None = None
    data_trace_enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A second deployment that gets `percent` (0 to 100) of a stage's traffic.

    `variables` override the stage's. `deployment` is the id of the deployment it serves, `api` what
    that deployment holds where it is not what the stage serves.
    """

    source: Source
    percent: float = 0.0
    variables: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    deployment: str | None = None
    use_stage_cache: bool = False
    api: RestApi | None = None


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Where a line for each request goes (`destination`, an ARN) and the template it is made of."""

    destination: str | None
    format: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Stage:
    """A name under which a deployment of the API is reached.

    `method_settings` by `/path/METHOD`, with real slashes (`/pets/{petId}/GET`; the root is
    `//GET`); `*/*` is every method's, `/path/*` is not known to Amazon. `cache_cluster_size` in GB
    as Amazon spells it (`0.5`, `6.1` …). `route_settings` by route key, for HTTP and WebSocket
    APIs only. `deployment` is the id of what it serves, None where the file does not say.
    """

    name: str
    variables: Mapping[str, str]
    source: Source
    method_settings: Mapping[str, MethodSettings] = field(default_factory=lambda: _EMPTY)
    cache_cluster_enabled: bool = False
    cache_cluster_size: str | None = None
    canary: Canary | None = None
    access_log: AccessLog | None = None
    client_certificate: str | None = None
    xray_enabled: bool = False
    deployment: str | None = None
    description: str | None = None
    default_route_settings: RouteSettings | None = None
    route_settings: Mapping[str, RouteSettings] = field(default_factory=lambda: _EMPTY)
    auto_deploy: bool = False

    @property
    def prefix(self) -> str:
        """What paths begin with: `/name`, nothing for the `$default` stage of an HTTP API."""
        return "" if self.name == "$default" else f"/{self.name}"

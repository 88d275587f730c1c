"""Everything that definition files declare together."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.model.api import RestApi
from inspector.model.domain import DomainName
from inspector.model.function import Function
from inspector.model.http_api import HttpApi
from inspector.model.plans import ApiKey, UsagePlan
from inspector.model.source import Source
from inspector.model.websocket_api import WebSocketApi

Api = RestApi | HttpApi | WebSocketApi
#: The kinds that the gateway answers.
Servable = Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`AWS::ApiGateway::Account`: the role that API Gateway writes its logs with."""

    source: Source
    cloudwatch_role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """APIs of all kinds and what stands beside them."""

    apis: tuple[Api, ...] = ()
    api_keys: tuple[ApiKey, ...] = ()
    usage_plans: tuple[UsagePlan, ...] = ()
    domains: tuple[DomainName, ...] = ()
    functions: tuple[Function, ...] = ()
    account: Account | None = None

    @property
    def rest_apis(self) -> tuple[RestApi, ...]:
        """The REST APIs among them."""
        return tuple(api for api in self.apis if isinstance(api, RestApi))

    @property
    def servable(self) -> tuple[Servable, ...]:
        """Those that the gateway answers: all of them."""
        return self.apis

    @property
    def http_apis(self) -> tuple[HttpApi, ...]:
        """The HTTP APIs among them."""
        return tuple(api for api in self.apis if isinstance(api, HttpApi))

    @property
    def websocket_apis(self) -> tuple[WebSocketApi, ...]:
        """The WebSocket APIs among them."""
        return tuple(api for api in self.apis if isinstance(api, WebSocketApi))

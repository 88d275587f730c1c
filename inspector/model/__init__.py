"""The API as declared: frozen values, each knowing its source line. Imports nothing of ours."""

from __future__ import annotations

from inspector.model.api import (
    GatewayResponse,
    Method,
    MethodResponse,
    Model,
    RequestValidator,
    Resource,
    ResourcePolicy,
    RestApi,
)
from inspector.model.authorizer import (
    Authorizer,
    BaseAuthorizer,
    CognitoAuthorizer,
    RequestAuthorizer,
    TokenAuthorizer,
)
from inspector.model.definition import Account, Api, Definition, Servable
from inspector.model.domain import (
    DomainMapping,
    DomainName,
    HeaderMatch,
    RoutingCondition,
    RoutingRule,
)
from inspector.model.function import Function, FunctionAlias, Permission
from inspector.model.grants import Grants, Role
from inspector.model.http_api import (
    HTTP_TIMEOUT_MS,
    Cors,
    HttpApi,
    HttpApiIntegration,
    HttpAuthorizer,
    HttpRequestAuthorizer,
    JwtAuthorizer,
    Route,
)
from inspector.model.integration import (
    DEFAULT_TIMEOUT_MS,
    AwsService,
    BaseIntegration,
    Http,
    HttpProxy,
    Integration,
    IntegrationResponse,
    Lambda,
    LambdaProxy,
    Mock,
    ParameterMapping,
    Template,
)
from inspector.model.plans import ApiKey, PlanStage, Quota, StageKey, UsagePlan
from inspector.model.source import Source
from inspector.model.stage import AccessLog, Canary, MethodSettings, RouteSettings, Stage, Throttle
from inspector.model.websocket_api import (
    WebSocketApi,
    WebSocketIntegration,
    WebSocketIntegrationResponse,
)

__all__ = [
    "DEFAULT_TIMEOUT_MS",
    "HTTP_TIMEOUT_MS",
    "AccessLog",
    "Account",
    "Api",
    "ApiKey",
    "Authorizer",
    "AwsService",
    "BaseAuthorizer",
    "BaseIntegration",
    "Canary",
    "CognitoAuthorizer",
    "Cors",
    "Definition",
    "DomainMapping",
    "DomainName",
    "Function",
    "FunctionAlias",
    "GatewayResponse",
    "Grants",
    "HeaderMatch",
    "Http",
    "HttpApi",
    "HttpApiIntegration",
    "HttpAuthorizer",
    "HttpProxy",
    "HttpRequestAuthorizer",
    "Integration",
    "IntegrationResponse",
    "JwtAuthorizer",
    "Lambda",
    "LambdaProxy",
    "Method",
    "MethodResponse",
    "MethodSettings",
    "Mock",
    "Model",
    "ParameterMapping",
    "Permission",
    "PlanStage",
    "Quota",
    "RequestAuthorizer",
    "RequestValidator",
    "Resource",
    "ResourcePolicy",
    "RestApi",
    "Role",
    "Route",
    "RouteSettings",
    "RoutingCondition",
    "RoutingRule",
    "Servable",
    "Source",
    "Stage",
    "StageKey",
    "Template",
    "Throttle",
    "TokenAuthorizer",
    "UsagePlan",
    "WebSocketApi",
    "WebSocketIntegration",
    "WebSocketIntegrationResponse",
]

"""The API as declared: frozen values, each knowing its source line. Imports nothing of ours."""

from __future__ import annotations

from inspector.model.api import (
    Api,
    GatewayResponse,
    Method,
    MethodResponse,
    Model,
    RequestValidator,
    Resource,
    ResourcePolicy,
    RestApi,
    Stage,
)
from inspector.model.authorizer import (
    Authorizer,
    BaseAuthorizer,
    CognitoAuthorizer,
    RequestAuthorizer,
    TokenAuthorizer,
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
from inspector.model.source import Source

__all__ = [
    "DEFAULT_TIMEOUT_MS",
    "Api",
    "Authorizer",
    "AwsService",
    "BaseAuthorizer",
    "BaseIntegration",
    "CognitoAuthorizer",
    "GatewayResponse",
    "Http",
    "HttpProxy",
    "Integration",
    "IntegrationResponse",
    "Lambda",
    "LambdaProxy",
    "Method",
    "MethodResponse",
    "Mock",
    "Model",
    "ParameterMapping",
    "RequestAuthorizer",
    "RequestValidator",
    "Resource",
    "ResourcePolicy",
    "RestApi",
    "Source",
    "Stage",
    "Template",
    "TokenAuthorizer",
]

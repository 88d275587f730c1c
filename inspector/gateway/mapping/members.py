"""The members of `$context` that Amazon documents, by kind of API.

From logs-and-metrics.md section 4 (the pages on mapping templates, access logging and WebSocket
variables) and facts 96-103. A `*` stands for any one name.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class ApiKind(StrEnum):
    """Whose `$context` it is."""

    REST = "rest"
    HTTP = "http"
    WEBSOCKET = "websocket"


_IDENTITY: Final = """
    accountId apiKey apiKeyId caller cognitoAuthenticationProvider cognitoAuthenticationType
    cognitoIdentityId cognitoIdentityPoolId principalOrgId sourceIp user userAgent userArn
    clientCert.clientCertPem clientCert.subjectDN clientCert.issuerDN clientCert.serialNumber
    clientCert.validity.notBefore clientCert.validity.notAfter accessKey
"""
_ERRORS: Final = "error.message error.messageString error.responseType"
_PHASE: Final = ("error", "latency", "status")
_INTEGRATION: Final = """
    integration.error integration.integrationStatus integration.latency integration.requestId
    integration.status integrationErrorMessage integrationLatency integrationStatus
"""
_AUTHORIZER_LOG: Final = """
    authorizer.error authorizer.integrationLatency authorizer.integrationStatus authorizer.latency
    authorizer.requestId authorizer.status
"""


def _names(*texts: str) -> frozenset[str]:
    return frozenset(name for text in texts for name in text.split())


def _phases(*phases: str) -> str:
    return " ".join(f"{phase}.{member}" for phase in phases for member in _PHASE)


def _identity() -> str:
    return " ".join(f"identity.{name}" for name in _IDENTITY.split())


_REST: Final = _names(
    """accountId apiId authorizer.claims.* authorizer.principalId authorizer.* awsEndpointRequestId
    deploymentId domainName domainPrefix error.validationErrorString extendedRequestId httpMethod
    isCanaryRequest path protocol requestId requestOverride.header.* requestOverride.path.*
    requestOverride.querystring.* requestTime requestTimeEpoch resourceId resourcePath
    responseOverride.header.* responseOverride.status stage wafResponseCode webaclArn""",
    _ERRORS,
    _identity(),
)
_HTTP: Final = _names(
    """accountId apiId authorizer.claims.* authorizer.error authorizer.principalId authorizer.*
    awsEndpointRequestId awsEndpointRequestId2 customDomain.basePathMatched dataProcessed domainName
    domainPrefix extendedRequestId httpMethod path protocol requestId requestTime requestTimeEpoch
    responseLatency responseLength routeKey stage status""",
    _ERRORS,
    _INTEGRATION,
    _identity(),
)
_WEBSOCKET: Final = _names(
    """apiId authorizer.principalId authorizer.* connectedAt connectionId domainName
    error.validationErrorString eventType extendedRequestId messageId requestId requestTime
    requestTimeEpoch routeKey stage status""",
    _ERRORS,
    _INTEGRATION,
    _AUTHORIZER_LOG,
    _phases("authorize", "authenticate", "waf"),
    _identity(),
)
_REST_LOG: Final = _names(
    "customDomain.basePathMatched responseLatency responseLength status xrayTraceId",
    _INTEGRATION,
    _AUTHORIZER_LOG,
    _phases("authorize", "authenticate", "waf"),
)

TEMPLATE_MEMBERS: Final = {
    ApiKind.REST: _REST,
    ApiKind.HTTP: _HTTP,
    ApiKind.WEBSOCKET: _WEBSOCKET,
}
"""What templates and parameter mappings may name."""

LOG_MEMBERS: Final = {
    ApiKind.REST: _REST | _REST_LOG,
    ApiKind.HTTP: _HTTP,
    ApiKind.WEBSOCKET: _WEBSOCKET,
}
"""What access log formats may name."""


def is_member(dotted: str, members: frozenset[str]) -> bool:
    """Whether `dotted` (`identity.sourceIp`) or something below it is among `members`."""
    wanted = dotted.split(".")
    return any(_fits(wanted, name.split(".")) for name in members)


def _fits(wanted: list[str], documented: list[str]) -> bool:
    shared = zip(wanted, documented, strict=False)
    return len(wanted) <= len(documented) and all(d in ("*", w) for w, d in shared)

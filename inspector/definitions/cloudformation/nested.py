"""Properties within properties: what each may hold, and what CloudFormation does not know.

From each property type's page in the CloudFormation template reference. What holds names of the
user's own (templates, variables, tags) stands in no row, and is not looked into.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes
from inspector.definitions.openapi.extensions import guess

_ACCESS_LOG = "DestinationArn Format"
_CANARY = "DeploymentId PercentTraffic StageVariableOverrides UseStageCache"
_METHOD_SETTING = (
    "CacheDataEncrypted CacheTtlInSeconds CachingEnabled DataTraceEnabled HttpMethod LoggingLevel "
    "MetricsEnabled ResourcePath ThrottlingBurstLimit ThrottlingRateLimit"
)
_ROUTE_SETTING = (
    "DataTraceEnabled DetailedMetricsEnabled LoggingLevel ThrottlingBurstLimit ThrottlingRateLimit"
)
_ENDPOINT = "IpAddressType Types VpcEndpointIds"
_THROTTLE = "BurstLimit RateLimit"

#: By type, the path of the property, and what it may hold; lists are looked into.
_KNOWN: dict[str, dict[str, str]] = {
    "ApiGateway::ApiKey": {"StageKeys": "RestApiId StageName"},
    "ApiGateway::Deployment": {
        "DeploymentCanarySettings": "PercentTraffic StageVariableOverrides UseStageCache",
        "StageDescription": "AccessLogSetting CacheClusterEnabled CacheClusterSize "
        "CacheDataEncrypted CacheTtlInSeconds CachingEnabled CanarySetting ClientCertificateId "
        "DataTraceEnabled Description DocumentationVersion LoggingLevel MethodSettings "
        "MetricsEnabled Tags ThrottlingBurstLimit ThrottlingRateLimit TracingEnabled Variables",
        "StageDescription/AccessLogSetting": _ACCESS_LOG,
        "StageDescription/CanarySetting": _CANARY,
        "StageDescription/MethodSettings": _METHOD_SETTING,
    },
    "ApiGateway::DocumentationPart": {"Location": "Method Name Path StatusCode Type"},
    "ApiGateway::DomainName": {
        "EndpointConfiguration": _ENDPOINT,
        "MutualTlsAuthentication": "TruststoreUri TruststoreVersion",
    },
    "ApiGateway::DomainNameV2": {"EndpointConfiguration": _ENDPOINT},
    "ApiGateway::Method": {
        "Integration": "CacheKeyParameters CacheNamespace ConnectionId ConnectionType "
        "ContentHandling Credentials IntegrationHttpMethod IntegrationResponses IntegrationTarget "
        "PassthroughBehavior RequestParameters RequestTemplates ResponseTransferMode "
        "TimeoutInMillis TlsConfig Type Uri",
        "Integration/IntegrationResponses": "ContentHandling ResponseParameters ResponseTemplates "
        "SelectionPattern StatusCode",
        "Integration/TlsConfig": "InsecureSkipVerification",
        "MethodResponses": "ResponseModels ResponseParameters StatusCode",
    },
    "ApiGateway::RestApi": {
        "BodyS3Location": "Bucket ETag Key Version",
        "EndpointConfiguration": _ENDPOINT,
    },
    "ApiGateway::Stage": {
        "AccessLogSetting": _ACCESS_LOG,
        "CanarySetting": _CANARY,
        "MethodSettings": _METHOD_SETTING,
    },
    "ApiGateway::UsagePlan": {
        "ApiStages": "ApiId Stage Throttle",
        "Quota": "Limit Offset Period",
        "Throttle": _THROTTLE,
    },
    "ApiGatewayV2::Api": {
        "BodyS3Location": "Bucket Etag Key Version",
        "CorsConfiguration": "AllowCredentials AllowHeaders AllowMethods AllowOrigins "
        "ExposeHeaders MaxAge",
    },
    "ApiGatewayV2::ApiGatewayManagedOverrides": {
        "Integration": "Description IntegrationMethod PayloadFormatVersion TimeoutInMillis",
        "Route": "AuthorizationScopes AuthorizationType AuthorizerId OperationName Target",
        "Stage": "AccessLogSettings AutoDeploy DefaultRouteSettings Description RouteSettings "
        "StageVariables",
        "Stage/AccessLogSettings": _ACCESS_LOG,
        "Stage/DefaultRouteSettings": _ROUTE_SETTING,
    },
    "ApiGatewayV2::Authorizer": {"JwtConfiguration": "Audience Issuer"},
    "ApiGatewayV2::DomainName": {
        "DomainNameConfigurations": "CertificateArn CertificateName EndpointType IpAddressType "
        "OwnershipVerificationCertificateArn SecurityPolicy",
        "MutualTlsAuthentication": "TruststoreUri TruststoreVersion",
    },
    "ApiGatewayV2::Integration": {"TlsConfig": "ServerNameToVerify"},
    "ApiGatewayV2::RoutingRule": {
        "Actions": "InvokeApi",
        "Actions/InvokeApi": "ApiId Stage StripBasePath",
        "Conditions": "MatchBasePaths MatchHeaders",
        "Conditions/MatchBasePaths": "AnyOf",
        "Conditions/MatchHeaders": "AnyOf",
        "Conditions/MatchHeaders/AnyOf": "Header ValueGlob",
    },
    "ApiGatewayV2::Stage": {
        "AccessLogSettings": _ACCESS_LOG,
        "DefaultRouteSettings": _ROUTE_SETTING,
    },
}
#: Settings of Amazon's API that CloudFormation has no property for; they count here all the same.
_ONLY_BY_THE_API = frozenset(
    {"RequireAuthorizationForCacheControl", "UnauthorizedCacheControlHeaderStrategy"}
)
#: What the Integration of a method may hold.
INTEGRATION = frozenset(_KNOWN["ApiGateway::Method"]["Integration"].split())


def check_nested(kind: str, properties: Cursor, notes: Notes) -> None:
    """Note each property that no such type has, with the one that was meant."""
    for path, words in _KNOWN.get(kind.removeprefix("AWS::"), {}).items():
        known = words.split()
        for holder in _holders(properties, path.split("/")):
            for name, cursor in holder.entries():
                if name in known:
                    continue
                if name in _ONLY_BY_THE_API and "MethodSettings" in path:
                    message = f"CloudFormation has no property {name} yet; it counts here"
                    notes.warning("only-by-the-api", message, cursor.key_source)
                    continue
                message = f"Encountered unsupported property {name}"
                remedy = guess(name, sorted(known))
                notes.error("unknown-property", message, cursor.key_source, remedy)


def _holders(cursor: Cursor, path: list[str]) -> Iterator[Cursor]:
    """Every mapping at this path, through lists."""
    if cursor.is_list:
        for item in cursor.items():
            yield from _holders(item, path)
    elif not path:
        yield cursor
    else:
        child = cursor.get(path[0])
        if child is not None:
            yield from _holders(child, path[1:])

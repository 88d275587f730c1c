"""The properties of every type that is read: those required, and those without effect here.

From each type's page in the CloudFormation template reference. A `*` marks required ones, a `-`
those that change no answer of the gateway.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Properties:
    """What a type may declare."""

    all: frozenset[str]
    required: tuple[str, ...]
    inert: tuple[str, ...]


def _properties(text: str) -> Properties:
    words = text.split()
    return Properties(
        frozenset(word.strip("*-") for word in words),
        tuple(word[:-1] for word in words if word.endswith("*")),
        tuple(word[:-1] for word in words if word.endswith("-")),
    )


_REST = {
    "Account": "CloudWatchRoleArn",
    "ApiKey": "CustomerId Description Enabled GenerateDistinctId- Name StageKeys Tags Value",
    "Authorizer": "AuthType AuthorizerCredentials AuthorizerResultTtlInSeconds AuthorizerUri "
    "IdentitySource IdentityValidationExpression Name ProviderARNs RestApiId* Type*",
    "BasePathMapping": "BasePath DomainName* Id RestApiId Stage",
    "BasePathMappingV2": "BasePath DomainNameArn* RestApiId* Stage",
    "ClientCertificate": "Description Tags",
    "Deployment": "DeploymentCanarySettings Description RestApiId* StageDescription StageName",
    "DocumentationPart": "Location* Properties* RestApiId*",
    "DocumentationVersion": "Description DocumentationVersion* RestApiId*",
    "DomainName": "CertificateArn DomainName EndpointAccessMode- EndpointConfiguration "
    "MutualTlsAuthentication OwnershipVerificationCertificateArn- RegionalCertificateArn "
    "RoutingMode SecurityPolicy Tags",
    "DomainNameAccessAssociation": "AccessAssociationSource* AccessAssociationSourceType* "
    "DomainNameArn* Tags",
    "DomainNameV2": "CertificateArn DomainName EndpointAccessMode- EndpointConfiguration Policy- "
    "RoutingMode SecurityPolicy Tags",
    "GatewayResponse": "ResponseParameters ResponseTemplates ResponseType* RestApiId* StatusCode",
    "Method": "ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId HttpMethod* "
    "Integration MethodResponses OperationName RequestModels RequestParameters RequestValidatorId "
    "ResourceId* RestApiId*",
    "Model": "ContentType Description Name RestApiId* Schema",
    "RequestValidator": "Name RestApiId* ValidateRequestBody ValidateRequestParameters",
    "Resource": "ParentId* PathPart* RestApiId*",
    "RestApi": "ApiKeySourceType BinaryMediaTypes Body BodyS3Location CloneFrom Description "
    "DisableExecuteApiEndpoint EndpointAccessMode- EndpointConfiguration FailOnWarnings "
    "MinimumCompressionSize Mode Name Parameters Policy SecurityPolicy- Tags",
    "Stage": "AccessLogSetting CacheClusterEnabled CacheClusterSize CanarySetting "
    "ClientCertificateId DeploymentId Description DocumentationVersion MethodSettings RestApiId* "
    "StageName Tags TracingEnabled Variables",
    "UsagePlan": "ApiStages Description Quota Tags Throttle UsagePlanName",
    "UsagePlanKey": "KeyId* KeyType* UsagePlanId*",
    "VpcLink": "Description Name* Tags TargetArns*",
}
_V2 = {
    "Api": "ApiKeySelectionExpression BasePath Body BodyS3Location CorsConfiguration "
    "CredentialsArn Description DisableExecuteApiEndpoint DisableSchemaValidation- FailOnWarnings "
    "IpAddressType- Name ProtocolType RouteKey RouteSelectionExpression Tags Target Version",
    "ApiGatewayManagedOverrides": "ApiId* Integration Route Stage",
    "ApiMapping": "ApiId* ApiMappingKey DomainName* Stage*",
    "Authorizer": "ApiId* AuthorizerCredentialsArn AuthorizerPayloadFormatVersion "
    "AuthorizerResultTtlInSeconds AuthorizerType* AuthorizerUri EnableSimpleResponses "
    "IdentitySource IdentityValidationExpression JwtConfiguration Name*",
    "Deployment": "ApiId* Description StageName",
    "DomainName": "DomainName* DomainNameConfigurations MutualTlsAuthentication RoutingMode Tags",
    "Integration": "ApiId* ConnectionId ConnectionType ContentHandlingStrategy CredentialsArn "
    "Description IntegrationMethod IntegrationSubtype IntegrationType* IntegrationUri "
    "PassthroughBehavior PayloadFormatVersion RequestParameters RequestTemplates "
    "ResponseParameters TemplateSelectionExpression TimeoutInMillis TlsConfig",
    "IntegrationResponse": "ApiId* ContentHandlingStrategy IntegrationId* "
    "IntegrationResponseKey* ResponseParameters ResponseTemplates TemplateSelectionExpression",
    "Model": "ApiId* ContentType Description Name* Schema*",
    "Route": "ApiId* ApiKeyRequired AuthorizationScopes AuthorizationType AuthorizerId "
    "ModelSelectionExpression OperationName RequestModels RequestParameters- RouteKey* "
    "RouteResponseSelectionExpression Target",
    "RouteResponse": "ApiId* ModelSelectionExpression ResponseModels ResponseParameters- RouteId* "
    "RouteResponseKey*",
    "RoutingRule": "Actions* Conditions* DomainNameArn* Priority*",
    "Stage": "AccessLogSettings AccessPolicyId- ApiId* AutoDeploy ClientCertificateId "
    "DefaultRouteSettings DeploymentId Description RouteSettings StageName* StageVariables Tags",
    "VpcLink": "Name* SecurityGroupIds SubnetIds* Tags",
}
PROPERTIES = {
    **{f"AWS::ApiGateway::{name}": _properties(text) for name, text in _REST.items()},
    **{f"AWS::ApiGatewayV2::{name}": _properties(text) for name, text in _V2.items()},
    "AWS::Lambda::Url": _properties("AuthType* Cors InvokeMode Qualifier TargetFunctionArn*"),
}
#: Types that stand in a template without changing an answer: told, not dropped silently.
INERT_TYPES = {
    "AWS::ApiGateway::Account": "the role that logs are written with changes no answer",
    "AWS::ApiGateway::DomainNameAccessAssociation": "who may reach a private domain is not looked "
    "at: every caller reaches it here",
    "AWS::ApiGatewayV2::Portal": "portals change no answer",
    "AWS::ApiGatewayV2::PortalProduct": "portals change no answer",
    "AWS::ApiGatewayV2::ProductPage": "portals change no answer",
    "AWS::ApiGatewayV2::ProductRestEndpointPage": "portals change no answer",
    "AWS::ApiGateway::DocumentationPart": "documentation changes no answer",
    "AWS::ApiGateway::DocumentationVersion": "documentation changes no answer",
    "AWS::ApiGateway::ClientCertificate": "client certificates are not shown to backends",
    "AWS::ApiGateway::VpcLink": "VPC links are not dialled: the backend is called by its address",
    "AWS::ApiGatewayV2::VpcLink": "VPC links are not dialled: the backend is called by its address",
}

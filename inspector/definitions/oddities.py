"""Names in a document that nobody reads: mostly a slip of the one that was meant.

Readers skip what they do not know, as Amazon does, so a misspelt `responses` is no error; it only
has consequences. Whoever explains those wants to know of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from inspector.definitions.cloudformation.properties import PROPERTIES
from inspector.definitions.cursor import Cursor
from inspector.gateway.explain.case import Odd

_X = "x-amazon-apigateway-"
#: What each kind of object may hold, and what kind that is (None: not looked into). `*` stands
#: for any other name.
_KINDS: Mapping[str, Mapping[str, str | None]] = {
    "document": {
        **dict.fromkeys(
            ("openapi", "swagger", "info", "servers", "host", "basePath", "schemes", "consumes",
             "produces", "security", "tags", "externalDocs", "responses", "parameters",
             "AWSTemplateFormatVersion", "Resources",
             f"{_X}request-validator", f"{_X}binary-media-types", f"{_X}api-key-source",
             f"{_X}minimum-compression-size", f"{_X}endpoint-configuration",
             f"{_X}documentation", f"{_X}importexport-version", f"{_X}cors",
             f"{_X}tag-value", f"{_X}security-policy", f"{_X}endpoint-access-mode")
        ),
        "paths": "paths", "components": "components", "definitions": "schemas",
        "securityDefinitions": "schemes", f"{_X}request-validators": "validators",
        f"{_X}gateway-responses": "gateway-responses", f"{_X}policy": "policy",
        f"{_X}integrations": "integrations",
    },
    "components": {
        **dict.fromkeys(("responses", "parameters", "examples", "requestBodies", "headers",
                         "links", "callbacks")),
        "schemas": "schemas", "securitySchemes": "schemes",
        f"{_X}integrations": "integrations",
    },
    "paths": {"*": "path-item"},
    "path-item": {
        **dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace",
                         f"{_X}any-method"), "operation"),
        **dict.fromkeys(("summary", "description", "servers", "$ref")),
        "parameters": "parameters",
    },
    "operation": {
        **dict.fromkeys(("operationId", "summary", "description", "tags", "deprecated", "consumes",
                         "produces", "schemes", "servers", "callbacks", "externalDocs", "security",
                         f"{_X}request-validator", f"{_X}auth")),
        "parameters": "parameters", "requestBody": "request-body",
        "responses": "method-responses",
        f"{_X}integration": "integration",
    },
    "method-responses": {"*": "method-response"},
    "method-response": dict.fromkeys(
        ("description", "headers", "content", "links", "schema", "examples", "summary", "$ref")
    ),
    "request-body": dict.fromkeys(("content", "required", "description", "$ref")),
    "parameters": {"*": "parameter"},
    "parameter": dict.fromkeys(
        ("name", "in", "required", "schema", "description", "type", "format", "items", "enum",
         "default", "style", "explode", "example", "examples", "deprecated", "allowEmptyValue",
         "allowReserved", "content", "collectionFormat", "pattern", "minLength", "maxLength",
         "minimum", "maximum", "$ref")
    ),
    "integrations": {"*": "integration"},
    "integration": {
        **dict.fromkeys(
            ("cacheKeyParameters", "cacheNamespace", "connectionId", "connectionType",
             "contentHandling", "credentials", "httpMethod", "integrationSubtype",
             "integrationTarget", "passthroughBehavior", "payloadFormatVersion",
             "requestParameters", "requestTemplates", "responseTransferMode", "responseParameters",
             "timeoutInMillis", "tlsConfig", "type", "uri", "$ref")
        ),
        "responses": "integration-responses",
    },
    "integration-responses": {"*": "integration-response"},
    "integration-response": dict.fromkeys(
        ("statusCode", "responseParameters", "responseTemplates", "contentHandling", "$ref")
    ),
    "schemes": {"*": "scheme"},
    "scheme": {
        **dict.fromkeys(("type", "name", "in", "description", "scheme", "bearerFormat", "flows",
                         "flow", "scopes", "authorizationUrl", "tokenUrl", "openIdConnectUrl",
                         f"{_X}authtype", "$ref")),
        f"{_X}authorizer": "authorizer",
    },
    "authorizer": dict.fromkeys(
        ("type", "authorizerUri", "authorizerCredentials", "identitySource",
         "identityValidationExpression", "authorizerResultTtlInSeconds", "providerARNs",
         "jwtConfiguration", "authorizerPayloadFormatVersion", "enableSimpleResponses")
    ),
    "validators": {"*": "validator"},
    "validator": dict.fromkeys(("validateRequestBody", "validateRequestParameters")),
    "gateway-responses": {"*": "gateway-response"},
    "gateway-response": dict.fromkeys(("statusCode", "responseParameters", "responseTemplates")),
    "policy": {"Version": None, "Id": None, "Statement": "statements"},
    "statements": {"*": "statement"},
    "statement": dict.fromkeys(
        ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
         "NotResource", "Condition")
    ),
    "schemas": {"*": "schema"},
    "schema": {
        **dict.fromkeys(
            ("type", "required", "title", "description", "format", "enum", "default", "minimum",
             "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
             "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
             "maxProperties", "example", "examples", "nullable", "readOnly", "writeOnly",
             "discriminator", "xml", "externalDocs", "deprecated", "$ref", "$schema", "id", "$id",
             "const", "dependencies", "if", "then", "else", "propertyNames", "contains")
        ),
        "properties": "schemas", "patternProperties": "schemas", "definitions": "schemas",
        "allOf": "schemas", "anyOf": "schemas", "oneOf": "schemas", "not": "schema",
        "items": "schema", "additionalProperties": "schema", "additionalItems": "schema",
    },
}  # fmt: skip
#: Names that are the user's own business.
_FOREIGN = "x-"
_ALIKE = 0.6


#: What properties of a template's resources hold that is an object of its own.
_INSIDE: Mapping[str, frozenset[str]] = {
    name: frozenset(names.split())
    for name, names in {
        "Quota": "Limit Period Offset",
        "Throttle": "RateLimit BurstLimit",
        "ApiStages": "ApiId Stage Throttle",
        "Integration": "CacheKeyParameters CacheNamespace ConnectionId ConnectionType "
        "ContentHandling Credentials IntegrationHttpMethod IntegrationResponses IntegrationTarget "
        "PassthroughBehavior RequestParameters RequestTemplates ResponseTransferMode "
        "TimeoutInMillis Type Uri",
        "IntegrationResponses": "ContentHandling ResponseParameters ResponseTemplates "
        "SelectionPattern StatusCode",
        "MethodResponses": "ResponseModels ResponseParameters StatusCode",
        "MethodSettings": "CacheDataEncrypted CacheTtlInSeconds CachingEnabled DataTraceEnabled "
        "HttpMethod LoggingLevel MetricsEnabled RequireAuthorizationForCacheControl ResourcePath "
        "ThrottlingBurstLimit ThrottlingRateLimit UnauthorizedCacheControlHeaderStrategy",
        "JwtConfiguration": "Audience Issuer",
        "CorsConfiguration": "AllowCredentials AllowHeaders AllowMethods AllowOrigins "
        "ExposeHeaders MaxAge",
        "DefaultRouteSettings": "DataTraceEnabled DetailedMetricsEnabled LoggingLevel "
        "ThrottlingBurstLimit ThrottlingRateLimit",
    }.items()
}
_RESOURCE = (
    "Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy",
    "Metadata", "CreationPolicy", "UpdatePolicy",
)  # fmt: skip
_FUNCTION = (
    "Architectures", "Code", "Description", "Environment", "EphemeralStorage", "FunctionName",
    "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType",
    "Role", "Runtime", "Tags", "Timeout", "TracingConfig", "VpcConfig",
    "ReservedConcurrentExecutions", "SnapStart", "DeadLetterConfig", "FileSystemConfigs",
)  # fmt: skip
_ROLE = (
    "AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration", "Path",
    "PermissionsBoundary", "Policies", "RoleName", "Tags",
)  # fmt: skip
_PERMISSION = (
    "Action", "EventSourceToken", "FunctionName", "FunctionUrlAuthType", "InvokedViaFunctionUrl",
    "Principal", "PrincipalOrgID", "SourceAccount", "SourceArn",
)  # fmt: skip
_LAMBDA = "AWS::Lambda::Function"
#: What each type may have, and what it must.
_SHAPES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    **{name: (each.all, frozenset(each.required)) for name, each in PROPERTIES.items()},
    _LAMBDA: (frozenset(_FUNCTION), frozenset(("Code",))),
    "AWS::Lambda::Permission": (
        frozenset(_PERMISSION),
        frozenset(("Action", "FunctionName", "Principal")),
    ),
    "AWS::IAM::Role": (frozenset(_ROLE), frozenset(("AssumeRolePolicyDocument",))),
}
#: So many properties tell a type; and those that only parts of APIs, functions and roles have.
_TELLING = 2
_OWN = frozenset(("ApiId", "RestApiId", "Handler", "AssumeRolePolicyDocument"))
_TYPES = (*PROPERTIES, _LAMBDA, "AWS::Lambda::Permission", "AWS::Lambda::Alias", "AWS::IAM::Role")


def odd_names(root: Cursor) -> Iterator[Odd]:
    """Names of a document or template that are read by nobody, and what was probably meant."""
    resources = root.get("Resources")
    if resources is None:
        yield from _walk(root, "document")
        return
    for _, resource in resources.entries():
        yield from _resource(resource)


def _resource(resource: Cursor) -> Iterator[Odd]:
    yield from _unknown(resource, _RESOURCE)
    kind = resource.get("Type")
    properties = resource.get("Properties")
    if kind is not None and kind.text:
        meant = _type_meant(kind.text, properties, resource.pointer.rpartition("/")[2])
        if meant is not None:
            yield Odd(kind.source, kind.text, meant, resource.pointer)
    if properties is None:
        return
    if kind is not None and kind.text == _LAMBDA:
        yield from _unknown(properties, _FUNCTION)
    body, policy = properties.get("Body"), properties.get("Policy")
    if body is not None and (body.get("openapi") or body.get("swagger")) is not None:
        yield from _walk(body, "document")
    if policy is not None:
        yield from _walk(policy, "policy")
    schema = (
        properties.get("Schema") if kind is not None and kind.text.endswith("::Model") else None
    )
    if schema is not None and schema.is_map:
        yield from _walk(schema, "schema")
    yield from _properties(properties)


def _type_meant(kind: str, properties: Cursor | None, logical_id: str) -> str | None:
    """Another type than the declared one, which it is nearly, or whose properties these are.

    Few properties tell together with the resource's name.
    """
    if "::" in kind and kind not in _TYPES:
        near = get_close_matches(kind, _TYPES, 1, 0.9)
        if near:
            return near[0]
    given = {key for key, _ in properties.entries()} if properties is not None else set()
    foreign = kind not in _SHAPES and kind not in _TYPES
    if len(given) < _TELLING and kind in _SHAPES and not _fits(given, kind):
        called = [each for each in _SHAPES if logical_id.endswith(each.rpartition("::")[2])]
        return next((each for each in called if given and _fits(given, each)), None)
    if len(given) < _TELLING or (foreign and "::" in kind and not given & _OWN):
        return None
    if kind in _SHAPES and _fits(given, kind):
        return None
    fitting = [each for each in _SHAPES if _fits(given, each)]
    return max(fitting, key=lambda each: len(_SHAPES[each][1]), default=None)


def _fits(given: set[str], kind: str) -> bool:
    known, required = _SHAPES[kind]
    return given <= known and required <= given


def _properties(here: Cursor) -> Iterator[Odd]:
    """The objects within properties whose members are known."""
    for key, child in here.entries():
        known = _INSIDE.get(key)
        if known is None or key in ("Body", "Policy"):
            continue
        for item in child.items() if child.is_list else (child,):
            yield from _unknown(item, tuple(known))
            yield from _properties(item)


def _unknown(here: Cursor, known: tuple[str, ...]) -> Iterator[Odd]:
    for key, child in here.entries():
        if key in known or key.startswith(("Fn::", "Ref", "/")):
            continue
        meant = get_close_matches(
            key, [each for each in known if here.get(each) is None], 1, _ALIKE
        )
        if meant:
            yield Odd(child.key_source, key, meant[0], here.pointer)


def _walk(here: Cursor, kind: str) -> Iterator[Odd]:
    known = _KINDS[kind]
    if here.is_list:
        inner = known.get("*", kind)
        for item in here.items():
            yield from _walk(item, inner or kind)
        return
    for key, child in here.entries():
        inside = known.get(key, known.get("*"))
        if key not in known and "*" not in known:
            meant = get_close_matches(key, [each for each in known if here.get(each) is None],
                                      1, _ALIKE)  # fmt: skip
            if meant or not key.startswith(_FOREIGN):
                yield Odd(child.key_source, key, meant[0] if meant else None, here.pointer)
            inside = known.get(meant[0]) if meant else None
        if inside is not None:
            yield from _walk(child, inside)

"""An HTTP API as the document that Amazon's ExportApi gives.

Sources: documents that users exported and published (order of keys, `Default response for GET /a`,
`Generated path parameter for id`, `version` by the moment where there is none, an empty basePath
for `$default`, CORS with maxAge and allowCredentials always, `flows` of a JWT's scheme, a timeout
only where one is set); developer guide, "Exporting an HTTP API" (extensions unless they are not
wanted). Nobody has published one with IAM, a Lambda authorizer or a first-class integration: there
the form is that of what is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from inspector.definitions.exporting.exported import Exported
from inspector.gateway.http_api.deploy import function_in
from inspector.model import (
    HTTP_TIMEOUT_MS,
    Cors,
    HttpApi,
    HttpApiIntegration,
    HttpAuthorizer,
    JwtAuthorizer,
    ParameterMapping,
    Route,
)

_ANY = "x-amazon-apigateway-any-method"
_PARAMETER = re.compile(r"\{([^}]+)\}")
DEFAULT = "$default"


def export_http(
    api: HttpApi, stage: str, *, extensions: bool = True, now_ms: int = 0, suffix: str = "json"
) -> Exported:
    """The API as deployed to `stage`. `now_ms` dates a document that has no version."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    info = {"title": api.name}
    if api.description:
        info["description"] = api.description
    info["version"] = api.version or moment.strftime("%Y-%m-%d %H:%M:%SUTC")
    base_path = {"default": "" if stage == DEFAULT else stage}
    server: dict[str, Any] = {
        "url": f"https://{api.host}/{{basePath}}",
        "variables": {"basePath": base_path},
    }
    if extensions and api.disable_execute_api_endpoint:
        settings = {"disableExecuteApiEndpoint": True}
        server["x-amazon-apigateway-endpoint-configuration"] = settings
    found: dict[str, Any] = {"openapi": "3.0.1", "info": info, "servers": [server]}
    found["paths"] = _paths(api, extensions=extensions)
    schemes = {name: _scheme(each, extensions) for name, each in api.authorizers.items()}
    if schemes:
        found["components"] = {"securitySchemes": schemes}
    if extensions:
        if api.cors is not None:
            found["x-amazon-apigateway-cors"] = _cors(api.cors)
        found["x-amazon-apigateway-importexport-version"] = "1.0"
    return Exported(found, f"oas30_{moment.strftime('%Y-%m-%dT%H:%M:%SZ')}.{suffix}")


def _paths(api: HttpApi, *, extensions: bool) -> dict[str, Any]:
    """Operations by path; a path's variables stand behind them."""
    found: dict[str, dict[str, Any]] = {}
    for route in api.routes.values():
        method, _, path = route.key.partition(" ")
        verb = _ANY if route.key == DEFAULT or method == "ANY" else method.lower()
        item = found.setdefault(path or f"/{DEFAULT}", {})
        item[verb] = _operation(api, route, extensions=extensions)
    for path, item in found.items():
        named = _PARAMETER.findall(path)
        if named:
            item["parameters"] = [_parameter(name) for name in named]
    return found


def _parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "description": f"Generated path parameter for {name}",
        "required": True,
        "schema": {"type": "string"},
    }


def _operation(api: HttpApi, route: Route, *, extensions: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if route.operation_name:
        found["operationId"] = route.operation_name
    found["responses"] = {"default": {"description": f"Default response for {route.key}"}}
    if route.authorizer is not None:
        found["security"] = [{route.authorizer: list(route.authorization_scopes)}]
    if not extensions:
        return found
    if route.authorization_type == "AWS_IAM":
        found["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    if route.key == DEFAULT:
        found["isDefaultRoute"] = True
    integration = api.integrations.get(route.integration or "")
    if integration is not None:
        found["x-amazon-apigateway-integration"] = dict(_integration(integration))
    return found


def _integration(declared: HttpApiIntegration) -> Iterator[tuple[str, Any]]:
    if declared.subtype is not None:
        yield "integrationSubtype", declared.subtype
    if declared.credentials is not None:
        yield "credentials", declared.credentials
    if declared.response_parameters:
        answers = declared.response_parameters.items()
        yield "responseParameters", {status: _mapped(mappings) for status, mappings in answers}
    if declared.request_parameters:
        yield "requestParameters", _mapped(declared.request_parameters)
    yield "payloadFormatVersion", declared.payload_version
    if declared.tls_server_name is not None:
        yield "tlsConfig", {"serverNameToVerify": declared.tls_server_name}
    if declared.connection_id is not None:
        yield "connectionId", declared.connection_id
    yield "type", declared.type.lower()
    function = declared.type == "AWS_PROXY" and declared.subtype is None
    method = declared.method or ("POST" if function else None)
    if method is not None:
        yield "httpMethod", method
    if declared.uri is not None:
        yield "uri", _invocation(declared.uri) if function else declared.uri
    yield "connectionType", declared.connection_type
    if declared.timeout_ms != HTTP_TIMEOUT_MS:
        yield "timeoutInMillis", declared.timeout_ms
    if declared.description is not None:
        yield "description", declared.description


def _mapped(mappings: tuple[ParameterMapping, ...]) -> dict[str, str]:
    return {each.target: each.expression for each in mappings}


def _invocation(uri: str) -> str:
    """The invocation URI of a function that is named by its ARN alone."""
    if not uri.startswith("arn:") or function_in(uri) != uri:
        return uri
    partition, _, region, _ = uri.split(":", 4)[1:]
    where = f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions"
    return f"{where}/{uri}/invocations"


def _scheme(authorizer: HttpAuthorizer, extensions: bool) -> dict[str, Any]:  # noqa: FBT001
    sources = list(authorizer.identity_source)
    if isinstance(authorizer, JwtAuthorizer):
        found: dict[str, Any] = {"type": "oauth2", "flows": {}}
        own: dict[str, Any] = {
            "identitySource": ", ".join(sources),
            "jwtConfiguration": {
                "audience": list(authorizer.audience),
                "issuer": authorizer.issuer,
            },
            "type": "jwt",
        }
    else:
        found = {"type": "apiKey", "name": _header(sources), "in": "header"}
        own = {
            "identitySource": ", ".join(sources),
            "authorizerUri": authorizer.uri,
            "authorizerPayloadFormatVersion": authorizer.payload_version,
            "authorizerResultTtlInSeconds": authorizer.ttl_seconds or 0,
            "type": "request",
            "enableSimpleResponses": authorizer.simple_responses,
        }
        if authorizer.credentials is not None:
            own["authorizerCredentials"] = authorizer.credentials
    if not sources:
        del own["identitySource"]
    if extensions:
        found["x-amazon-apigateway-authorizer"] = own
    return found


def _header(sources: list[str]) -> str:
    """The header's name where a header is the only source, else `Unused` (guide)."""
    [one] = sources if len(sources) == 1 else [""]
    prefix = "$request.header."
    return one.removeprefix(prefix) if one.startswith(prefix) else "Unused"


def _cors(cors: Cors) -> dict[str, Any]:
    lists = {
        "allowMethods": cors.allow_methods,
        "allowHeaders": cors.allow_headers,
        "exposeHeaders": cors.expose_headers,
    }
    found: dict[str, Any] = {name: list(values) for name, values in lists.items() if values}
    found["maxAge"] = cors.max_age or 0
    found["allowCredentials"] = cors.allow_credentials
    if cors.allow_origins:
        found["allowOrigins"] = list(cors.allow_origins)
    return found

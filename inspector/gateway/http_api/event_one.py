"""The event of format 1.0, as an HTTP API makes it.

Sources: http-api.md, section 4 (fields; maps that are empty are null; `requestId` equals
`extendedRequestId`; half canonical header names, recorded for authorizers; `headers` has the last
value, `queryStringParameters` too; the guide's own example is of two minds).
"""

from __future__ import annotations

import json
from typing import Any

from inspector.gateway import xray
from inspector.gateway.context import client_certificate, request_time
from inspector.gateway.http_api.access import Access
from inspector.gateway.http_api.body_text import body_of
from inspector.gateway.http_api.context import PROTOCOL
from inspector.gateway.http_api.event_two import forwarded_for
from inspector.gateway.http_api.header_names import in_event_of_format_one
from inspector.gateway.http_api.results import Matched
from inspector.gateway.query import all_values
from inspector.message import Field

_NOT_SHOWN = frozenset({"connection", "transfer-encoding", "keep-alive"})


def payload(matched: Matched) -> bytes:
    """The event as the JSON that the function gets."""
    text = json.dumps(event(matched), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def event(matched: Matched) -> dict[str, Any]:
    """The event as values, keys in the order of the guide's example."""
    staged, client = matched.staged, matched.client
    body, encoded = body_of(staged.request)
    fields = headers(matched)
    return {
        "version": "1.0",
        "resource": resource_of(matched),
        "path": staged.target.sent_path,
        "httpMethod": staged.request.method,
        "headers": dict(fields),
        "multiValueHeaders": all_values(tuple(fields)),
        "queryStringParameters": client.query_values or None,
        "multiValueQueryStringParameters": all_values(client.query) or None,
        "requestContext": request_context(matched),
        "pathParameters": dict(sorted(client.path_parameters.items())) or None,
        "stageVariables": dict(sorted(staged.deployment.stage.variables.items())) or None,
        "body": body,
        "isBase64Encoded": encoded,
    }


def resource_of(matched: Matched) -> str:
    """The path of the route's key; `$default` stands for itself."""
    return matched.plan.route.key.partition(" ")[2] or matched.plan.route.key


def headers(matched: Matched) -> list[Field]:
    """What the client sent, and what the front adds, in order of their names."""
    request, environment = matched.staged.request, matched.staged.environment
    own = {
        xray.NAME: xray.value(request, environment),
        "X-Forwarded-For": forwarded_for(matched),
        "X-Forwarded-Port": "443" if environment.scheme == "https" else "80",
        "X-Forwarded-Proto": environment.scheme,
    }
    if "content-length" not in request.headers:
        own["Content-Length"] = str(len(request.body))
    replaced = {name.lower() for name in own} | _NOT_SHOWN
    shown = [
        (in_event_of_format_one(name), value)
        for name, value in request.headers
        if name.lower() not in replaced
    ]
    return sorted([*shown, *own.items()], key=lambda field: field[0])


def request_context(matched: Matched) -> dict[str, Any]:
    """Keys in the order of the guide's example."""
    staged, access = matched.staged, matched.access
    environment, api, request = staged.environment, staged.deployment.api, staged.request
    host = request.host or api.host
    return {
        "accountId": api.account,
        "apiId": api.id,
        **_authorizer(access),
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "extendedRequestId": environment.extended_request_id,
        "httpMethod": request.method,
        "identity": _identity(matched),
        "path": staged.target.sent_path,
        "protocol": PROTOCOL,
        "requestId": environment.extended_request_id,
        "requestTime": request_time(environment.time_ms),
        "requestTimeEpoch": environment.time_ms,
        "resourceId": matched.plan.route.key,
        "resourcePath": resource_of(matched),
        "stage": staged.deployment.stage.name,
    }


def _authorizer(access: Access) -> dict[str, Any]:
    """Claims and scopes of a JWT, or the flat context of a Lambda authorizer."""
    if access.kind == "jwt":
        return {"authorizer": dict(access.members)}
    if access.kind == "lambda":
        principal = {} if access.principal is None else {"principalId": access.principal}
        return {"authorizer": {**access.members, **principal}}
    return {}


def _identity(matched: Matched) -> dict[str, Any]:
    """Who calls; what is not known of him is null."""
    environment, signer = matched.staged.environment, matched.access.identity
    known: dict[str, Any] = dict.fromkeys(_IDENTITY)
    known["sourceIp"] = environment.caller.source_ip
    known["userAgent"] = matched.staged.request.headers.get("user-agent") or ""
    if environment.caller.certificate is not None:
        known["clientCert"] = client_certificate(environment.caller.certificate)
    if signer is not None:
        who = signer.caller or signer.access_key
        known |= {
            "accessKey": signer.access_key,
            "accountId": signer.account,
            "caller": who,
            "principalOrgId": signer.organization,
            "user": who,
            "userArn": signer.arn,
        }
    return known


_IDENTITY = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAmr",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "sourceIp",
    "user",
    "userAgent",
    "userArn",
)

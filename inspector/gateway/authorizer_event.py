"""What a Lambda authorizer of a REST API is given.

Source: access-control facts, section 4 (TOKEN recorded with its key order; REQUEST against the
proxy event of the same call: empty maps where that has null, no body, the query as it came).
"""

from __future__ import annotations

import json
from typing import Any

from inspector.gateway import context, lambda_event
from inspector.gateway.policy.arns import method_arn
from inspector.gateway.query import all_values
from inspector.gateway.results import Routed


def token(routed: Routed, value: str) -> bytes:
    """The event of a TOKEN authorizer."""
    document = {"type": "TOKEN", "methodArn": method_arn(routed), "authorizationToken": value}
    return _bytes(document)


def request(routed: Routed) -> bytes:
    """The event of a REQUEST authorizer."""
    client, resolved = routed.client, routed.resolved
    headers = lambda_event.headers(routed)
    document: dict[str, Any] = {
        "type": "REQUEST",
        "methodArn": method_arn(routed),
        "resource": routed.plan.resource.path,
        "path": resolved.target.event_path,
        "httpMethod": resolved.request.method,
        "headers": dict(headers),
        "multiValueHeaders": all_values(tuple(headers)),
        "queryStringParameters": client.query_values,
        "multiValueQueryStringParameters": all_values(client.query),
        "pathParameters": client.path_parameters,
        "stageVariables": dict(resolved.deployment.stage.variables),
        "requestContext": context.of_routed(routed),
    }
    return _bytes(document)


def _bytes(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")

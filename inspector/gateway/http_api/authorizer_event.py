"""What a Lambda authorizer of an HTTP API is given, in format 1.0 and 2.0.

Sources: developer guide, http-api-lambda-authorizer (members and their order); access-control
facts, section 5, and http-api.md, section 4 (recorded: what is absent in 2.0; in 1.0 an empty
`resource`, empty maps where the integration's event has null, `resourceId` is the route key). That
1.0 has no multi-value maps is the guide's, and radkawar/stackd's, which replays the recording.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inspector.gateway.http_api import event_one, event_two
from inspector.gateway.http_api.arns import route_arn
from inspector.gateway.http_api.results import Matched

_NOT_GIVEN = ("version", "body", "isBase64Encoded")
_MAPS = ("queryStringParameters", "pathParameters", "stageVariables")


def payload(matched: Matched, version: str, identity: Sequence[str]) -> bytes:
    """The event as the JSON that the function gets."""
    document = _two(matched, identity) if version == "2.0" else _one(matched, identity)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _two(matched: Matched, identity: Sequence[str]) -> dict[str, Any]:
    event = event_two.event(matched)
    head = {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": route_arn(matched),
        "identitySource": list(identity),
    }
    return head | {name: value for name, value in event.items() if name not in _NOT_GIVEN}


def _one(matched: Matched, identity: Sequence[str]) -> dict[str, Any]:
    event = event_one.event(matched)
    joined = ",".join(identity)
    head = {
        "version": "1.0",
        "type": "REQUEST",
        "methodArn": route_arn(matched),
        "identitySource": joined,
        "authorizationToken": joined,
        "resource": "",
    }
    same = {name: event[name] for name in ("path", "httpMethod", "headers")}
    maps = {name: event[name] or {} for name in _MAPS}
    return head | same | maps | {"requestContext": event["requestContext"]}

"""The members of `$context` of a WebSocket event, in the order of the recorded events.

Sources: websocket.md, section 2 (recorded: websocket_lifecycle, rest_websocket_logs; fixtures of
aws-lambda-go); captures-2026.md, section 2a (`integrationLatency` of the authorizer is there at
CONNECT alone). That `userAgent` is left out where the client sent none is inferred from the guide's
example of an authorizer's event.
"""

from __future__ import annotations

from inspector.gateway.context import request_time
from inspector.gateway.websocket.results import Chosen, Joined


def of_joined(joined: Joined, key: str | None = None) -> dict[str, object]:
    """What is known once the stage is; with the route's `key` once that is."""
    environment, socket = joined.environment, joined.socket
    members: dict[str, object] = {}
    if key is not None:
        members["routeKey"] = key
    if socket.event == "DISCONNECT":
        members["disconnectStatusCode"] = socket.close_code
    if socket.message_id is not None:
        members["messageId"] = socket.message_id
    members |= {
        "eventType": socket.event,
        "extendedRequestId": environment.extended_request_id,
        "requestTime": request_time(environment.time_ms),
        "messageDirection": "IN",
    }
    if socket.event == "DISCONNECT":
        members["disconnectReason"] = socket.close_reason
    return members | {
        "stage": joined.deployment.stage.name,
        "connectedAt": socket.connected_ms,
        "requestTimeEpoch": environment.time_ms,
        "identity": _identity(joined),
        "requestId": environment.extended_request_id,
        "domainName": host_of(joined),
        "connectionId": socket.id,
        "apiId": joined.deployment.api.id,
    }


def of_chosen(chosen: Chosen) -> dict[str, object]:
    """What is known once the route is, and the caller."""
    joined = chosen.joined
    known = of_joined(joined, chosen.key)
    authorizer = chosen.access.authorizer or joined.socket.authorizer
    if authorizer:
        # Behind the route, as the fixture of an authorized event has it.
        known = {"routeKey": chosen.key, "authorizer": dict(authorizer)} | known
    signer = chosen.access.identity
    if signer is not None:
        identity = known["identity"]
        assert isinstance(identity, dict)
        who = signer.caller or signer.access_key
        known["identity"] = {
            "accountId": signer.account,
            "caller": who,
            "accessKey": signer.access_key,
            "userArn": signer.arn,
            "user": who,
            **identity,
        }
    if chosen.access.api_key is not None:
        identity = known["identity"]
        assert isinstance(identity, dict)
        known["identity"] = {**identity, "apiKey": chosen.access.api_key}
        if chosen.access.api_key_id is not None:
            known["identity"] |= {"apiKeyId": chosen.access.api_key_id}  # type: ignore[operator]
    return known


def host_of(joined: Joined) -> str:
    """The name under which the client connected."""
    return joined.socket.host or joined.request.host or joined.deployment.api.host


def _identity(joined: Joined) -> dict[str, object]:
    agent = joined.socket.user_agent
    if agent is None and joined.socket.event == "CONNECT":
        agent = joined.request.headers.get("user-agent")
    known: dict[str, object] = {} if agent is None else {"userAgent": agent}
    return known | {"sourceIp": joined.environment.caller.source_ip}

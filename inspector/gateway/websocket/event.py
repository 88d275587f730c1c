"""The event that a function behind a WebSocket route is given, and an authorizer's.

Sources: websocket.md, sections 2 and 7 (recorded: websocket_lifecycle, rest_websocket_logs);
captures-2026.md, section 2a (which headers either event has; the query's names are sorted for the
integration and stand as sent for the authorizer). Headers stand by name, as in all events recorded.
"""

from __future__ import annotations

from typing import Any

from inspector.gateway import xray
from inspector.gateway.lambda_event import json_of
from inspector.gateway.query import Pairs, all_values, last_values
from inspector.gateway.websocket import context
from inspector.gateway.websocket.arns import route_arn
from inspector.gateway.websocket.results import Chosen
from inspector.message import Field

#: Headers of the handshake that an integration never sees.
_OF_UPGRADE = frozenset({"connection", "upgrade", "sec-websocket-extensions", "content-length"})
#: What stands at `$disconnect` instead of headers.
_LEFT = ("x-api-key", "X-Forwarded-For", "x-restapi")


def payload(chosen: Chosen) -> bytes:
    """The event of the route's function, as JSON."""
    kind = chosen.joined.socket.event
    if kind == "CONNECT":
        return json_of(_connect(chosen))
    variables = dict(chosen.joined.deployment.stage.variables)
    more: dict[str, Any] = {"stageVariables": variables} if variables else {}
    members = {"requestContext": context.of_chosen(chosen)}
    if kind == "MESSAGE":
        body = chosen.joined.client.body_text
        return json_of({**more, **members, "body": body, "isBase64Encoded": False})
    fields = [("Host", context.host_of(chosen.joined)), *((name, "") for name in _LEFT)]
    return json_of(
        {
            "headers": dict(fields),
            "multiValueHeaders": all_values(tuple(fields)),
            **more,
            **members,
            "isBase64Encoded": False,
        }
    )


def _connect(chosen: Chosen) -> dict[str, Any]:
    fields = tuple(pair for pair in headers(chosen) if pair[0].lower() not in _OF_UPGRADE)
    event: dict[str, Any] = {"headers": dict(fields), "multiValueHeaders": all_values(fields)}
    query = _sorted(chosen.joined.client.query)
    if query:
        event["queryStringParameters"] = last_values(query)
        event["multiValueQueryStringParameters"] = all_values(query)
    variables = chosen.joined.deployment.stage.variables
    if variables:
        event["stageVariables"] = dict(variables)
    event["requestContext"] = context.of_chosen(chosen)
    event["isBase64Encoded"] = False
    return event


def for_authorizer(chosen: Chosen) -> bytes:
    """The event of a REQUEST authorizer."""
    fields = tuple(
        sorted(
            [
                ("Connection", "upgrade"),
                ("content-length", "0"),
                ("Upgrade", "websocket"),
                *(pair for pair in headers(chosen) if pair[0].lower() not in _REPLACED),
            ],
            key=lambda pair: pair[0].lower(),
        )
    )
    client = chosen.joined.client
    return json_of(
        {
            "type": "REQUEST",
            "methodArn": route_arn(chosen),
            "headers": dict(fields),
            "multiValueHeaders": all_values(fields),
            "queryStringParameters": client.query_values,
            "multiValueQueryStringParameters": all_values(client.query),
            "stageVariables": dict(chosen.joined.deployment.stage.variables),
            "requestContext": context.of_chosen(chosen),
        }
    )


_REPLACED = frozenset({"connection", "content-length", "upgrade"})


def headers(chosen: Chosen) -> list[Field]:
    """What the client sent, with what the gateway adds, by name."""
    environment, request = chosen.joined.environment, chosen.joined.request
    own = {
        xray.NAME: xray.value(request, environment),
        "X-Forwarded-For": environment.caller.source_ip,
        "X-Forwarded-Port": "443" if environment.scheme == "https" else "80",
        "X-Forwarded-Proto": environment.scheme,
    }
    hidden = {name.lower() for name in own}
    if chosen.access.identity is not None:
        hidden.add("authorization")  # a signature is for the gateway alone
    sent = (pair for pair in request.headers.fields if pair[0].lower() not in hidden)
    return sorted([*sent, *own.items()], key=lambda pair: pair[0].lower())


def _sorted(query: Pairs) -> Pairs:
    return tuple(sorted(query, key=lambda pair: pair[0]))

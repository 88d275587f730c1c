"""The chat: who is in which room, and what is said there."""

from __future__ import annotations

import json
from typing import Any

from connections import post
from store import Store


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One event of a connection. What is returned nobody sees but on `$connect`: its status."""
    context = event["requestContext"]
    key, me = context["routeKey"], context["connectionId"]
    with Store.of(context["apiId"]) as store:
        if key == "$connect":
            store.enter(me, context.get("authorizer", {}).get("name", "somebody"))
            return _chosen(event.get("headers", {}))
        if key == "$disconnect":
            name, room = store.leave(me)
            if room is not None:
                say(store, context, room, {"left": name, "room": room})
            return {"statusCode": 200}
        message = json.loads(event["body"])
        room = str(message.get("room", "hall"))
        if key == "join":
            name = store.join(me, room)
            say(store, context, room, {"joined": name, "room": room})
        elif key == "send":
            said = {"from": store.name(me), "room": room, "text": message["text"]}
            say(store, context, room, said)
    return {"statusCode": 200}


def _chosen(headers: dict[str, str]) -> dict[str, Any]:
    """A client that offers sub-protocols is answered with one of them, or it closes."""
    offered = next(
        (value for name, value in headers.items() if name.lower() == "sec-websocket-protocol"), ""
    )
    if "chat" in [each.strip() for each in offered.split(",")]:
        return {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "chat"}}
    return {"statusCode": 200}


def say(store: Store, context: dict[str, Any], room: str, what: dict[str, Any]) -> None:
    """To everybody in the room; those who are gone are forgotten."""
    data = json.dumps(what).encode()
    for connection in store.members(room):
        if not post(context, connection, data):
            store.leave(connection)

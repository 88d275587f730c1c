"""The route of an event: by its kind, and a message's by the API's selection expression.

Source: websocket.md, section 3 (guide; recorded: a message without the key and one that is no JSON
go to `$default`, else `Forbidden`; of a fixed expression, too, an emulator has it so and the guide
names no exception). What a client writes never chooses `$connect` or `$disconnect`.
"""

from __future__ import annotations

from inspector.gateway.context import look_up
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import context
from inspector.gateway.websocket.deploy import CONNECT, DEFAULT, DISCONNECT
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen, Joined
from inspector.gateway.websocket.selection import NotJsonError

#: Characters of a message that the trace shows.
_SHOWN = 200
#: Characters of a value that the trace keeps: no route key is as long, and a message may be.
_LONGEST_VALUE = 1_000


def choose(joined: Joined, trace: list[Step]) -> Chosen | SocketRefusal:
    """Find the route. `$connect` and `$disconnect` need not be there."""
    if joined.socket.event == "MESSAGE":
        return _by_expression(joined, trace)
    key = CONNECT if joined.socket.event == "CONNECT" else DISCONNECT
    plan = joined.deployment.routes.get(key)
    source = joined.deployment.api.source if plan is None else plan.route.source
    code = "route.socket-event" if plan is not None else "route.socket-no-route"
    trace.append(Step("route", "ok", code, {"route": key}, source))
    return Chosen(joined, key, plan)


def _by_expression(joined: Joined, trace: list[Step]) -> Chosen | SocketRefusal:
    deployment = joined.deployment
    facts: dict[str, Fact] = {"expression": deployment.selection.expression}
    code, value = "route.socket-selected", None
    try:
        value = deployment.selection.value(
            joined.request.body, lambda name: value_of(joined, name), json_only=True
        )
    except NotJsonError as error:
        facts["not_json"] = str(error)
    else:
        facts["value"] = value[:_LONGEST_VALUE]
    plan = None
    if value is not None and (not value.startswith("$") or value == DEFAULT):
        plan = deployment.routes.get(value)
    if plan is None:
        plan, code = deployment.routes.get(DEFAULT), "route.socket-default"
        facts["routes"] = [key for key in deployment.routes if not key.startswith("$")]
    if plan is None:
        facts["message"] = joined.client.body_text[:_SHOWN]
        source = deployment.api.source
        return SocketRefusal("route", "route.socket-no-match", "ACCESS_DENIED", facts, source)
    facts["route"] = plan.route.key
    trace.append(Step("route", "ok", code, facts, plan.route.source))
    return Chosen(joined, plan.route.key, plan)


def value_of(joined: Joined, name: str) -> str | None:
    """What a name in an expression stands for, other than a part of the message."""
    for prefix in ("request.header.", "request.querystring."):
        if name.startswith(prefix):
            key = name.removeprefix(prefix)
            if prefix == "request.header.":
                return joined.request.headers.get(key)
            return joined.client.query_values.get(key)
    if name.startswith("stageVariables."):
        return joined.deployment.stage.variables.get(name.removeprefix("stageVariables."))
    if name.startswith("context."):
        return look_up(context.of_joined(joined), name.removeprefix("context."))
    return None

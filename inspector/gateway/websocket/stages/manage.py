"""Calls of `@connections`: what is known of a connection, a message to its client, its end.

Sources: websocket.md, section 6 (recorded: websocket_management, 2026): an id that was never given
is told before anybody looks who calls, the ARN that is judged has `{connectionId}` for the id, a
connection that is gone is 410 without a body for all three methods; what is no such call is `No
method found matching route …` (pasted: aws-samples/simple-websockets-chat-app#40,
aws/aws-lambda-dotnet#553, cognitect-labs/aws-api#201). Not recorded: the answers for a stage that
is none, to an unsigned call (as on REST APIs), and to more than 128 KB. Amazon refuses
signatures by keys that it does not know; here those that are not in the list of keys pass, with
a word in the trace: functions sign with credentials that nobody has told us.
"""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import unquote

from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import management
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.results import Managed
from inspector.gateway.websocket.stages.join import place_of
from inspector.gateway.websocket.stages.managed_access import may_manage
from inspector.message import Request, Response

#: The segment before the id; the guide's example sends it as `%40connections`.
_NAME = "@connections"
_METHODS = ("GET", "POST", "DELETE")
Managing = Generator[Effect, Reply, tuple[Managed | None, Response]]
Performed = Generator[Effect, Reply, Response]


def manage(
    served: ServedWebSocketApi, request: Request, environment: Environment, trace: list[Step]
) -> Managing:
    """Answer one call. The stage and the id, if the call names them, come with the answer."""
    stage, path, _ = place_of(served, request)
    deployment = served.deployments.get(stage)
    facts: dict[str, Fact] = {"api": served.api.id, "stage": stage, "path": path}
    prefix, _, connection = path.removeprefix("/").partition("/")
    named = unquote(prefix) == _NAME and bool(connection)
    if deployment is None or not named or request.method not in _METHODS:
        facts |= {"stages": list(served.deployments), "request": request.method}
        facts["expected"] = f"/{next(iter(served.deployments), 'STAGE')}/{_NAME}/ID"
        step = Step("resolve", "refused", "resolve.no-management", facts, served.api.source)
        trace.append(step)
        if deployment is None or not path.strip("/"):
            return None, management.forbidden(environment)
        return None, management.no_route(unquote(path), request.method, environment)
    connection = unquote(connection)
    managed = Managed(deployment, request, environment, connection)
    facts["connection"] = connection
    trace.append(Step("resolve", "ok", "resolve.management", facts, deployment.stage.source))
    return managed, (yield from _answered(managed, trace))


def _answered(managed: Managed, trace: list[Step]) -> Performed:
    api, stage = managed.deployment.api, managed.deployment.stage.name
    found = yield GetConnection(api.id, stage, managed.connection_id)
    assert isinstance(found, ConnectionState)
    facts: dict[str, Fact] = {"connection": managed.connection_id, "state": found.state}
    if found.state == "unknown":
        trace.append(Step("manage", "refused", "manage.unknown", facts, api.source))
        return management.invalid(managed.connection_id, managed.environment)
    denied = yield from may_manage(managed, trace)
    if denied is not None:
        return denied
    if found.state != "open":
        trace.append(Step("manage", "refused", f"manage.{found.state}", facts, api.source))
        return management.gone(managed.environment)
    if managed.request.method == "GET":
        trace.append(Step("manage", "ok", "manage.found", facts, api.source))
        return management.described(found, managed.environment)
    return (yield from _changed(managed, facts, trace))


def _changed(managed: Managed, facts: dict[str, Fact], trace: list[Step]) -> Performed:
    """A post or a delete; the client may have gone in the meantime."""
    api, stage = managed.deployment.api, managed.deployment.stage.name
    body, limit = managed.request.body, managed.deployment.limits.message
    effect: PostToConnection | DeleteConnection
    if managed.request.method == "POST":
        facts["size"] = len(body)
        if limit is not None and len(body) > limit:
            facts["limit"] = limit
            trace.append(Step("manage", "refused", "manage.too-large", facts, api.source))
            return management.too_large(managed.environment)
        effect = PostToConnection(api.id, stage, managed.connection_id, body)
    else:
        effect = DeleteConnection(api.id, stage, managed.connection_id)
    done = yield effect
    assert isinstance(done, ConnectionState)
    if done.state != "open":
        facts["state"] = done.state
        trace.append(Step("manage", "refused", "manage.gone", facts, api.source))
        return management.gone(managed.environment)
    posted = isinstance(effect, PostToConnection)
    code = "manage.posted" if posted else "manage.deleted"
    trace.append(Step("manage", "ok", code, facts, api.source))
    if posted:
        return management.posted(managed.environment)
    return management.deleted(managed.environment)

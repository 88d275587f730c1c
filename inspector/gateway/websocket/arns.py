"""The ARNs under which events and calls of `@connections` are judged.

Sources: websocket.md, sections 6 and 7 (guide; recorded: a call of `@connections` is judged by the
literal `{connectionId}`, whatever the id).
"""

from __future__ import annotations

from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import conditions
from inspector.gateway.policy.conditions import Context
from inspector.gateway.websocket.deploy import SocketDeployment
from inspector.gateway.websocket.results import Chosen
from inspector.model import WebSocketApi
from inspector.model.place import apis_arn


def route_arn(chosen: Chosen) -> str:
    """`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/$connect`."""
    return f"{_stage_arn(chosen.joined.deployment)}/{chosen.key}"


def connections_arn(deployment: SocketDeployment, method: str) -> str:
    """`…:API/STAGE/POST/@connections/{connectionId}`, with these very braces."""
    return f"{_stage_arn(deployment)}/{method}/@connections/{{connectionId}}"


def conditions_of(chosen: Chosen, identity: Identity | None) -> Context:
    """The condition keys of a handshake."""
    return conditions(chosen.joined.request, chosen.joined.environment, identity)


def _stage_arn(deployment: SocketDeployment) -> str:
    api = deployment.api
    return f"{apis_arn(api.region, api.account)}:{api.id}/{deployment.stage.name}"


def called_by_authorizer(api: WebSocketApi, name: str) -> str:
    """Under which ARN an authorizer's function is called."""
    return f"{apis_arn(api.region, api.account)}:{api.id}/authorizers/{name}"

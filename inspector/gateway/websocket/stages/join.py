"""The stage of an event."""

from __future__ import annotations

from inspector.gateway.environment import Environment
from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Joined
from inspector.message import Request


def join(
    served: ServedWebSocketApi, request: Request, environment: Environment, trace: list[Step]
) -> Joined | SocketRefusal:
    """Find the stage."""
    raise NotImplementedError

"""The route of an event."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen, Joined


def choose(joined: Joined, trace: list[Step]) -> Chosen | SocketRefusal:
    """Find the route."""
    raise NotImplementedError

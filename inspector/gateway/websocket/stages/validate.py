"""The model of a message."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen


def validate(chosen: Chosen, trace: list[Step]) -> Chosen | SocketRefusal:
    """Check a message."""
    raise NotImplementedError

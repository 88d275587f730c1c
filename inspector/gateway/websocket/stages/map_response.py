"""What the integration said."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Answered, Mapped


def map_response(answered: Answered, trace: list[Step]) -> Mapped | SocketRefusal:
    """Make it the gateway's."""
    raise NotImplementedError

"""What the integration is asked."""

from __future__ import annotations

from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen, Prepared


def prepare(chosen: Chosen, plan: SocketPlan, trace: list[Step]) -> Prepared | SocketRefusal:
    """Make the request."""
    raise NotImplementedError

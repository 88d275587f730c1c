"""Who connects."""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen


def authorize(
    chosen: Chosen, plan: SocketPlan, trace: list[Step]
) -> Generator[Effect, Reply, Chosen | SocketRefusal]:
    """Ask the authorizer."""
    raise NotImplementedError
    yield

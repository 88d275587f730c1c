"""Calls of `@connections`."""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.results import Managed
from inspector.message import Request, Response


def manage(
    served: ServedWebSocketApi, request: Request, environment: Environment, trace: list[Step]
) -> Generator[Effect, Reply, tuple[Managed | None, Response]]:
    """Get, post to, delete a connection."""
    raise NotImplementedError
    yield

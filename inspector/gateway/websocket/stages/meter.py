"""How often."""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.trace import Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen


def meter(chosen: Chosen, trace: list[Step]) -> Generator[Effect, Reply, Chosen | SocketRefusal]:
    """Key and throttle."""
    raise NotImplementedError
    yield

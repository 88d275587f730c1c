"""The answer."""

from __future__ import annotations

from inspector.gateway.environment import Environment
from inspector.gateway.trace import Step
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Mapped
from inspector.message import Response


def send(mapped: Mapped, trace: list[Step]) -> Response:
    """The answer of an integration."""
    raise NotImplementedError


def refuse(refusal: SocketRefusal, environment: Environment, trace: list[Step]) -> Response:
    """The gateway's own answer."""
    raise NotImplementedError

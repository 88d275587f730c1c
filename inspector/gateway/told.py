"""One exchange, as far as its readers (execution log, access log, metrics) tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.gateway.answer import Answer
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.results import HttpResult, is_http
from inspector.gateway.websocket.results import SocketResult, is_socket
from inspector.message import Request


@dataclass(frozen=True, slots=True)
class Told:
    """`performed` are effects and replies with the milliseconds that each took."""

    request: Request
    environment: Environment
    answer: Answer
    performed: Sequence[tuple[Effect, Reply, int]]

    @property
    def http_result(self) -> HttpResult | None:
        """What the last stage of an HTTP API found, None for a REST API."""
        return http_result_of(self.answer)

    @property
    def socket_result(self) -> SocketResult | None:
        """What the last stage of a WebSocket API found, None for another API."""
        result = self.answer.result
        return result if is_socket(result) else None

    @property
    def is_of_socket(self) -> bool:
        """Whether it is an event of a WebSocket, or a call of `@connections`."""
        return self.environment.socket is not None or self.socket_result is not None


def http_result_of(answer: Answer) -> HttpResult | None:
    """What the last stage of an HTTP API found, None for a REST API."""
    result = answer.result
    return result if is_http(result) else None

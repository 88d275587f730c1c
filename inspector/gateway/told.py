"""One exchange, as far as its readers (execution log, access log, metrics) tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.gateway.answer import Answer
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.results import HttpResult, is_http
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


def http_result_of(answer: Answer) -> HttpResult | None:
    """What the last stage of an HTTP API found, None for a REST API."""
    result = answer.result
    return result if is_http(result) else None

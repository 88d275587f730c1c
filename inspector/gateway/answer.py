"""The end of a conversation: what the client is answered, and the story behind it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api.results import HttpResult
from inspector.gateway.results import Answered, Mapped, Prepared, Resolved, Routed
from inspector.gateway.trace import Trace
from inspector.gateway.websocket.results import SocketResult
from inspector.message import Response

StageResult = Resolved | Routed | Prepared | Answered | Mapped


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a conversation.

    `result` is what the last stage reached found; each result holds the one before it.
    `resource` is the path of a REST API's resource, or the key of another API's route.
    `stopped_at` and `response_type` are None for an answer of the integration.
    """

    response: Response
    trace: Trace
    outcome: Literal["answered", "refused", "failed", "broken"]
    result: StageResult | HttpResult | SocketResult | None
    api_id: str
    stage: str | None
    resource: str | None
    stopped_at: str | None = None
    response_type: str | None = None


Conversation = Generator[Effect, Reply, Answer]

"""One request that `inspector.testing.Gateway` answered, with the whole story behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from inspector.gateway.effects import BackendRequest, CallService, Effect, InvokeFunction, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.execution_log import lines
from inspector.gateway.http_api import access_log
from inspector.gateway.narration import describe
from inspector.gateway.pipeline import Answer
from inspector.gateway.told import Told
from inspector.message import Headers, Request, Response

#: Fixed, so that results are the same each time.
ENVIRONMENT = Environment(
    time_ms=1_700_000_000_000,
    request_id="3f4c1a52-7a0e-4c53-9d3f-2a1f0e6b7c8d",
    extended_request_id="EP5y6FQaIAMEXLA=",
    trace_id="1-65536400-0a1b2c3d4e5f60718293a4b5",
    segment_id="53995c3f42cd8ad8",
    scheme="https",
)
_NO_REQUEST = Request("GET", "/", Headers())


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """One answered request: the response, and the whole story behind it."""

    response: Response
    answer: Answer
    backend_requests: tuple[BackendRequest, ...] = ()
    invocations: tuple[InvokeFunction, ...] = ()
    effects: tuple[Effect, ...] = ()
    service_calls: tuple[CallService, ...] = ()
    request: Request = _NO_REQUEST
    environment: Environment = ENVIRONMENT
    performed: tuple[tuple[Effect, Reply], ...] = ()

    def __repr__(self) -> str:
        """Short: a failed assertion shows it, and the story follows."""
        return f"<Result {self.request.method} {self.request.target} → {self.status}>"

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def headers(self) -> Headers:
        return self.response.headers

    @property
    def body(self) -> bytes:
        return self.response.body

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.response.body.decode("utf-8", "replace")

    @property
    def frame(self) -> str | None:
        """What a WebSocket's client was sent for its message, None where that is nothing."""
        socket = self.environment.socket
        if socket is None or socket.event != "MESSAGE" or not self.response.body:
            return None
        return self.text

    def json(self) -> Any:
        """The body as JSON. Raises ValueError where it is none."""
        return json.loads(self.response.body)

    @property
    def story(self) -> list[str]:
        """The trace in words, one sentence a stage."""
        return [describe(step) for step in self.answer.trace]

    @property
    def told(self) -> Told:
        """What the readers of an exchange (logs, metrics) tell of; no time passes here."""
        timed = [(effect, reply, 0) for effect, reply in self.performed]
        return Told(self.request, self.environment, self.answer, timed)

    @property
    def log(self) -> list[str]:
        """Amazon's execution log of it; of an HTTP API ours."""
        return lines(self.told)

    @property
    def access_log(self) -> str | None:
        """The line that an HTTP API's stage writes, None where it keeps no access log."""
        return access_log.line(self.told, 0)

"""Why a WebSocket API answers by itself, and with what.

Sources: captures-2026.md, sections 2a and 3 (recorded: bodies of 401, 403 and 500 at the handshake,
the frames of a message without a route and of a broken integration, 502 in the access log of
one); websocket.md, section 4 (`Bad request body`: guide). Not recorded: the bodies of 400 (an
identity header sent twice), of 429 and of a refused key, which follow the others' form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from inspector.gateway.environment import Environment
from inspector.gateway.trace import Fact
from inspector.model import Source

#: `$context.error.responseType` → (status, message).
ANSWERS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "ACCESS_DENIED": (403, "Forbidden"),
        "API_CONFIGURATION_ERROR": (500, "Internal server error"),
        "AUTHORIZER_CONFIGURATION_ERROR": (500, ""),
        "AUTHORIZER_FAILURE": (500, ""),
        "BAD_REQUEST_BODY": (400, "Bad request body"),
        "BAD_REQUEST_PARAMETERS": (400, "Bad Request"),
        "INTEGRATION_FAILURE": (502, "Internal server error"),
        "INTEGRATION_TIMEOUT": (504, "Internal server error"),
        "INVALID_API_KEY": (403, "Forbidden"),
        "INVALID_SIGNATURE": (403, "Forbidden"),
        "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token"),
        "QUOTA_EXCEEDED": (429, "Limit Exceeded"),
        "THROTTLED": (429, "Too Many Requests"),
        "UNAUTHORIZED": (401, "Unauthorized"),
    }
)


@dataclass(frozen=True, slots=True)
class SocketRefusal:
    """A refusal is a value.

    `type` is a key of `ANSWERS`, whose message `said` replaces; `failed` tells a breakdown from a
    rule that said no; `code` and `facts` go into the trace; `reached`: the integration had been
    asked.
    """

    stage: str
    code: str
    type: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    source: Source | None = None
    failed: bool = False
    said: str | None = None
    reached: bool = False

    @property
    def status(self) -> int:
        """The handshake's status; of a message what the access log has."""
        return ANSWERS[self.type][0]

    @property
    def message(self) -> str:
        """What the client is told."""
        return ANSWERS[self.type][1] if self.said is None else self.said


def text_of(refusal: SocketRefusal, environment: Environment) -> str:
    """The body of a refused handshake, or the frame for a message: blanks where Amazon has them."""
    socket = environment.socket
    assert socket is not None
    message = json.dumps(refusal.message, ensure_ascii=False)
    if refusal.type == "BAD_REQUEST_BODY":
        return (
            f'{{"message" : {message}, "connectionId": "{socket.id}", '
            f'"messageId": "{socket.message_id or ""}"}}'
        )
    return (
        f'{{"message": {message}, "connectionId":"{socket.id}", '
        f'"requestId":"{environment.extended_request_id}"}}'
    )

"""What Amazon closes a WebSocket for, and with which code.

Sources: captures-2026.md, section 3 (recorded: a binary message, code and reason); websocket.md,
sections 1, 4 and 8 (guide: 1009 for a message of more than 128 KB or a frame of more than 32 KB;
a user pasted 1001 `Going away` after ten idle minutes; what is said after two hours, and with 1009,
is not recorded); aws/chalice#2060 and boto/boto3#3789 (pasted logs: a connection that was deleted
ends with 1000 `Connection Closed Normally`). Events that several users pasted have
`Client-side close frame status not set` with 1005.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.gateway.limits import Limits


@dataclass(frozen=True, slots=True)
class Closing:
    """A close frame."""

    code: int
    reason: str = ""


BINARY = Closing(1003, "Binary is not supported")
TOO_LARGE = Closing(1009)
GOING_AWAY = Closing(1001, "Going away")
DELETED = Closing(1000, "Connection Closed Normally")
#: A close frame without a code, and a connection that was lost without one (RFC 6455, 7.4.1).
NO_CODE = Closing(1005, "Client-side close frame status not set")
LOST = Closing(1006)


def closing_for(*, binary: bool, frames: Iterable[int], limits: Limits) -> Closing | None:
    """Whether a message closes its connection. `frames`: the bytes of each of its frames."""
    if binary:
        return BINARY
    sizes = list(frames)
    if limits.frame is not None and any(size > limits.frame for size in sizes):
        return TOO_LARGE
    if limits.message is not None and sum(sizes) > limits.message:
        return TOO_LARGE
    return None

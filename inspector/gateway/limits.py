"""Amazon's limits of a request on its way, each of which may be switched off by its name.

Sources: the quota page ("Amazon API Gateway quotas and important notes", REST and HTTP APIs):
10 MB of payload, 10,240 bytes of headers, URLs of 10,240 characters (8,192 where an API is
edge-optimized), an ARN of 1,600 bytes for a method with authorization, 29 seconds (30 for HTTP
APIs) for an integration, 1,000 rounds of a `#foreach`; WebSocket APIs: messages of 128 KB, frames
of 32 KB, 10 minutes without traffic, 2 hours for a connection; Lambda's quota page: 6 MB (6,291,556
bytes) of event for a function that is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

#: What may be switched off, with what it bounds.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "payload": "10 MB of request body, and of an HTTP_PROXY integration's answer",
        "headers": "10,240 bytes of request headers",
        "url": "10,240 characters of URL, 8,192 at the edge",
        "arn": "1,600 bytes of ARN where a method has authorization",
        "timeout": "the time that an integration may take",
        "foreach": "1,000 rounds of a #foreach",
        "event": "6 MB of event for a function",
        "message": "128 KB of WebSocket message, 32 KB of frame",
        "connection": "10 minutes of an idle WebSocket, 2 hours of any",
    }
)
#: Milliseconds that stand for no timeout at all.
NO_TIMEOUT_MS = 24 * 60 * 60 * 1000
_NO_ROUNDS = 1 << 60


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, characters, rounds and (`_s`) seconds; None where it is switched off.

    `timeout`: whether it counts.
    """

    payload: int | None = 10_485_760
    headers: int | None = 10_240
    url: int | None = 10_240
    url_at_the_edge: int | None = 8_192
    arn: int | None = 1_600
    timeout: bool = True
    foreach: int = 1_000
    event: int | None = 6_291_556
    message: int | None = 131_072
    frame: int | None = 32_768
    idle_s: float | None = 600
    connection_s: float | None = 7_200

    def waits(self, declared_ms: int) -> int:
        """How long an integration is waited for."""
        return declared_ms if self.timeout else NO_TIMEOUT_MS


AMAZONS = Limits()


def without(names: Iterable[str]) -> Limits:
    """All limits but these; `all` is every one of them. Unknown names switch nothing off."""
    off = set(names)
    if not off:
        return AMAZONS
    if "all" in off:
        off = set(NAMES)
    changes: dict[str, object] = dict.fromkeys(off & {"payload", "headers", "arn", "event"})
    if "message" in off:
        changes |= {"message": None, "frame": None}
    if "connection" in off:
        changes |= {"idle_s": None, "connection_s": None}
    if "url" in off:
        changes |= {"url": None, "url_at_the_edge": None}
    if "timeout" in off:
        changes["timeout"] = False
    if "foreach" in off:
        changes["foreach"] = _NO_ROUNDS
    return replace(AMAZONS, **changes)  # type: ignore[arg-type]

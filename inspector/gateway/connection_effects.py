"""What the core asks of open WebSockets: the three actions of `@connections`. Part of `effects`."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal


@dataclass(frozen=True, slots=True)
class GetConnection:
    """What is known of a connection of this API and stage? Reply: `ConnectionState`."""

    api_id: str
    stage: str
    connection_id: str

    @property
    def key(self) -> str:
        """The same for the same connection."""
        return f"connection get {self.api_id}/{self.stage} {self.connection_id}"


@dataclass(frozen=True, slots=True)
class PostToConnection:
    """Send `data` to its client as one frame of text. Reply: `ConnectionState`."""

    api_id: str
    stage: str
    connection_id: str
    data: bytes

    @property
    def key(self) -> str:
        """The same for the same data to the same connection."""
        digest = blake2b(self.data, digest_size=12).hexdigest()
        return f"connection post {self.api_id}/{self.stage} {self.connection_id} {digest}"


@dataclass(frozen=True, slots=True)
class DeleteConnection:
    """Close it. Reply: `ConnectionState`."""

    api_id: str
    stage: str
    connection_id: str

    @property
    def key(self) -> str:
        """The same for the same connection."""
        return f"connection delete {self.api_id}/{self.stage} {self.connection_id}"


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How a connection stood when it was asked for.

    `connecting`: its `$connect` is still under way, when nothing can be sent; `gone`: it was there
    once; `unknown`: no such id was ever given. Times in milliseconds since the epoch.
    """

    state: Literal["open", "connecting", "gone", "unknown"]
    connected_ms: int = 0
    last_active_ms: int = 0
    source_ip: str = ""
    user_agent: str | None = None

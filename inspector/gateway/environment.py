"""All that the core learns of a request beside its bytes: when, as whom, under which ids.

It is recorded with the exchange, so that a re-run sees the same world. The core itself never
looks at a clock or draws a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SocketEvent = Literal["CONNECT", "MESSAGE", "DISCONNECT"]


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """The client's certificate of a mutual TLS connection, as `$context.identity.clientCert`.

    `chain` are the authorities' certificates that the client sent with it, in PEM form.
    """

    pem: str
    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. Simulated where the user says so, because local traffic is all 127.0.0.1."""

    source_ip: str = "127.0.0.1"
    vpc_id: str | None = None
    vpc_endpoint: str | None = None
    certificate: ClientCertificate | None = None
    principal: str | None = None


@dataclass(frozen=True, slots=True)
class Socket:
    """The WebSocket that an event belongs to, as it stands when the event comes.

    `connected_ms` milliseconds since the epoch; `message_id` of a MESSAGE alone; `close_code` and
    `close_reason` of a DISCONNECT alone. The rest is what the connection keeps of its handshake:
    `stage` (empty at CONNECT, where the path says it), the `host` and `user_agent` that the client
    sent, and `authorizer`, the members of `$context.authorizer`.
    """

    event: SocketEvent
    id: str
    connected_ms: int
    message_id: str | None = None
    close_code: int | None = None
    close_reason: str = ""
    stage: str = ""
    host: str = ""
    user_agent: str | None = None
    authorizer: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Environment:
    """The circumstances of one request.

    `time_ms` milliseconds since the epoch; `request_id` a UUID; `extended_request_id` as sent in
    `x-amz-apigw-id`; `trace_id` an X-Ray root (`1-xxxxxxxx-…`) and `segment_id` 16 hex digits, used
    where the client sends none; `protocol` such as `HTTP/1.1`; `scheme` `http` or `https`;
    `socket` is set for the events of a WebSocket, and for nothing else.
    """

    time_ms: int
    request_id: str
    extended_request_id: str
    trace_id: str
    segment_id: str
    scheme: str = "http"
    protocol: str = "HTTP/1.1"
    caller: Caller = Caller()
    socket: Socket | None = None

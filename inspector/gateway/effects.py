"""What the core asks of the outside, and what it may be answered.

The pipeline yields an `Effect` and is sent the matching `Reply`. An effect carries a stable
`key`: under an edited definition an effect with the same key is answered from the recording, one
with another key is unknown, never quietly the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from inspector.gateway.access_effects import (
    CertificateChecked,
    CheckCertificate,
    CheckSignature,
    SignatureChecked,
)
from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.functions import FunctionAnswer as FunctionAnswer  # noqa: PLC0414  a part of this
from inspector.gateway.functions import FunctionStream as FunctionStream  # noqa: PLC0414  a part of this
from inspector.gateway.functions import InvokeFunction as InvokeFunction  # noqa: PLC0414  a part of this
from inspector.message import Headers


@dataclass(frozen=True, slots=True)
class BackendRequest:
    """A request to an HTTP backend. `url` is absolute, as declared (no local redirection)."""

    method: str
    url: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class CallBackend:
    """Send `request` and wait at most `timeout_ms` for the whole answer.

    With `may_stream` the driver may answer `BackendStream` as soon as the head is there; it does
    so always where `stream` is set, else where the head says that the body is a stream
    (`text/event-stream`) or is larger than it will buffer. `bounded`: what is no stream and larger
    than that is a failure, `too-large`. `insecure`: the backend's certificate is not looked at
    (`tlsConfig.insecureSkipVerification`).
    Replies: `BackendAnswer`, `BackendFailure`, and with `may_stream` `BackendStream`.
    """

    request: BackendRequest
    timeout_ms: int
    may_stream: bool = False
    stream: bool = False
    insecure: bool = False
    bounded: bool = False

    @property
    def key(self) -> str:
        """The same for the same request, whatever the definition around it says."""
        request = self.request
        digest = blake2b(digest_size=12)
        for name, value in request.headers:
            digest.update(f"{name}:{value}\n".encode("utf-8", "surrogatepass"))
        digest.update(request.body)
        return f"backend {request.method} {request.url} {digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class CallService:
    """Call an AWS service: sign `request` and send it where the service is to be found.

    `service` as the integration's URI names it (`dynamodb`), `action` (`PutItem`) as the URI or the
    request itself names it, None for a path without one. `request` is what Amazon's gateway would
    send to Amazon's endpoint, all but the signature; `credentials` is the role that the
    integration declares.
    Replies: `BackendAnswer`, `BackendFailure`.
    """

    service: str
    region: str
    action: str | None
    request: BackendRequest
    timeout_ms: int
    credentials: str | None = None

    @property
    def key(self) -> str:
        """The same for the same request, whoever signs it."""
        call = CallBackend(self.request, self.timeout_ms).key.removeprefix("backend ")
        return f"service {self.service} {self.region} {call}"


@dataclass(frozen=True, slots=True)
class CheckToken:
    """Is this JWT signed by a key of `issuer`?

    `issuer` is the URL that the definition names, never one out of the token; whoever performs
    this finds its keys (OpenID discovery, JWKS), keeps them, and asks again for an unknown key.
    Reply: `TokenChecked`.
    """

    issuer: str
    token: bytes

    @property
    def key(self) -> str:
        """The same for the same token and issuer, whenever it is asked."""
        return f"token {self.issuer} {blake2b(self.token, digest_size=12).hexdigest()}"


@dataclass(frozen=True, slots=True)
class LookUp:
    """Is there something fresh in a cache? `now_ms` is the request's own time. Reply: `LookedUp`."""

    cache: str
    entry: str
    now_ms: int

    @property
    def key(self) -> str:
        """The same for the same entry, whenever it is asked for."""
        return f"look-up {self.cache} {self.entry}"


@dataclass(frozen=True, slots=True)
class Store:
    """Keep a value for `ttl_ms`; `by` is the request that made it. Reply: `Stored`."""

    cache: str
    entry: str
    value: bytes
    now_ms: int
    ttl_ms: int
    by: str

    @property
    def key(self) -> str:
        """The same for the same value in the same place."""
        digest = blake2b(self.value, digest_size=12).hexdigest()
        return f"store {self.cache} {self.entry} {digest}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `rate` tokens a second, at most `burst`."""

    name: str
    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class QuotaCount:
    """What is counted against a plan's quota."""

    name: str
    limit: int
    period: Literal["DAY", "WEEK", "MONTH"]
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Meter:
    """May this request pass? The quota first, then the buckets in their order. Reply: `Metered`."""

    quota: QuotaCount | None
    buckets: tuple[Bucket, ...]
    now_ms: int

    @property
    def key(self) -> str:
        """The same for the same limits, whatever is left of them."""
        names = [f"{each.name} {each.rate} {each.burst}" for each in self.buckets]
        return f"meter {self.quota} {names}"


@dataclass(frozen=True, slots=True)
class Draw:
    """A number by chance, at least 0 and below 100, for `what`. Reply: `Drawn`."""

    what: str

    @property
    def key(self) -> str:
        """The same for the same purpose."""
        return f"draw {self.what}"


@dataclass(frozen=True, slots=True)
class ResponseStarted:
    """The head of a streamed answer is decided: send it on, and the backend's body after it.

    Reply: `StreamEnded`.
    """

    status: int
    headers: Headers

    @property
    def key(self) -> str:
        """One to an exchange."""
        return "response-started"


@dataclass(frozen=True, slots=True)
class BackendAnswer:
    """A whole answer of a backend."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class TokenChecked:
    """`keys` are the ids of the issuer's keys at `url`, fetched at `fetched_ms` (since the epoch).

    `discovery` and `jwks`: the issuer's configuration or its keys could not be had, `detail` says
    why, and `url` is what was asked for. `no-key`: no key has the token's id.
    """

    verdict: Literal["good", "bad-signature", "no-key", "discovery", "jwks"]
    url: str = ""
    keys: tuple[str, ...] = ()
    fetched_ms: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a cache had: None for nothing. `age_ms` since the request `filled_by` put it there."""

    value: bytes | None
    age_ms: int | None = None
    filled_by: str | None = None


@dataclass(frozen=True, slots=True)
class Metered:
    """What refused, if anything; what is used of the quota and left in each bucket.

    `wait_ms` until it would pass; `bucket` is the place of the one that is empty.
    """

    refused: Literal["quota", "throttle"] | None
    used: int = 0
    levels: tuple[float, ...] = ()
    wait_ms: int = 0
    bucket: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """It is kept."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What chance said."""

    number: float


FailureKind = Literal[
    "timeout", "dns", "refused", "reset", "tls", "protocol", "too-large", "other",
    "no-endpoint", "no-credentials", "throttled",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackendFailure:
    """No answer. `detail` is what the network said, for the trace, never for the client.

    `no-endpoint`: nobody said where this AWS service is to be found; `no-credentials`: it is to be
    called at Amazon, and there are no credentials to sign with; `throttled`: Lambda runs no more of
    this function at a time. `log` is what a function had printed that was not waited for any more.
    """

    kind: FailureKind
    detail: str
    log: str = ""


@dataclass(frozen=True, slots=True)
class BackendStream:
    """The head of an answer whose body is being streamed."""

    status: int
    headers: Headers


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """The body went by: `size` bytes in all, of which `kept` were kept (up to the cap).

    `error` says why the stream broke off, None where it ended by itself; `log` is what a function
    printed meanwhile.
    """

    size: int
    kept: bytes
    error: str | None = None
    log: str = ""


#: One to a line, because many hands add to them.
Effect = (
    CallBackend
    | CallService
    | CheckCertificate
    | CheckSignature
    | CheckToken
    | DeleteConnection
    | Draw
    | GetConnection
    | InvokeFunction
    | LookUp
    | Meter
    | PostToConnection
    | ResponseStarted
    | Store
)  # fmt: skip
Reply = (
    BackendAnswer
    | BackendFailure
    | BackendStream
    | CertificateChecked
    | ConnectionState
    | Drawn
    | FunctionAnswer
    | FunctionStream
    | LookedUp
    | Metered
    | SignatureChecked
    | Stored
    | StreamEnded
    | TokenChecked
)  # fmt: skip

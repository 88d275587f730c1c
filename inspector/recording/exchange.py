"""One exchange as a value: everything needed to look at it, and to run it again offline."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Trace
from inspector.message import Request, Response

#: `answered`: the backend's (or MOCK's) answer went out; `refused`: a rule of the gateway said no;
#: `failed`: something broke (backend, mapping); `passed`: a host without definition, untouched;
#: `broken`: the client or the backend went away before the answer was whole.
ExchangeOutcome = Literal["answered", "refused", "failed", "passed", "broken"]
Origin = Literal["live", "replayed", "simulated"]


@dataclass(frozen=True, slots=True)
class Performed:
    """One effect with its reply. Times in microseconds since the exchange began."""

    effect: Effect
    reply: Reply
    started_us: int
    ended_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request, what became of it, and all that decided it.

    `started_us` microseconds since the epoch; `request_size` and `response_size` are the sizes of
    the bodies as they went by, larger than the bodies kept where a cap cut them; `body_cap` is that
    cap in bytes, None where every body is whole. `definition` is
    the digest of the definition bundle (None for a host we hold none for), `engine` the release
    that answered. `stopped_at` is the stage that refused or failed, `response_type` the type of
    the gateway response (`ACCESS_DENIED` …) where the gateway made the answer itself.
    `deployment` names what `definition` was run as: api id and stage.
    For a passed exchange `url` is absolute and `performed` holds the backend leg if we made it.
    """

    started_us: int
    duration_us: int
    request: Request
    response: Response | None
    environment: Environment
    host: str
    outcome: ExchangeOutcome
    trace: Trace = ()
    performed: tuple[Performed, ...] = ()
    api_id: str | None = None
    stage: str | None = None
    resource: str | None = None
    definition: str | None = None
    engine: str = ""
    stopped_at: str | None = None
    response_type: str | None = None
    origin: Origin = "live"
    replay_of: int | None = None
    request_size: int = 0
    response_size: int = 0
    error: str | None = None
    timings: dict[str, int] = field(default_factory=dict)
    body_cap: int | None = None

"""All that a gateway can reach: who performs which effect, the same for live traffic and `invoke`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter_ns

from inspector.gateway.access_effects import CheckCertificate, CheckSignature
from inspector.gateway.connection_effects import (
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.effects import (
    CallBackend,
    CallService,
    CheckToken,
    Draw,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    LookUp,
    Meter,
    Reply,
    Store,
)
from inspector.runtime.caches import Caches
from inspector.runtime.chance import draw
from inspector.runtime.connections import Connections
from inspector.runtime.functions.functions import Functions
from inspector.runtime.http import HttpBackends
from inspector.runtime.issuers import Issuers
from inspector.runtime.keyring import Keyring
from inspector.runtime.meters import Meters
from inspector.runtime.services.services import Services
from inspector.runtime.stream import BodyStream
from inspector.runtime.truststores import Truststores


@dataclass(slots=True)
class Means:
    """Belongs to one event loop. `ResponseStarted` is the driver's own: it has the client."""

    backends: HttpBackends
    functions: Functions = field(default_factory=Functions)
    services: Services | None = None
    keyring: Keyring = field(default_factory=Keyring)
    caches: Caches = field(default_factory=Caches)
    meters: Meters = field(default_factory=Meters)
    truststores: Truststores = field(default_factory=Truststores)
    issuers: Issuers = field(default_factory=Issuers)
    connections: Connections = field(default_factory=Connections)

    async def perform(self, effect: Effect) -> Reply | BodyStream:
        """The reply, or a stream whose head is the reply and whose body is to be passed on."""
        if isinstance(effect, CallBackend):
            return await self.backends.call(effect)
        if isinstance(effect, InvokeFunction):
            began = perf_counter_ns()
            answer = await self.functions.invoke(effect)
            if isinstance(answer, FunctionAnswer):
                took = (perf_counter_ns() - began) // 1_000_000
                return FunctionAnswer(  # `replace` looks the fields up, at each invocation
                    answer.payload, answer.error, answer.request_id, answer.log, took,
                    answer.init_ms,
                )  # fmt: skip
            return answer
        if isinstance(effect, CallService):
            services = self.services or Services({}, self.backends)
            return await services.call(effect)
        if isinstance(effect, CheckToken):
            return await self.issuers.check(effect)
        return self.answer_at_once(effect)

    def answer_at_once(self, effect: Effect) -> Reply:
        """What nobody else has to be asked for. Raises `TypeError` for all other effects."""
        if isinstance(effect, Meter):
            return self.meters.take(effect)
        if isinstance(effect, LookUp):
            return self.caches.look_up(effect)
        if isinstance(effect, Store):
            return self.caches.store(effect)
        if isinstance(effect, CheckCertificate):
            return self.truststores.check(effect)
        if isinstance(effect, Draw):
            return draw(effect)
        if isinstance(effect, CheckSignature):
            return self.keyring.check(effect, datetime.now(UTC))
        if isinstance(effect, GetConnection | PostToConnection | DeleteConnection):
            return self.connections.perform(effect)
        raise TypeError(f"{type(effect).__name__} is performed by whoever talks to the client")

    async def close(self) -> None:
        """Hang up, and end what was started."""
        await self.functions.close()
        await self.issuers.close()
        await self.backends.close()

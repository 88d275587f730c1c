"""The clock and the ids of live traffic: the only place where chance and time come in."""

from __future__ import annotations

import time
from base64 import b64encode

from inspector.gateway.environment import Caller, Environment
from inspector.runtime.random_ids import Chance, uuid4

#: Bytes of one request's ids: request id 16, extended request id 8, trace id 12, segment id 8.
_EACH = 44


class Circumstances:
    """Makes the `Environment` of each request."""

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller
        self._chance = Chance(_EACH)

    def now(
        self, scheme: str, protocol: str, source_ip: str, now_ns: int | None = None
    ) -> Environment:
        """The circumstances of a request that came from `source_ip` at `now_ns` (default: now).

        A simulated caller goes before the real address.
        """
        chance = self._chance.draw()
        moment = (time.time_ns() if now_ns is None else now_ns) // 1_000_000
        rest = chance[24:].hex()
        return Environment(
            moment,
            uuid4(chance[:16]),
            _extended(chance[16:24]),
            f"1-{moment // 1000:08x}-{rest[:24]}",
            rest[24:],
            scheme,
            protocol,
            Caller(source_ip) if self.caller is None else self.caller,
        )


def _extended(chance: bytes) -> str:
    """As Amazon's look: eight characters, `IAMF` (of us-east-1), three characters and `=`."""
    text = b64encode(chance).decode("ascii")
    return f"{text[:8]}IAMF{text[8:12]}"

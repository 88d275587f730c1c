"""The clock and the ids of live traffic: the only place where chance and time come in."""

from __future__ import annotations

import os
import time
from base64 import b64encode

from inspector.gateway.environment import Caller, Environment

#: Bytes of one request's ids: request id 16, extended request id 8, trace id 12, segment id 8.
_EACH = 44
_AT_ONCE = 512
#: A UUID's bits for version 4 and variant 1 (RFC 9562 section 5.4).
_CLEAR = ~(0xF << 76 | 0x3 << 62)
_SET = 4 << 76 | 2 << 62


class Circumstances:
    """Makes the `Environment` of each request. Randomness is drawn for 512 requests at a time."""

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller
        self._chance = b""
        self._next = 0

    def now(
        self, scheme: str, protocol: str, source_ip: str, now_ns: int | None = None
    ) -> Environment:
        """The circumstances of a request that came from `source_ip` at `now_ns` (default: now).

        A simulated caller goes before the real address.
        """
        start = self._next
        if start == len(self._chance):
            self._chance, start = os.urandom(_EACH * _AT_ONCE), 0
        self._next = start + _EACH
        chance = self._chance[start : start + _EACH]
        moment = (time.time_ns() if now_ns is None else now_ns) // 1_000_000
        rest = chance[24:].hex()
        return Environment(
            moment,
            _uuid4(chance[:16]),
            _extended(chance[16:24]),
            f"1-{moment // 1000:08x}-{rest[:24]}",
            rest[24:],
            scheme,
            protocol,
            Caller(source_ip) if self.caller is None else self.caller,
        )


def _uuid4(chance: bytes) -> str:
    text = f"{int.from_bytes(chance) & _CLEAR | _SET:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _extended(chance: bytes) -> str:
    """As Amazon's look: eight characters, `IAMF` (of us-east-1), three characters and `=`."""
    text = b64encode(chance).decode("ascii")
    return f"{text[:8]}IAMF{text[8:12]}"

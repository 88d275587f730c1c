"""Backends that are watched: whoever cannot be reached is told of, and when he can be again.

Only what means that nobody is there counts as down: no address, no open port. A backend that is
slow or answers nonsense is there; each exchange says what it did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Literal

from inspector.gateway.effects import BackendAnswer, BackendFailure, CallBackend, FailureKind
from inspector.runtime.failures import BackendError
from inspector.runtime.http import ANSWER_LIMIT, HttpBackends
from inspector.runtime.stream import BodyStream
from inspector.runtime.urls import Origin

#: Told who is down (True) or back (False): the server, and a sentence.
Tell = Callable[[Literal["warning", "info"], str], None]

_DOWN: Final[Mapping[FailureKind, str]] = {
    "refused": "refuses connections: is it running?",
    "dns": "has no address",
}
#: Seconds between two tries to reach who is down, and for one try.
LOOK = 1.0


class WatchedBackends(HttpBackends):
    """As `HttpBackends`; one attribute is looked at for each call that went well."""

    def __init__(
        self, tell: Tell, names: Mapping[str, str] | None = None, limit: int = ANSWER_LIMIT
    ) -> None:
        super().__init__(names, limit)
        self._tell = tell
        self._down: dict[Origin, tuple[FailureKind, str]] = {}

    async def call(self, effect: CallBackend) -> BackendAnswer | BackendFailure | BodyStream:
        """As `HttpBackends.call`."""
        answer = await super().call(effect)
        if self._down or isinstance(answer, BackendFailure):
            self._look_at(effect, answer)
        return answer

    async def watch(self) -> None:
        """Try to reach who is down, now and then, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            for origin in tuple(self._down):
                if await _reachable(origin):
                    self._back(origin)

    def _look_at(self, effect: CallBackend, answer: object) -> None:
        try:
            origin, _ = self._places.find(effect.request.url)
        except BackendError:
            return
        if not isinstance(answer, BackendFailure):
            self._back(origin)
        elif answer.kind in _DOWN and origin not in self._down:
            self._down[origin] = answer.kind, _name(origin, effect.request.url)
            self._tell("warning", self._sentence())

    def _back(self, origin: Origin) -> None:
        was = self._down.pop(origin, None)
        if was is None:
            return
        if self._down:
            self._tell("warning", self._sentence())
        else:
            self._tell("info", f"{was[1]} can be reached again.")

    def _sentence(self) -> str:
        """A line for each, the newest first."""
        lines = [
            f"{name} {_DOWN[kind]}{_instead(kind, origin, name)}."
            for origin, (kind, name) in self._down.items()
        ]
        return "\n".join(reversed(lines)).replace("?.", "?")


def _name(origin: Origin, url: str) -> str:
    """As the definition calls it, and who stands in for it."""
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    declared = url.partition("://")[2].partition("/")[0].partition("?")[0]
    if declared in (host, f"{host}:{origin.port}"):
        return f"The backend {'https' if origin.tls else 'http'}://{host}:{origin.port}"
    return f"{declared} ({host}:{origin.port})"


def _instead(kind: FailureKind, origin: Origin, name: str) -> str:
    """How a name that has no address can be given one; not where one was given already."""
    given = "(" in name
    return "" if kind != "dns" or given else f": give --backend {origin.host}=URL"


async def _reachable(origin: Origin) -> bool:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(LOOK):
            _, writer = await asyncio.open_connection(origin.host, origin.port)
        writer.close()
        return True
    return False

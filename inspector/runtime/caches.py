"""Caches of a gateway: results of authorizers and answers of integrations, by name.

Time comes with the effects, so that what is fresh is decided by the clock of the request.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from inspector.gateway.effects import LookedUp, LookUp, Store, Stored

#: Entries of one cache; the oldest go first.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept: until when, since when, and which request filled it."""

    value: bytes
    since_ms: int
    until_ms: int
    by: str


class Caches:
    """All caches of one gateway. Not for several threads."""

    def __init__(self) -> None:
        self._caches: dict[str, OrderedDict[str, Entry]] = {}

    def look_up(self, effect: LookUp) -> LookedUp:
        """The entry, if it is there and still fresh."""
        cache = self._caches.get(effect.cache)
        entry = None if cache is None else cache.get(effect.entry)
        if cache is None or entry is None:
            return LookedUp(None)
        if effect.now_ms >= entry.until_ms:
            del cache[effect.entry]
            return LookedUp(None)
        return LookedUp(entry.value, effect.now_ms - entry.since_ms, entry.by)

    def store(self, effect: Store) -> Stored:
        """Keep it."""
        cache = self._caches.setdefault(effect.cache, OrderedDict())
        until = effect.now_ms + effect.ttl_ms
        cache[effect.entry] = Entry(effect.value, effect.now_ms, until, effect.by)
        cache.move_to_end(effect.entry)
        while len(cache) > MOST:
            cache.popitem(last=False)
        return Stored()

    def entries(self) -> dict[str, dict[str, Entry]]:
        """Everything that is kept, fresh or not, by cache."""
        return {name: dict(cache) for name, cache in self._caches.items()}

    def forget(self, cache: str | None = None, entry: str | None = None) -> int:
        """Drop one entry, one cache, or all; how many entries went."""
        before = sum(map(len, self._caches.values()))
        if cache is None:
            self._caches.clear()
        elif entry is None:
            self._caches.pop(cache, None)
        elif cache in self._caches:
            self._caches[cache].pop(entry, None)
        return before - sum(map(len, self._caches.values()))

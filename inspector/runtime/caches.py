"""Caches of a gateway: results of authorizers and answers of integrations, by name.

Time comes with the effects, so that what is fresh is decided by the clock of the request.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from inspector.gateway.effects import LookedUp, LookUp, Store, Stored

#: Entries of one cache, and bytes of them; the oldest go first. Amazon's smallest holds 0.5 GB.
MOST, MOST_BYTES = 10_000, 128 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept: until when, since when, and which request filled it."""

    value: bytes
    since_ms: int
    until_ms: int
    by: str


class _Cache:
    """One cache: entries in the order in which they were filled, and the bytes of their values."""

    __slots__ = ("entries", "size")

    def __init__(self) -> None:
        self.entries: OrderedDict[str, Entry] = OrderedDict()
        self.size = 0

    def put(self, name: str, entry: Entry) -> None:
        self.drop(name)
        self.entries[name] = entry
        self.size += len(entry.value)
        while len(self.entries) > MOST or self.size > MOST_BYTES:
            self.drop(next(iter(self.entries)))

    def drop(self, name: str) -> int:
        entry = self.entries.pop(name, None)
        self.size -= 0 if entry is None else len(entry.value)
        return 0 if entry is None else 1


class Caches:
    """All caches of one gateway. Not for several threads."""

    def __init__(self) -> None:
        self._caches: dict[str, _Cache] = {}

    def look_up(self, effect: LookUp) -> LookedUp:
        """The entry, if it is there and still fresh."""
        cache = self._caches.get(effect.cache)
        entry = None if cache is None else cache.entries.get(effect.entry)
        if cache is None or entry is None:
            return LookedUp(None)
        if effect.now_ms >= entry.until_ms:
            cache.drop(effect.entry)
            return LookedUp(None)
        return LookedUp(entry.value, effect.now_ms - entry.since_ms, entry.by)

    def store(self, effect: Store) -> Stored:
        """Keep it."""
        until = effect.now_ms + effect.ttl_ms
        entry = Entry(effect.value, effect.now_ms, until, effect.by)
        self._caches.setdefault(effect.cache, _Cache()).put(effect.entry, entry)
        return Stored()

    def entries(self) -> dict[str, dict[str, Entry]]:
        """Everything that is kept, fresh or not, by cache."""
        return {name: dict(cache.entries) for name, cache in self._caches.items()}

    def forget(self, cache: str | None = None, entry: str | None = None) -> int:
        """Drop one entry, one cache, or all; how many entries went."""
        if cache is None:
            gone = sum(len(each.entries) for each in self._caches.values())
            self._caches.clear()
            return gone
        found = self._caches.get(cache)
        if found is None:
            return 0
        if entry is not None:
            return found.drop(entry)
        del self._caches[cache]
        return len(found.entries)

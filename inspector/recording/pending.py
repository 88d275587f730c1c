"""What waits to be written: bounded, and safe between a proxy's thread and the writer's."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass

from inspector.recording.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may wait in memory while the file cannot be written. Beyond, the oldest go."""

    exchanges: int = 20_000
    body_bytes: int = 256 << 20


@dataclass(frozen=True, slots=True)
class Item:
    """An exchange with its ticket: tickets count up, so a caller can wait for the one it got."""

    ticket: int
    exchange: Exchange


class Pending:
    """A queue that never blocks. One thread takes; any may add."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._items: deque[Item] = deque()
        self._tickets = itertools.count(1)
        self._bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def crowded(self) -> bool:
        """Whether half of the room is taken: what comes now had better come slower."""
        limits = self._limits
        return self._bytes * 2 > limits.body_bytes or len(self._items) * 2 > limits.exchanges

    def add(self, exchange: Exchange) -> int:
        """Appends, dropping the oldest where there is no room; the ticket."""
        ticket = next(self._tickets)
        self._items.append(Item(ticket, exchange))
        self._bytes += _weight(exchange)
        if len(self._items) > self._limits.exchanges or self._bytes > self._limits.body_bytes:
            self._make_room()
        return ticket

    def take(self, most: int) -> list[Item]:
        """Removes and gives the oldest, at most so many."""
        taken: list[Item] = []
        try:
            while len(taken) < most:
                taken.append(self._items.popleft())
        except IndexError:
            pass
        return taken

    def done(self, items: list[Item]) -> None:
        """The memory of these is free again: they were written or given up."""
        self._bytes -= sum(_weight(item.exchange) for item in items)
        if not self._items:
            # `+=` in two threads may lose a step: start anew whenever nothing is left.
            self._bytes = 0

    def put_back(self, items: list[Item]) -> None:
        """What was taken could not be written: to the front again."""
        self._items.extendleft(reversed(items))

    def _make_room(self) -> None:
        """Drops down to nine tenths at once, so that a full queue does not pay at every request."""
        most = self._limits.exchanges * 9 // 10
        room = self._limits.body_bytes * 9 // 10
        while len(self._items) > 1 and (len(self._items) > most or self._bytes > room):
            try:
                item = self._items.popleft()
            except IndexError:
                return
            self._bytes -= _weight(item.exchange)
            self.dropped += 1


def _weight(exchange: Exchange) -> int:
    response = exchange.response
    return len(exchange.request.body) + (len(response.body) if response else 0)

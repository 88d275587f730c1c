"""What the gateway process tells: a line of JSON for each thing that happened to it."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from queue import Empty, Queue
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the gateway process told: `kind` such as `ready` or `notice`, and its data."""

    kind: str
    data: dict[str, Any]


class Events:
    """Read at once, whether anybody asks or not, so that a full pipe never stops the gateway."""

    def __init__(self, told: IO[bytes]) -> None:
        # Not a SimpleQueue: in Python 3.11 and 3.12 its `get` waits for ever where a signal comes
        # shortly before the time is up, and Ctrl-C is how the one who waits here is told to end.
        self._queue: Queue[Event | None] = Queue()
        self._listener = threading.Thread(target=self._listen, args=(told,), daemon=True)
        self._listener.start()

    def next(self, seconds: float) -> Event | None:
        """The next one; None where it told nothing within this time or will tell no more."""
        try:
            return self._queue.get(timeout=seconds)
        except Empty:
            return None

    def join(self, seconds: float) -> None:
        """Wait until all was read."""
        self._listener.join(seconds)

    def _listen(self, told: IO[bytes]) -> None:
        try:
            with told:
                for line in told:
                    data = json.loads(line)
                    self._queue.put(Event(data.pop("event"), data))
        finally:
            self._queue.put(None)

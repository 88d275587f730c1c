"""What the user should know while it lasts: a broken edit, a recording in trouble, no backend.

A notice has a topic. A later one of the same topic takes its place; one of level `info` says that
all is well again: it ends what was told before. Nothing here knows of Textual or of processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning", "info"]

#: So many that have been told are kept for the page of notices.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """`text` may have several lines, the most telling first. `at_us` since the epoch."""

    topic: str
    level: Level
    text: str
    at_us: int


@dataclass(slots=True)
class Notices:
    """What holds now, by topic, and all that was told. `changed` is called after each."""

    now_us: Callable[[], int]
    changed: Callable[[Notice], None] = lambda _notice: None
    standing: dict[str, Notice] = field(default_factory=dict)
    told: deque[Notice] = field(default_factory=lambda: deque(maxlen=KEPT))

    def tell(self, topic: str, level: Level, text: str) -> None:
        """Something happened. An `info` that ends nothing is only remembered."""
        notice = Notice(topic, level, text, self.now_us())
        if level == "info":
            self.standing.pop(topic, None)
        else:
            self.standing.pop(topic, None)
            self.standing[topic] = notice
        self.told.append(notice)
        self.changed(notice)

    @property
    def worst(self) -> Notice | None:
        """The one to show where there is room for one: an error before a warning, newest first."""
        ordered = sorted(
            self.standing.values(), key=lambda each: (each.level != "error", -each.at_us)
        )
        return ordered[0] if ordered else None

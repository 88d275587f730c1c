"""The part of a list that is in memory: some rows around the screen, the cursor, the first drawn.

Rows are in the order of their ids, oldest first. Nothing here knows of SQLite or of Textual: a
movement that needs more rows says which ones are wanted, and is finished when they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from inspector.recording.rows import Row

Want = Literal["older", "newer"]

#: Rows asked for at a time, and the most that are kept.
PAGE = 200
MOST = 1200


@dataclass(slots=True)
class Window:
    """`seen` is the newest id known to be looked through: what arrived later comes after it."""

    rows: list[Row] = field(default_factory=list)
    top: int = 0
    cursor: int = 0
    height: int = 1
    at_start: bool = False
    at_end: bool = False
    seen: int = 0
    pending: int = 0

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    @property
    def below(self) -> int:
        """How many rows in memory are below the screen."""
        return max(len(self.rows) - self.top - self.height, 0)

    def visible(self) -> list[Row]:
        """The rows on the screen."""
        return self.rows[self.top : self.top + self.height]

    def row_at(self, line: int) -> Row | None:
        """The row on a line of the screen."""
        index = self.top + line
        return self.rows[index] if 0 <= line < self.height and index < len(self.rows) else None

    def resize(self, height: int) -> None:
        """The screen has so many lines now."""
        self.height = max(height, 1)
        self._settle()

    def replace(
        self, rows: Iterable[Row], *, at_start: bool, at_end: bool, seen: int, keep: int | None
    ) -> None:
        """Another list, the cursor on the row `keep` or the nearest to it; None: on the last."""
        self.rows = sorted(rows, key=lambda row: row.id)
        self.at_start, self.at_end, self.seen, self.pending = at_start, at_end, seen, 0
        self.cursor = self._nearest(keep)
        self.top = max(len(self.rows) - self.height, 0) if keep is None else self.top
        if keep is not None:
            self.top = self.cursor - self.height // 2
        self._settle()

    def to_first(self) -> None:
        """The cursor to the first row in memory."""
        self.cursor = self.top = self.pending = 0

    def remove(self, exchange: int) -> None:
        """Without this row; the cursor stays at its place."""
        self.rows = [row for row in self.rows if row.id != exchange]
        self._settle()

    def _nearest(self, wanted: int | None) -> int:
        if not self.rows:
            return 0
        if wanted is None:
            return len(self.rows) - 1
        for index, row in enumerate(self.rows):
            if row.id >= wanted:
                return index
        return len(self.rows) - 1

    def add_older(self, rows: Iterable[Row], *, asked: int) -> None:
        """Rows before the first; fewer than asked means that there are no more."""
        new = sorted(rows, key=lambda row: row.id)
        self.at_start = len(new) < asked
        self.rows[:0] = new
        self.cursor += len(new)
        self.top += len(new)
        if len(self.rows) > MOST:
            del self.rows[MOST:]
            self.at_end = False
            self.seen = self.rows[-1].id
        self._finish()

    def add_newer(self, rows: Iterable[Row], *, asked: int, seen: int) -> None:
        """Rows after the last; the cursor and the screen stay where they are."""
        new = sorted(rows, key=lambda row: row.id)
        self.at_end = len(new) < asked
        self.rows += new
        self.seen = seen if self.at_end else self.rows[-1].id
        surplus = min(len(self.rows) - MOST, self.top, self.cursor)
        if surplus > 0:
            del self.rows[:surplus]
            self.cursor -= surplus
            self.top -= surplus
            self.at_start = False
        self._finish()

    def full(self) -> bool:
        """Whether more new rows would only fill the memory: many wait below the screen already."""
        return len(self.rows) >= MOST and self.below >= MOST // 2

    def _finish(self) -> None:
        steps, self.pending = self.pending, 0
        if steps:
            self.move(steps)
        self._settle()

    def move(self, steps: int) -> None:
        """The cursor by so many rows; what memory does not hold yet is left in `pending`."""
        wanted = self.cursor + steps
        self.cursor = min(max(wanted, 0), max(len(self.rows) - 1, 0))
        rest = wanted - self.cursor
        missing = (rest < 0 and not self.at_start) or (rest > 0 and not self.at_end)
        self.pending = max(min(rest, MOST), -MOST) if missing else 0
        self._settle()

    def scroll(self, lines: int) -> None:
        """The screen by so many lines; the cursor stays on it."""
        self.top = min(max(self.top + lines, 0), max(len(self.rows) - self.height, 0))
        self.cursor = min(max(self.cursor, self.top), self.top + self.height - 1)
        self.cursor = min(self.cursor, max(len(self.rows) - 1, 0))

    def _settle(self) -> None:
        """The cursor is on the screen, and the screen is within the rows."""
        last = max(len(self.rows) - 1, 0)
        self.cursor = min(max(self.cursor, 0), last)
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.height:
            self.top = self.cursor - self.height + 1
        self.top = min(max(self.top, 0), max(len(self.rows) - self.height, 0))

    def want(self) -> Want | None:
        """The rows to ask for next, so that the next screen is there before it is reached."""
        margin = max(self.height, PAGE // 4)
        if not self.at_start and (self.pending < 0 or self.top < margin):
            return "older"
        short = len(self.rows) - self.top - self.height < margin
        if not self.at_end and (self.pending > 0 or short) and not self.full():
            return "newer"
        return None

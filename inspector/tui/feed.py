"""What the list shows: pages of the recording through a filter, kept up to date by key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from inspector.recording.filters import EVERYTHING, Filter
from inspector.recording.reader import Reader
from inspector.recording.rows import Row
from inspector.tui.store import Failed, Store
from inspector.tui.window import PAGE, Window

#: Seconds at least between two counts, and how many times its own duration a count waits.
_COUNT_EVERY = 1.0
_COUNT_REST = 5.0


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[Row]
    at_start: bool
    at_end: bool
    seen: int
    oldest: int = 0


class Feed:
    """A window on the recording. Calls `painted` whenever what it shows has changed.

    `matches` and `total` are None until they have been counted.
    """

    def __init__(self, store: Store, filter_: Filter, painted: Callable[[], None]) -> None:
        self.store = store
        self.filter = filter_
        self.window = Window()
        self.follow = False
        self.loaded = False
        self.loading = False
        self.error = ""
        self.newest = 0
        self.oldest = 0
        self.total: int | None = None
        self.matches: int | None = None
        self.counting = False
        self._painted = painted
        self._count_after = 0.0
        self._fetching = False

    @property
    def arrived(self) -> bool:
        """Whether there is something newer than what the screen shows."""
        shown = self.window.visible()
        return bool(shown) and self.newest > shown[-1].id

    # ── opening ───────────────────────────────────────────────────────────────────────────────

    def open(self, *, keep: int | None = None) -> None:
        """The first page: around the exchange `keep`, or the newest."""
        chosen = self.filter

        def work(reader: Reader) -> _Page:
            return _around(reader, chosen, keep)

        def then(found: _Page | Failed) -> None:
            if isinstance(found, Failed):
                self._fail(found)
                return
            self.window.replace(
                found.rows, at_start=found.at_start, at_end=found.at_end, seen=found.seen, keep=keep
            )
            self._arrived(found)

        self._fetching, self.loading = False, True
        self.store.quick.drop("more")
        self.store.quick.ask("page", work, then)

    def narrow(self, filter_: Filter) -> None:
        """Another filter; the cursor stays on its exchange where that matches."""
        current = self.window.current
        self.filter = filter_
        self.matches = None
        self.open(keep=None if self.follow or current is None else current.id)
        self.count_again()

    def _arrived(self, found: _Page) -> None:
        self.newest, self.oldest = max(self.newest, found.seen), found.oldest
        self.error, self.loaded, self.loading = "", True, False
        self._painted()
        self.fill()

    def _fail(self, failed: Failed) -> None:
        self.error, self.loading = failed.message, False
        self._painted()

    # ── moving ────────────────────────────────────────────────────────────────────────────────

    def move(self, steps: int) -> None:
        """The cursor by so many rows; stops following."""
        self.follow = False
        self.window.move(steps)
        self._painted()
        self.fill()

    def scroll(self, lines: int) -> None:
        """The screen by so many lines; stops following."""
        self.follow = False
        self.window.scroll(lines)
        self._painted()
        self.fill()

    def first(self) -> None:
        """To the oldest row."""
        self.follow = False
        if self.window.at_start:
            self.window.to_first()
            self._painted()
            return
        self.open(keep=0)

    def last(self) -> None:
        """To the newest row."""
        self.open()

    def at(self, exchange: int) -> None:
        """To an exchange, or to the nearest that matches."""
        self.follow = False
        self.open(keep=exchange)

    def toggle_follow(self) -> None:
        """Stay on the newest exchange, or stay put."""
        self.follow = not self.follow
        if self.follow:
            self.open()
        self._painted()

    def seek(self, filter_: Filter, step: int) -> None:
        """To the next (or, with -1, the previous) exchange that `filter_` matches."""
        current = self.window.current
        if current is None:
            return

        def work(reader: Reader) -> list[Row]:
            if step > 0:
                return reader.page(filter_, after=current.id, limit=1)
            return reader.page(filter_, before=current.id, limit=1)

        def then(found: list[Row] | Failed) -> None:
            if isinstance(found, Failed):
                self._fail(found)
            elif found:
                self.at(found[0].id)

        self.store.quick.ask("seek", work, then)

    def forget(self, exchange: int) -> None:
        """An exchange is gone from the recording: the list closes over it."""
        self.window.remove(exchange)
        self.count_again()
        self._painted()
        self.fill()

    def reread(self) -> None:
        """What the rows say has changed: read them again, the cursor where it is."""
        current = self.window.current
        self.open(keep=None if current is None else current.id)
        self.count_again()

    def fill(self) -> None:
        """Ask for the rows that the window will need next."""
        want = self.window.want()
        if want is None or self._fetching or not self.loaded:
            return
        self._fetching = True
        if want == "older":
            self._older()
        else:
            self._newer()

    def _older(self) -> None:
        chosen, window = self.filter, self.window
        first = window.rows[0].id if window.rows else window.seen + 1

        def then(found: list[Row] | Failed) -> None:
            self._fetching = False
            if isinstance(found, Failed):
                self._fail(found)
                return
            window.add_older(found, asked=PAGE)
            self._painted()
            self.fill()

        self.store.quick.ask(
            "more", lambda reader: reader.page(chosen, before=first, limit=PAGE), then
        )

    def _newer(self) -> None:
        chosen, window = self.filter, self.window
        last = window.seen if window.at_end or not window.rows else window.rows[-1].id

        def work(reader: Reader) -> _Page:
            seen = reader.newest_id() or 0
            return _Page(reader.page(chosen, after=last, limit=PAGE), False, False, seen)

        def then(found: _Page | Failed) -> None:
            self._fetching = False
            if isinstance(found, Failed):
                self._fail(found)
                return
            window.add_newer(found.rows, asked=PAGE, seen=max(found.seen, last))
            self.newest = max(self.newest, found.seen)
            self._painted()
            self.fill()

        self.store.quick.ask("more", work, then)

    # ── living ────────────────────────────────────────────────────────────────────────────────

    def changed(self) -> None:
        """The recording has been written to."""
        if not self.loaded or self.follow:
            self.open()
        elif self.window.full():
            self.window.at_end = False
        elif self.window.at_end and not self._fetching:
            self._fetching = True
            self._newer()
        self.count()

    def count(self) -> None:
        """Count what matches, and all there is, unless that was done a moment ago."""
        now = time.monotonic()
        if self.counting or now < self._count_after:
            return
        self.counting = True
        chosen = self.filter
        self._painted()

        def work(reader: Reader) -> tuple[int, int]:
            total = reader.count(EVERYTHING)
            return total if chosen == EVERYTHING else reader.count(chosen), total

        def then(found: tuple[int, int] | Failed) -> None:
            self.counting = False
            took = time.monotonic() - now
            self._count_after = time.monotonic() + max(_COUNT_EVERY, took * _COUNT_REST)
            if isinstance(found, Failed):
                self._fail(found)
                return
            if chosen == self.filter:
                self.matches, self.total = found
            else:
                self.count_again()
            self._painted()

        self.store.slow.ask("count", work, then)

    def count_again(self) -> None:
        """Count at once: the filter is another one."""
        self.counting, self._count_after = False, 0.0
        self.count()


def _around(reader: Reader, chosen: Filter, keep: int | None) -> _Page:
    """A page of either side of an exchange; with None the last page."""
    seen, oldest = reader.newest_id() or 0, reader.oldest_id() or 0
    if keep is None:
        rows = reader.page(chosen, limit=PAGE)
        return _Page(rows, len(rows) < PAGE, True, seen, oldest)
    before = reader.page(chosen, before=keep + 1, limit=PAGE) if keep else []
    after = reader.page(chosen, after=keep, limit=PAGE)
    return _Page([*before, *after], len(before) < PAGE, len(after) < PAGE, seen, oldest)

"""What the user changes in a recording, each with its undo: marks, deletes, cleared lists.

Called in a thread; answers with a sentence. Nothing here knows of Textual.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from inspector.recording.notes import Notes
from inspector.recording.removal import Removal, Removed
from inspector.recording.schema import RecordingError

_T = TypeVar("_T")
#: So many changes can be undone.
MOST = 100


class ChangeError(Exception):
    """The recording could not be changed; the text says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """`undo` takes it back; `words` say what is taken back."""

    words: str
    undo: Callable[[], None]
    removed: Removed | None = None


@dataclass(slots=True)
class Changes:
    """The changes of one sitting."""

    path: Path
    done: list[Change] = field(default_factory=list)

    def mark(self, number: int, *, marked: bool) -> str:
        """Make an exchange a favourite, or no longer."""

        def put(to: bool) -> None:  # noqa: FBT001 (a value)
            with closing(Notes(self.path)) as notes:
                notes.mark([number], marked=to)

        self._try(lambda: put(marked))
        words = f"{number} is {'marked' if marked else 'no longer marked'}."
        self.remember(Change(f"The mark of {number} is as it was.", lambda: put(not marked)))
        return words

    def delete(self, number: int) -> str:
        """Delete an exchange; what it held stays until the change can no longer be undone."""
        removed = self._try(lambda: self._remove(number))
        if not removed.exchanges:
            return f"{number} is gone already."
        self.remember(Change(f"{number} is back.", lambda: self._restore(removed), removed))
        return f"{number} is deleted; u brings it back."

    def remember(self, change: Change) -> None:
        """It can be undone."""
        self.done.append(change)
        while len(self.done) > MOST:
            self._finish(self.done.pop(0))

    def undo(self) -> str:
        """Take the last change back."""
        if not self.done:
            return "There is nothing to undo."
        change = self.done.pop()
        self._try(change.undo)
        return change.words

    def close(self) -> None:
        """The sitting ends: deleted is deleted."""
        while self.done:
            self._finish(self.done.pop(0))

    def _remove(self, number: int) -> Removed:
        with closing(Removal(self.path)) as removal:
            return removal.remove([number])

    def _restore(self, removed: Removed) -> None:
        with closing(Removal(self.path)) as removal:
            removal.restore(removed)

    def _finish(self, change: Change) -> None:
        if change.removed is None:
            return
        # What cannot be let go now is no loss: pruning comes by.
        with suppress(RecordingError, sqlite3.Error), closing(Removal(self.path)) as removal:
            removal.finish(change.removed)

    def _try(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except RecordingError as error:
            raise ChangeError(str(error)) from error
        except sqlite3.Error as error:
            raise ChangeError(f"The recording could not be changed: {error}.") from error

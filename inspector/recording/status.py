"""How the recording does, in a word for programs and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

State = Literal["writing", "full", "locked", "readonly", "gone", "failing", "closed"]

SENTENCES: Final[dict[State, str]] = {
    "writing": "",
    "full": "The disk is full: exchanges wait in memory until there is room.",
    "locked": "Another process holds the recording locked: exchanges wait in memory.",
    "readonly": "The recording has become read-only: exchanges wait in memory.",
    "gone": "The recording's file is gone and cannot be made anew: exchanges wait in memory.",
    "failing": "The recording cannot be written: exchanges wait in memory.",
    "closed": "The recording is closed.",
}


@dataclass(frozen=True, slots=True)
class Status:
    """How the recording does. `message` is for the user, empty when all is well.

    `written` exchanges are in the file, `pending` wait, `lost` were given up; `last_error` is what
    SQLite or the system said last.
    """

    state: State
    message: str
    written: int
    pending: int
    lost: int
    last_error: str | None


class Trouble(Exception):
    """The file could not be written; nothing of the transaction happened."""

    def __init__(self, state: State, error: Exception) -> None:
        super().__init__(f"{type(error).__name__}: {error}" if str(error) else repr(error))
        self.state = state

"""Asking the gateway's process, through the recording. Blocking: called in a thread."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from inspector.recording.control import Control
from inspector.recording.schema import RecordingError

#: Seconds that the gateway may take.
PATIENCE = 3.0


class NoAnswerError(Exception):
    """The gateway did not do it; the text says why."""


def ask(path: Path, topic: str, payload: object) -> Any:
    """What the gateway answers. Raises `NoAnswerError`."""
    try:
        with closing(Control(path, "terminal")) as control:
            answer = control.wait(control.ask(topic, payload, lifetime_s=PATIENCE), PATIENCE)
    except TimeoutError as error:
        raise NoAnswerError("The gateway does not answer.") from error
    except (RecordingError, sqlite3.Error) as error:
        raise NoAnswerError(f"The gateway cannot be asked: {error}") from error
    if answer.error:
        raise NoAnswerError(answer.error)
    return answer.payload

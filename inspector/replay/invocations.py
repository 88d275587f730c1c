"""What functions were invoked with, as files that tests can read, and what they printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.gateway.effects import (
    BackendFailure,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    StreamEnded,
)
from inspector.recording.exchange import Exchange, Performed

#: Where they are put, below the directory that one is in.
FOLDER = Path("events")


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was sent, and the name of the function that it was for."""

    function: str
    payload: bytes

    @property
    def text(self) -> str:
        """The event, laid out to be read."""
        try:
            value = json.loads(self.payload)
        except ValueError:
            return self.payload.decode("utf-8", "replace")
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def events_of(exchange: Exchange) -> list[Event]:
    """All of an exchange, in their order: an authorizer's before that of the integration."""
    effects = (done.effect for done in exchange.performed)
    return [
        Event(effect.name, effect.payload)
        for effect in effects
        if isinstance(effect, InvokeFunction)
    ]


def output_of(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """The name of each function that printed something, and what."""
    for done in exchange.performed:
        if isinstance(done.effect, InvokeFunction):
            log = log_of(done, exchange)
            if log:
                yield done.effect.name, log


def log_of(done: Performed, exchange: Exchange) -> str:
    """What a function printed in this invocation; of a streamed answer it is known at its end.

    Amazon's Python client indents tracebacks by blanks that do not break, for CloudWatch's sake.
    """
    if isinstance(done.reply, FunctionAnswer | BackendFailure):
        log = done.reply.log
    else:
        ended = end_of(done, exchange)
        log = ended.log if ended is not None else ""
    return log.replace("\xa0", " ")


def end_of(done: Performed, exchange: Exchange) -> StreamEnded | None:
    """The end of a streamed answer."""
    if not isinstance(done.reply, FunctionStream):
        return None
    replies = (each.reply for each in exchange.performed)
    return next((reply for reply in replies if isinstance(reply, StreamEnded)), None)


def save(exchange: Exchange, number: int, folder: Path = FOLDER) -> list[Path]:
    """Write each event of the exchange `number` into `folder/FUNCTION-NUMBER.json`.

    Gives the files; none where no function was invoked. Raises OSError.
    """
    found = events_of(exchange)
    if found:
        folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"{_safe(event.function)}-{number}.json": event for event in found}
    for file, event in files.items():
        file.write_text(event.text, "utf-8", "surrogatepass")
    return list(files)


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64] or "function"

"""What the screen reads of a recording for one exchange: the whole of it, and definition lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.recording.filters import parse
from inspector.recording.reader import Reader

#: Bytes of bodies from which on an exchange is laid out in a thread.
LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An exchange with the lines of the definition that it was answered by.

    `bundle` is all of that definition, None where none was held.
    """

    id: int
    exchange: Exchange
    line_of: Callable[[Source], str | None]
    other: Exchange | None = None
    other_id: int | None = None
    other_is: str = "original"
    bundle: str | None = None

    @property
    def large(self) -> bool:
        """Whether laying it out may take longer than a key should."""
        both = [self.exchange, *([self.other] if self.other else [])]
        return any(
            len(each.request.body) + len(each.response.body if each.response else b"") > LARGE
            for each in both
        )


def read(reader: Reader, number: int) -> Opened:
    """Read an exchange, and what to compare it with: the one it repeats, or its newest replay.

    Raises KeyError.
    """
    exchange = reader.exchange(number)
    other, other_id, other_is = None, exchange.replay_of, "original"
    if other_id is None:
        replays = reader.page(parse(f"replay-of:{number}"), limit=1)
        other_id, other_is = (replays[0].id if replays else None), "replay"
    if other_id is not None:
        with suppress(KeyError):
            other = reader.exchange(other_id)
    bundle = None
    if exchange.definition is not None:
        with suppress(KeyError):
            bundle = reader.definition(exchange.definition)
    return Opened(number, exchange, _lines(_files(bundle)), other, other_id, other_is, bundle)


def _files(bundle: str | None) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(bundle or "{}")["files"]
    except (KeyError, ValueError):
        return {}
    return found


def _lines(files: dict[str, str]) -> Callable[[Source], str | None]:
    @lru_cache(maxsize=8)
    def split(name: str) -> list[str]:
        return files.get(name, "").splitlines()

    def line_of(source: Source) -> str | None:
        lines = split(source.file)
        return lines[source.line - 1] if 0 < source.line <= len(lines) else None

    return line_of

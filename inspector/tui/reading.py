"""What the screen reads of a recording for one exchange: the whole of it, and definition lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.recording.reader import Reader


@dataclass(frozen=True, slots=True)
class Opened:
    """An exchange with the lines of the definition that it was answered by."""

    id: int
    exchange: Exchange
    line_of: Callable[[Source], str | None]
    original: Exchange | None = None


def read(reader: Reader, number: int) -> Opened:
    """Read an exchange, and for a replay the one it repeats. Raises KeyError."""
    exchange = reader.exchange(number)
    original = None
    if exchange.replay_of is not None:
        try:
            original = reader.exchange(exchange.replay_of)
        except KeyError:
            original = None
    files: dict[str, str] = {}
    if exchange.definition is not None:
        files = _files(reader, exchange.definition)
    return Opened(number, exchange, _lines(files), original)


def _files(reader: Reader, digest: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(reader.definition(digest))["files"]
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

"""Chosen exchanges, copied into a recording of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from inspector.recording.exchange import Exchange
from inspector.recording.filters import Filter
from inspector.recording.notes import Notes
from inspector.recording.reader import Reader
from inspector.recording.recording_file import RecordingFile
from inspector.recording.rows import Row
from inspector.recording.schema import RecordingError
from inspector.recording.sessions import Session

#: Exchanges to a transaction; all of their bodies are in memory meanwhile.
STEP: Final = 64


def extract(
    source: Path,
    chosen: Filter,
    destination: Path,
    *,
    engine: str,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Copies what matches, oldest first, with its definitions and notes; how many.

    Ids are given anew; `replay_of` follows where the original is copied too. Raises
    `RecordingError`, also where the destination exists.
    """
    if destination.exists():
        raise RecordingError(f"{destination} exists already; extract into a new file.")
    with Reader(source) as reader:
        target = RecordingFile(destination, Session("command", None, engine), body_cap=1 << 62)
        try:
            renamed, noted = _copy(reader, chosen, target, progress)
        finally:
            target.close()
    notes = Notes(destination)
    try:
        notes.mark([renamed[row.id] for row in noted if row.marked])
        for row in noted:
            if row.comment is not None:
                notes.comment(renamed[row.id], row.comment)
    finally:
        notes.close()
    return len(renamed)


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in runs, so that an original is written before what replays it."""
    run: list[Row] = []
    for row in rows:
        if any(row.replay_of == earlier.id for earlier in run):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _renumbered(exchange: Exchange, renamed: dict[int, int]) -> Exchange:
    original = exchange.replay_of
    return exchange if original is None else replace(exchange, replay_of=renamed.get(original))


def _copy(
    reader: Reader,
    chosen: Filter,
    target: RecordingFile,
    progress: Callable[[int], None] | None,
) -> tuple[dict[int, int], list[Row]]:
    """The new id of each old one, and the rows that have notes."""
    renamed: dict[int, int] = {}
    noted: list[Row] = []
    defined: set[str] = set()
    last = 0
    while rows := reader.page(chosen, after=last, limit=STEP):
        last = rows[0].id
        rows.reverse()
        for digest in {row.definition for row in rows if row.definition} - defined:
            defined.add(digest)
            try:
                target.define(digest, reader.definition(digest))
            except KeyError:
                continue  # never stored: the source cannot run these again either
        for run in _runs(rows):
            exchanges = [_renumbered(reader.exchange(row.id), renamed) for row in run]
            ids = target.write(exchanges)
            renamed.update(
                (row.id, number) for row, number in zip(run, ids, strict=True) if number is not None
            )
        noted += [row for row in rows if row.id in renamed and (row.marked or row.comment)]
        if progress is not None:
            progress(len(renamed))
    return renamed, noted

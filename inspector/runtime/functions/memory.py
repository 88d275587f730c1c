"""How much memory a function's process takes, with all that it has started (as Lambda counts it)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil

_PROC = Path("/proc")
#: Linux says there which processes a thread has started; looking through all processes of the
#: machine for them takes milliseconds.
_LISTED = (_PROC / "self" / "task" / str(os.getpid()) / "children").exists()


def is_over(pid: int, limit: int) -> bool:
    """Whether a process and its descendants take more than so many bytes.

    What several of them share is counted once, where the system says so.
    """
    try:
        sizes = {each.pid: each.memory_info().rss for each in _family(pid)}
    except psutil.Error:
        return False
    if sum(sizes.values()) <= limit:
        return False
    if len(sizes) == 1:
        return True
    return sum(_share(each, size) for each, size in sizes.items()) > limit


def _family(pid: int) -> Iterator[psutil.Process]:
    first = psutil.Process(pid)
    yield first
    if not _LISTED:
        yield from first.children(recursive=True)
        return
    for child in _children(pid):
        try:
            yield from _family(child)
        except psutil.Error:  # it has ended meanwhile
            continue


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in (_PROC / str(pid) / "task").iterdir():
            found.extend(map(int, (thread / "children").read_text().split()))
    except OSError:
        pass
    return found


def _share(pid: int, resident: int) -> int:
    """Its own part of what it shares with others; all of its memory where that is not told."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return resident
    shares = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(shares[0]) * 1024 if shares else resident

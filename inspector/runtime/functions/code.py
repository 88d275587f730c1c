"""Whether a function's code has changed since it was started."""

from __future__ import annotations

import os
from pathlib import Path

#: Folders whose contents change without the function changing.
_SKIPPED = frozenset({"node_modules", "__pycache__", ".git", ".venv", ".aws-sam", ".mypy_cache"})
#: Files looked at; the packages beside a large function may be more, and change rarely.
_MOST = 4_000


def fingerprint(*roots: Path) -> int:
    """A number that changes when a file below one of them is written, added or removed."""
    seen: list[tuple[str, int, int]] = []
    folders = [str(each) for each in reversed(roots)]
    while folders and len(seen) < _MOST:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED:
                        folders.append(entry.path)
                    continue
                status = entry.stat()
            except OSError:
                continue
            seen.append((entry.path, status.st_mtime_ns, status.st_size))
    return hash(tuple(sorted(seen)))

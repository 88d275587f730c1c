"""The files of a definition as they are on disk now, where they are not what was read before.

A recording may name any file, and is not trusted: only regular files of a definition's size are
read, they are compared, and nothing of them is shown but what a definition declares.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector.definitions.bundle import Bundle
from inspector.definitions.diagnostics import Notes
from inspector.definitions.loading import Loaded, file_text, read


def edited(bundle: Bundle) -> Loaded | None:
    """What the definition is by now; None where no file that is still there has changed."""
    files = {name: _now(name, text) for name, text in bundle.files.items()}
    includes = {name: _now(name, text) for name, text in bundle.includes.items()}
    if files == bundle.files and includes == bundle.includes:
        return None
    return read(replace(bundle, files=files, includes=includes))


def _now(name: str, text: str) -> str:
    """The text as it is now, or as it was where the file cannot be read."""
    now = file_text(name, Notes()) if Path(name).is_file() else None
    return text if now is None else now

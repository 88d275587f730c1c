"""Copying out: OSC 52 to the terminal, and a file for what a terminal would not take."""

from __future__ import annotations

import tempfile
from pathlib import Path

from textual.app import App

#: Terminals drop longer OSC 52 sequences (xterm's limit is about this).
LONGEST = 74_000


def copy(app: App[object], content: bytes, name: str) -> str:
    """Copy and say where to: the clipboard, or a file whose name is told."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and len(content) <= LONGEST:
        app.copy_to_clipboard(text)
        return f"Copied {len(content)} bytes of the {name}."
    folder = Path(tempfile.mkdtemp(prefix="inspector-"))
    path = folder / name.replace(" ", "-")
    path.write_bytes(content)
    return f"Too much for the clipboard: the {name} is in {path}."

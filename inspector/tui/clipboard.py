"""Copying out: OSC 52 to the terminal, the system's own tool where there is one, else a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from textual.app import App

#: Terminals drop longer OSC 52 sequences (xterm's limit is about this).
LONGEST = 74_000
_PATIENCE = 2.0


def copy(app: App[object], content: bytes, name: str) -> str:
    """Copy and say where to: the clipboard, or a file whose name is told."""
    if not content:
        return f"There is no {name}."
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None:
        command = tool(os.environ, sys.platform)
        done = bool(command) and _run(command, content)
        if len(content) <= LONGEST:
            app.copy_to_clipboard(text)
            done = True
        if done:
            return f"Copied {len(content):,} bytes of the {name}."
    reason = "Too much for the clipboard" if text is not None else "Not text"
    return f"{reason}: the {name} is in {write(content, name)}."


def write(content: bytes, name: str) -> Path:
    """Into a new file that only the user reads."""
    folder = Path(tempfile.mkdtemp(prefix="inspector-"))
    path = folder / name.replace(" ", "-").replace("'", "")
    path.write_bytes(content)
    return path


def tool(environment: Mapping[str, str], platform: str) -> list[str]:
    """The command that takes what is copied on its standard input; empty where there is none."""
    candidates: list[list[str]] = []
    if platform == "darwin":
        candidates = [["pbcopy"]]
    elif environment.get("WAYLAND_DISPLAY"):
        candidates = [["wl-copy"]]
    elif environment.get("DISPLAY"):
        candidates = [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]]
    return next((each for each in candidates if shutil.which(each[0])), [])


def _run(command: list[str], content: bytes) -> bool:
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            command, input=content, timeout=_PATIENCE, check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return done.returncode == 0
    return False

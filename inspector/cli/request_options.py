"""What a request is made of on the command line: `-H 'NAME: VALUE'` and `-d BODY`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inspector.cli.exit import CommandError, Exit


def header(text: str) -> tuple[str, str]:
    """The type of `-H`."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not 'NAME: VALUE'")
    return name.strip(), value.strip()


def body_of(text: str) -> bytes:
    """A body as it is given: text, @FILE, or - for the standard input. Raises `CommandError`."""
    if text == "-":
        return sys.stdin.buffer.read()
    if not text.startswith("@"):
        return text.encode("utf-8", "surrogateescape")
    try:
        return Path(text[1:]).read_bytes()
    except OSError as error:
        raise CommandError(Exit.USAGE, f"{text[1:]}: {error.strerror}") from error

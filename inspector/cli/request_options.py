"""What a request is made of on the command line: `-H 'NAME: VALUE'` and `-d BODY`."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from inspector.cli.exit import CommandError, Exit

#: A name as HTTP knows it (RFC 9110 section 5.6.2).
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def header(text: str) -> tuple[str, str]:
    """The type of `-H`."""
    name, colon, value = text.partition(":")
    if not colon or not TOKEN.fullmatch(name.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not 'NAME: VALUE'")
    return name.strip(), value.strip()


def method(text: str) -> str:
    """The type of METHOD."""
    if not TOKEN.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no method, such as GET")
    return text


def path(text: str) -> str:
    """The type of PATH: no client can send blanks or control characters in it."""
    if any(character <= " " or character == "\x7f" for character in text):
        raise argparse.ArgumentTypeError(f"{text!r} has blanks in it: write them as %20")
    return text


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

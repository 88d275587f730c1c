"""What a command says to the person at the terminal: stderr, coloured where that is welcome."""

from __future__ import annotations

import os
import sys
from typing import TextIO

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"


def coloured(stream: TextIO) -> bool:
    """Whether colours belong on this stream: a terminal, and no NO_COLOR (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def paint(text: str, colour: str, stream: TextIO) -> str:
    """The text in this colour, where the stream shows colours."""
    return f"\x1b[{colour}m{text}\x1b[0m" if coloured(stream) else text


def plain(text: str) -> str:
    """Foreign text made safe to print: no control character reaches the terminal."""
    return "".join(
        character if character.isprintable() or character == "\t" else _escaped(character)
        for character in text
    )


def plain_lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(plain(line) for line in text.split("\n"))


def say(text: str) -> None:
    """One line of narration."""
    print(text, file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Something the user should know, without stopping."""
    say(f"{paint('warning:', YELLOW, sys.stderr)} {text}")


def error(message: str, hint: str = "") -> None:
    """What went wrong, and on the next line what to do."""
    say(f"{paint('inspector:', RED, sys.stderr)} {message}")
    if hint:
        say(f"  {hint}")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")

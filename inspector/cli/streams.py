"""The standard streams made ready: no locale and no closed stream makes a command fail."""

from __future__ import annotations

import codecs
import os
import sys

#: Our own marks where the terminal's character set has none of them.
_MARKS = str.maketrans(
    {"→": "->", "✓": "+", "✗": "x", "·": "-", "\u2013": "-", "…": "...", "│": "|", "λ": "fn"}
)
_WORDS, _ESCAPES = "inspector-words", "inspector-escapes"


def settle() -> None:
    """Streams that were closed take everything; characters that one cannot hold are put in others."""
    # Opened for good: they are the standard streams of the process.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    _replace_by(_WORDS, sys.stdout, sys.stderr)


def keep_data() -> None:
    """What goes to stdout is JSON from now on: characters are escaped as JSON has it, none changed."""
    _replace_by(_ESCAPES, sys.stdout)


def _replace_by(handler: str, *streams: object) -> None:
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=handler)


def _worded(error: UnicodeError) -> tuple[str, int]:
    return _escaped(error, _MARKS)


def _escaped(error: UnicodeError, marks: dict[int, str] | None = None) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(marks or {})
    return "".join(c if c.isascii() else _units(c) for c in text), error.end


def _units(character: str) -> str:
    """Its UTF-16 units, as JSON escapes them."""
    octets = character.encode("utf-16-be", "surrogatepass")
    pairs = (octets[at : at + 2] for at in range(0, len(octets), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)


codecs.register_error(_WORDS, _worded)
codecs.register_error(_ESCAPES, _escaped)

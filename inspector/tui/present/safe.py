"""Foreign text made harmless: one printable character for each character that is not.

A body or a header may hold escape sequences, line ends where one line is drawn, or characters
that turn the reading direction. Each becomes one visible character, so columns and search hits
keep their places.
"""

from __future__ import annotations

from rich.text import Text

TAB_WIDTH = 4
#: Longest run of characters drawn as one line; what is longer is cut into lines of this length.
MAX_LINE = 2000


def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(0x20)}
    table[0x7F] = "\u2421"
    table |= dict.fromkeys(range(0x80, 0xA0), "\u00b7")
    invisible = (0x00AD, 0x061C, 0x180E, 0x2028, 0x2029, 0xFEFF)
    bidi = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
    table |= dict.fromkeys((*invisible, *bidi), "\ufffd")
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # a lone surrogate cannot be written
    table |= dict.fromkeys(range(0xFFF9, 0xFFFC), "\ufffd")
    return table


_TABLE = _table()


def clean(text: str) -> str:
    """`text` of the same length with every character that is not printable made visible."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_TABLE)


def ink(text: str = "", style: str = "") -> Text:
    """A line beginning with `text`. The style is that of this piece, not of what is appended."""
    return Text(no_wrap=True, end="").append(text, style)


def untabbed(line: str) -> str:
    """One line of a body, tabs made spaces, the rest `clean`."""
    return clean(line.expandtabs(TAB_WIDTH) if "\t" in line else line)


def from_wire(text: str) -> str:
    """Latin-1 text off the wire as people read it: UTF-8 where its bytes are UTF-8."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text

"""Bytes as rows of hex, drawn one row at a time."""

from __future__ import annotations

from rich.text import Text

from inspector.tui.present import styles

BYTES_PER_ROW = 16
_PRINTABLE = "".join(chr(code) if 0x20 <= code < 0x7F else "·" for code in range(256))


def row_count(body: bytes) -> int:
    """How many rows `body` takes."""
    return (len(body) + BYTES_PER_ROW - 1) // BYTES_PER_ROW


def draw(body: bytes, row: int) -> Text:
    """`00000010  68 65 6c 6c 6f 0a …  hello·`."""
    offset = row * BYTES_PER_ROW
    chunk = body[offset : offset + BYTES_PER_ROW]
    half = BYTES_PER_ROW // 2
    left, right = chunk[:half].hex(" "), chunk[half:].hex(" ")
    text = Text(no_wrap=True, end="")
    text.append(f"{offset:08x}  ", styles.DIM)
    text.append(f"{left:<{half * 3 - 1}}  {right:<{half * 3 - 1}}  ")
    text.append("".join(_PRINTABLE[code] for code in chunk), styles.STRING)
    return text

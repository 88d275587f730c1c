"""The blocks a body is drawn as: foldable JSON, lines of text, rows of hex."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate, islice

from rich.text import Text

from inspector.tui.present import hexdump, json_lines, styles
from inspector.tui.present.document import Needle, Unfolded
from inspector.tui.present.json_lines import JsonLines
from inspector.tui.present.safe import MAX_LINE, untabbed

_TAG = re.compile(r"<[!?/]?[^<>]*>")


class JsonBlock:
    """JSON, foldable. Units are the lines of the open document."""

    def __init__(self, lines: JsonLines) -> None:
        self.lines = lines
        self.folded: set[int] = set()
        self._show()

    def _show(self) -> None:
        """Which lines are not inside something folded."""
        if not self.folded:
            self.shown = array("l", range(len(self.lines)))
            return
        shown, index, total = array("l"), 0, len(self.lines)
        folded, close = self.folded, self.lines.close
        while index < total:
            shown.append(index)
            index = close[index] + 1 if index in folded else index + 1
        self.shown = shown

    def __len__(self) -> int:
        return len(self.shown)

    def line(self, index: int) -> Text:
        unit = self.shown[index]
        return json_lines.draw(self.lines, unit, folded=unit in self.folded)

    def find(self, needle: Needle) -> Iterator[int]:
        """Look in the text as sent; `"a": 1` off the screen also finds `"a":1`."""
        starts = self.lines.start
        places = list(needle.places(self.lines.text))
        if not places and '": ' in needle.text:
            places = list(Needle(needle.text.replace('": ', '":')).places(self.lines.text))
        for at in places:
            yield max(bisect_right(starts, at) - 1, 0)

    def reveal(self, unit: int) -> int:
        hiding = {opener for opener in self.folded if opener < unit <= self.lines.close[opener]}
        if hiding:
            self.folded -= hiding
            self._show()
        return bisect_left(self.shown, unit)

    def unit(self, index: int) -> int:
        return self.shown[index]

    def toggle(self, index: int) -> bool:
        unit = self.shown[index]
        if unit in self.folded:
            self.folded.discard(unit)
        elif self.lines.opens(unit):
            self.folded.add(unit)
        else:
            return False
        self._show()
        return True

    def fold_all(self, *, folded: bool) -> None:
        """Fold each member of the outermost container, and all inside them; or open everything."""
        units = range(1, len(self.lines)) if folded else ()
        self.folded = {unit for unit in units if self.lines.opens(unit)}
        self._show()

    def source(self, index: int) -> bytes | None:
        return self.lines.source(self.shown[index]).encode("utf-8", "surrogatepass")


class TextBlock(Unfolded):
    """Lines of text as they are; a line longer than `MAX_LINE` continues on the next."""

    def __init__(self, text: str, *, tags: bool = False, style: str = "") -> None:
        self.text = text
        self.tags = tags
        self.style = style
        self.starts = _starts(text)

    def __len__(self) -> int:
        return len(self.starts)

    def _raw(self, index: int) -> str:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end].rstrip("\r\n")

    def line(self, index: int) -> Text:
        text = Text(untabbed(self._raw(index)), style=self.style, no_wrap=True, end="")
        if self.tags:
            text.highlight_regex(_TAG, styles.KEY)
        return text

    def find(self, needle: Needle) -> Iterator[int]:
        for at in needle.places(self.text):
            yield bisect_right(self.starts, at) - 1

    def source(self, index: int) -> bytes | None:
        return self._raw(index).encode("utf-8", "surrogatepass")


def _starts(text: str) -> array[int]:
    """Where each drawn line begins: quickly where no line is too long, as in nearly all texts."""
    lines = text.split("\n")
    if len(max(lines, key=len)) >= MAX_LINE:
        return array("l", _line_starts(text))
    if not lines[-1]:
        lines.pop()
    ends = accumulate(map(len, lines), lambda at, length: at + length + 1, initial=0)
    return array("l", islice(ends, len(lines)))


def _line_starts(text: str) -> Iterator[int]:
    """Where each drawn line begins."""
    position, total = 0, len(text)
    while position < total:
        newline = text.find("\n", position)
        end = total if newline < 0 else newline + 1
        yield from range(position, end, MAX_LINE)
        position = end


class HexBlock(Unfolded):
    """Bytes. A needle is looked for as text, and as hex digits (`de ad`)."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __len__(self) -> int:
        return hexdump.row_count(self.body)

    def line(self, index: int) -> Text:
        return hexdump.draw(self.body, index)

    def find(self, needle: Needle) -> Iterator[int]:
        found = {at // hexdump.BYTES_PER_ROW for at in needle.places(self.body.decode("latin-1"))}
        for wanted in {needle.text.encode("utf-8", "replace"), _as_hex(needle.text)} - {b""}:
            at = self.body.find(wanted)
            while at >= 0:
                found.add(at // hexdump.BYTES_PER_ROW)
                at = self.body.find(wanted, at + 1)
        yield from sorted(found)

    def source(self, index: int) -> bytes | None:
        return None


def _as_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""

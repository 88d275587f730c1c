"""A template's text and the places in it, counted as JavaCC's character stream counts them."""

from __future__ import annotations

from bisect import bisect_right

_ASTRAL = "\uffff"


class Source:
    """Template text with its lines.

    The text of a string literal is a source of its own, whose places are those of the literal:
    `outer` is the source around it, `shift` the offset in `outer` of its first character.
    Columns count UTF-16 units; a tab goes to the next multiple of eight, as in Velocity's messages.
    """

    __slots__ = ("_doubled", "_starts", "base_column", "base_line", "outer", "shift", "text")

    def __init__(
        self,
        text: str,
        base_line: int = 1,
        base_column: int = 0,
        outer: Source | None = None,
        shift: int = 0,
        doubled: tuple[int, ...] = (),
    ) -> None:
        self.text = text
        self.base_line = base_line
        self.base_column = base_column
        self.outer = outer
        self.shift = shift
        self._doubled = doubled
        self._starts: list[int] | None = None

    def outermost(self, offset: int) -> int:
        """The offset in the template itself of an offset in this source."""
        if self.outer is None:
            return offset
        # Each doubled quote before the offset took one more character in the literal.
        inner = offset + bisect_right(self._doubled, offset - 1)
        return self.outer.outermost(self.shift + inner)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset`."""
        starts = self._line_starts()
        index = bisect_right(starts, offset) - 1
        column = self._column(starts[index], offset)
        line = index + 1
        if line == 1:
            column += self.base_column
        return line + self.base_line - 1, column

    def end_position(self) -> tuple[int, int]:
        """Where the end of the text is: one column after the last character, or on a new line."""
        text = self.text
        if not text:
            return 1, 0
        line, column = self.position(len(text) - 1)
        return (line + 1, 0) if text[-1] in "\r\n" else (line, column + 1)

    def eof_position(self) -> tuple[int, int]:
        """Where Velocity places the EOF token: on the last character."""
        return self.position(len(self.text) - 1) if self.text else (1, 0)

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts, text = [0], self.text
            for index, char in enumerate(text):
                if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
                    starts.append(index + 1)
            self._starts = starts
        return self._starts

    def _column(self, start: int, offset: int) -> int:
        before = self.text[start : offset + 1]
        if before.isascii() and "\t" not in before:
            return offset - start + 1
        column = 0
        for char in before:
            column += 1
            if char == "\t":
                column -= 1
                column += 8 - (column & 7)
            elif char > _ASTRAL:
                column += 1
        if self.text[offset : offset + 1] > _ASTRAL:
            column -= 1  # the place of a character is that of its first UTF-16 unit
        return column

"""JSON laid out one member a line, straight from its text.

Nothing is decoded and written again: key order, duplicate keys, `1.0` against `1`, escapes and
non-ASCII stay as they were sent. Lines are kept as offsets into the text, and drawn when shown.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from rich.text import Text

from inspector.replay.json_text import INDENT, TOKEN
from inspector.tui.present import styles
from inspector.tui.present.safe import MAX_LINE, clean

_LITERALS = frozenset(("true", "false", "null"))


@dataclass(slots=True)
class JsonLines:
    """The lines of a JSON text, all open. Arrays run in step, one entry a line.

    `start` and `end` bound the line's own text (`"a": 1`, `"b": {`, `]`); `depth` its indentation;
    `close` is the index of the closing line for a line that opens a container, else -1.
    """

    text: str
    start: array[int] = field(default_factory=lambda: array("l"))
    end: array[int] = field(default_factory=lambda: array("l"))
    depth: array[int] = field(default_factory=lambda: array("l"))
    close: array[int] = field(default_factory=lambda: array("l"))
    members: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.start)

    def opens(self, index: int) -> bool:
        """Whether this line opens a container of more than one line."""
        return self.close[index] > index

    def source(self, index: int) -> str:
        """The text of the value on this line, whole where it opens a container; without its key."""
        last = self.close[index] if self.opens(index) else index
        text = self.text[self.start[index] : self.end[last]].removesuffix(",").rstrip()
        match = TOKEN.match(text)
        if match is None or not match[0].startswith('"'):
            return text
        rest = text[match.end() :].lstrip()
        return rest[1:].lstrip() if rest.startswith(":") else text


def lay_out(text: str) -> JsonLines:
    """The lines of `text`, which `is_json`."""
    lines = JsonLines(text)
    _Layout(lines).run()
    return lines


class _Layout:
    """One pass over the tokens, without recursion: depth is the sender's to choose."""

    def __init__(self, lines: JsonLines) -> None:
        self.lines = lines
        self.stack: list[int] = []
        self.start = -1  # where the line being gathered began, -1 for none
        self.end = -1

    def run(self) -> None:
        """Fill `lines`."""
        for match in TOKEN.finditer(self.lines.text):
            token = match[0]
            if token in "{[":
                self._open(match.start(), match.end())
            elif token in "}]":
                self._close(match.start(), match.end())
            elif token == ",":
                self._end_scalar()
                if len(self.lines):
                    self.lines.end[-1] = match.end()
            elif token != ":":
                self.start = match.start() if self.start < 0 else self.start
                self.end = match.end()
        self._end_scalar()

    def _add(self, start: int, end: int) -> int:
        lines = self.lines
        lines.start.append(start)
        lines.end.append(end)
        lines.depth.append(len(self.stack))
        lines.close.append(-1)
        return len(lines) - 1

    def _end_scalar(self) -> None:
        if self.start >= 0:
            self._count()
            self._add(self.start, self.end)
            self.start = -1

    def _open(self, at: int, after: int) -> None:
        """A container begins, on the line of its key where it has one."""
        self._count()
        index = self._add(at if self.start < 0 else self.start, after)
        self.lines.members[index] = 0
        self.stack.append(index)
        self.start = -1

    def _close(self, at: int, after: int) -> None:
        """A container ends: on a line of its own, or on its first where it is empty."""
        self._end_scalar()
        if not self.stack:
            return
        opener = self.stack.pop()
        if opener == len(self.lines) - 1:
            self.lines.end[opener] = after
        else:
            self.lines.close[opener] = self._add(at, after)

    def _count(self) -> None:
        if self.stack:
            self.lines.members[self.stack[-1]] += 1


def draw(lines: JsonLines, index: int, *, folded: bool = False) -> Text:
    """One line, coloured. A folded container shows how many members it hides."""
    source = lines.text[lines.start[index] : lines.end[index]]
    text = Text(INDENT * min(lines.depth[index], 60), no_wrap=True, end="")
    _colour(text, source)
    if folded:
        count = lines.members.get(index, 0)
        closing = lines.close[index]
        tail = lines.text[lines.start[closing] : lines.end[closing]]
        noun = "key" if tail[:1] == "}" else "item"
        text.append(f" {count:,} {noun}{'' if count == 1 else 's'} ", styles.DIM)
        text.append("".join(tail.split()), styles.PUNCTUATION)
    return text


def _colour(text: Text, source: str) -> None:
    """Append the tokens of one line; what is very long is cut and says so."""
    key_allowed = True
    for match in TOKEN.finditer(source):
        token = match[0]
        if token == ":":
            text.append(": ", styles.PUNCTUATION)
        elif token in "{}[],":
            text.append(token, styles.PUNCTUATION)
        elif token.startswith('"'):
            is_key = key_allowed and source[match.end() :].lstrip()[:1] == ":"
            _append(text, token, styles.KEY if is_key else styles.STRING)
        else:
            _append(text, token, styles.LITERAL if token in _LITERALS else styles.NUMBER)
        key_allowed = False


def _append(text: Text, token: str, style: str) -> None:
    text.append(clean(token[:MAX_LINE]), style)
    if len(token) > MAX_LINE:
        text.append(f" … {len(token) - MAX_LINE:,} characters more", styles.DIM)

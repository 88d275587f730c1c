"""Where each character of a scalar's content stands in its file.

The walk follows the scanner of libyaml (and RFC 8259 for JSON), so that an error at a template's
line 3, column 7 can be shown in the file, whatever the quoting, escaping and folding between.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from inspector.definitions.nodes import ScalarNode

BREAKS = "\r\n\x85\u2028\u2029"
_KEPT_BREAKS = "\u2028\u2029"
_BLANKS = " \t"
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_ESCAPES = dict(
    zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True)
)
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}


@dataclass(slots=True)
class Spans:
    """A scalar's content and, for each of its characters, the offsets it takes in the file."""

    characters: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def emit(self, character: str, start: int, end: int) -> None:
        """One more character of the content, written at [start, end)."""
        self.characters.append(character)
        self.starts.append(start)
        self.ends.append(end)

    @property
    def content(self) -> str:
        """The content that was walked: equal to the node's text."""
        return "".join(self.characters)


def spans(text: str, node: ScalarNode) -> Spans:
    """Walk the scalar `node` of the file `text`."""
    if node.style in ("literal", "folded"):
        return _block(text, node)
    if node.style == "json":
        return _json(text, node)
    return _Flow(text, node).walk()


def first_character(text: str, node: ScalarNode) -> int:
    """The offset of the first character of the content; of an empty one, where it would be."""
    start = node.start
    if node.style == "plain":
        return start
    if node.style in ("literal", "folded"):
        header = _HEADER.match(text, start)
        if node.text and header and node.text[0] not in " \t\n":
            at = header.end()
            while text.startswith(" ", at):
                at += 1
            if text[at : at + 1] == node.text[0]:
                return at
    elif node.style == "json" or text[start + 1 : start + 2] not in f"{_BLANKS}{BREAKS}\\":
        return start + 1
    walked = spans(text, node)
    if walked.starts:
        return walked.starts[0]
    return start if node.style in ("literal", "folded") else start + 1


def _json(text: str, node: ScalarNode) -> Spans:
    found = Spans()
    at, stop = node.start + 1, node.end - 1
    while at < stop:
        end = at + 1
        if text[at] == "\\":
            end = at + (6 if text[at + 1] == "u" else 2)
            pair = text[at + 2 : at + 4].lower() in ("d8", "d9", "da", "db")
            if pair and end - at == 6 and text[end : end + 2] == "\\u":
                low = text[end + 2 : end + 4].lower()
                end += 6 if low in ("dc", "dd", "de", "df") else 0
            found.emit(json.loads(f'"{text[at:end]}"'), at, end)
        else:
            found.emit(text[at], at, end)
        at = end
    return found


class _Flow:
    """Plain, single-quoted and double-quoted scalars, which fold their line ends."""

    def __init__(self, text: str, node: ScalarNode) -> None:
        quoted = node.style != "plain"
        self.text, self.style, self.found = text, node.style, Spans()
        self.at = node.start + (1 if quoted else 0)
        self.stop = node.end - (1 if quoted else 0)

    def walk(self) -> Spans:
        while self.at < self.stop:
            char = self.text[self.at]
            if char in _BLANKS or char in BREAKS:
                self._blank_run()
            elif char == "'" and self.style == "single":
                self.found.emit("'", self.at, self.at + 2)
                self.at += 2
            elif char == "\\" and self.style == "double":
                self._escape()
            else:
                self.found.emit(char, self.at, self.at + 1)
                self.at += 1
        return self.found

    def _run_breaks(self) -> tuple[int, list[tuple[str, int, int]]]:
        """The end of the run of blanks and line ends here, and the line ends in it."""
        at, breaks = self.at, []
        while at < self.stop:
            end = _break_end(self.text, at)
            if end > at:
                breaks.append((_break_value(self.text, at), at, end))
                at = end
            elif self.text[at] in _BLANKS:
                at += 1
            else:
                break
        return at, breaks

    def _blank_run(self) -> None:
        end, breaks = self._run_breaks()
        if not breaks:
            for at in range(self.at, end):
                self.found.emit(self.text[at], at, at + 1)
        elif len(breaks) == 1 and breaks[0][0] == "\n":
            self.found.emit(" ", self.at, end)
        else:
            kept = breaks[1:] if breaks[0][0] == "\n" else breaks
            self._emit_breaks(kept, self.at, end)
        self.at = end

    def _emit_breaks(self, breaks: list[tuple[str, int, int]], start: int, end: int) -> None:
        """Line ends that count, together covering [start, end)."""
        for index, (value, at, after) in enumerate(breaks):
            first, last = index == 0, index == len(breaks) - 1
            self.found.emit(value, start if first else at, end if last else after)

    def _escape(self) -> None:
        start = self.at
        after = _break_end(self.text, start + 1)
        if after > start + 1:
            self.at = after
            end, breaks = self._run_breaks()
            self._emit_breaks(breaks, start, end)
            self.at = end
            return
        kind = self.text[start + 1]
        digits = _HEX_DIGITS.get(kind, 0)
        self.at = start + 2 + digits
        code = self.text[start + 2 : self.at]
        self.found.emit(chr(int(code, 16)) if digits else _ESCAPES[kind], start, self.at)


def _break_end(text: str, at: int) -> int:
    """The offset behind a line end at `at`; `at` itself if there is none."""
    if text.startswith("\r\n", at):
        return at + 2
    return at + 1 if at < len(text) and text[at] in BREAKS else at


def _break_value(text: str, at: int) -> str:
    return text[at] if text[at] in _KEPT_BREAKS else "\n"


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A line of a block scalar: its content without indentation, and the line end behind it."""

    start: int
    end: int
    after: int
    blank: bool


def block_lines(text: str, node: ScalarNode) -> tuple[int, list[BlockLine]]:
    """The indentation of a block scalar and its lines, trailing blank ones included."""
    header = _HEADER.match(text, node.start)
    at = header.end() if header else node.end
    indent = _indentation(text, at, node)
    lines: list[BlockLine] = []
    while at < node.end:
        start = at
        while start < at + indent and text.startswith(" ", start):
            start += 1
        end = start
        blank = _break_end(text, start) > start or start >= len(text)
        if not blank and start < at + indent:
            break
        while end < len(text) and text[end] not in BREAKS:
            end += 1
        after = _break_end(text, end)
        lines.append(BlockLine(start, end, after, blank))
        at = after if after > end else len(text)
    return indent, lines


def _indentation(text: str, at: int, node: ScalarNode) -> int:
    """The columns that do not count: those of the first line with content, less its own blanks."""
    lines = re.split(r"\r\n|\r|\n", text[at : node.end])
    wanted = [line for line in node.text.split("\n") if line.strip(" ")]
    if not wanted:
        own = max(map(len, node.text.split("\n")))
        return max(map(len, lines), default=0) - own
    own = len(wanted[0]) - len(wanted[0].lstrip(" "))
    first = next((line for line in lines if line.strip(" ")), "")
    return max(len(first) - len(first.lstrip(" ")) - own, 0)


def _block(text: str, node: ScalarNode) -> Spans:
    found = Spans()
    if not node.text:
        return found
    _, lines = block_lines(text, node)
    header = _HEADER.match(text, node.start)
    chomping = text[node.start : header.end() if header else node.end].split("#", maxsplit=1)[0]
    folded = node.style == "folded"
    pending: BlockLine | None = None
    blanks: list[BlockLine] = []
    for line in lines:
        if line.blank:
            blanks.append(line)
            continue
        more = text[line.start] in _BLANKS
        previous_more = pending is not None and text[pending.start] in _BLANKS
        fold = folded and pending is not None and not more and not previous_more
        _line_end(text, found, pending, blanks, line.start if fold else None)
        for at in range(line.start, line.end):
            found.emit(text[at], at, at + 1)
        pending, blanks = line, []
    if "-" not in chomping:
        _line_end(text, found, pending, blanks if "+" in chomping else [], None)
    return found


def _line_end(
    text: str,
    found: Spans,
    line: BlockLine | None,
    blanks: list[BlockLine],
    fold_to: int | None,
) -> None:
    """What the end of `line` and the blank lines behind it are worth; folded if `fold_to`."""
    covered: int | None = None
    if line is not None and line.after > line.end:
        if fold_to is None or text[line.end] in _KEPT_BREAKS:
            found.emit(_break_value(text, line.end), line.end, line.after)
        elif not blanks:
            found.emit(" ", line.end, fold_to)
        else:
            covered = line.end
    for blank in blanks:
        if blank.after > blank.end:
            start = blank.end if covered is None else covered
            found.emit(_break_value(text, blank.end), start, blank.after)
            covered = None

"""A parsed document whose nodes know where they stand in its text.

Both readers (YAML, JSON) build these. `start` and `end` are offsets into the file's text,
`end` exclusive; of a quoted scalar they include the quotes, of a block scalar its indicator.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Plain = str | int | float | bool | None
Style = Literal["plain", "single", "double", "literal", "folded", "json"]

#: Deeper documents, and larger ones after their aliases are expanded, are refused.
MAX_DEPTH = 200
MAX_NODES = 2_000_000

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True, eq=False)
class ScalarNode:
    """A text, number, boolean or null. `text` as content, `value` as YAML 1.2 or JSON type it."""

    text: str
    value: Plain
    start: int
    end: int
    style: Style
    tag: str | None = None
    size: int = 1
    depth: int = 0


@dataclass(slots=True, eq=False)
class ListNode:
    """A sequence. `size` counts nodes with aliases expanded, `depth` levels below this one."""

    items: list[Node]
    start: int
    end: int
    block: bool
    tag: str | None = None
    size: int = 1
    depth: int = 0


@dataclass(slots=True, eq=False)
class MapNode:
    """A mapping. Keys are texts (`200:` is "200"); each entry holds its key's node and value."""

    entries: dict[str, tuple[ScalarNode, Node]]
    start: int
    end: int
    block: bool
    tag: str | None = None
    size: int = 1
    depth: int = 0


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text cannot be read, or what is odd about it, at an offset."""

    code: str
    message: str
    offset: int
    remedy: str = ""


class Unreadable(Exception):
    """The text is not a document. Carries the one Problem that stopped the reader."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node comes from: its document (an included file has its own), its place there."""

    document: Document
    pointer: str


@dataclass(slots=True, eq=False)
class Document:
    """A file's text, its root node and how to find lines in it.

    `origins` holds the nodes of documents that were put together from others.
    """

    file: str
    text: str
    root: Node
    oddities: tuple[Problem, ...] = ()
    origins: dict[Node, Origin] = field(default_factory=dict)
    lines: LineIndex = field(init=False)

    def __post_init__(self) -> None:
        self.lines = LineIndex(self.text)


class LineIndex:
    """Offsets to lines and columns, both counting from 1. A byte order mark takes no column."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        first = 1 if text.startswith("\ufeff") else 0
        self._starts = [first, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of `offset`."""
        line = max(bisect_right(self._starts, offset), 1)
        return line, max(offset - self._starts[line - 1], 0) + 1

    def start(self, line: int) -> int:
        """The offset at which `line` starts (the last line's for a larger number)."""
        return self._starts[min(max(line, 1), len(self._starts)) - 1]


def measure(node: ListNode | MapNode, offset: int) -> None:
    """Fill in `size` and `depth` from the finished children.

    Raises Unreadable for a document too deep or, aliases expanded, too large (a few lines of
    nested aliases otherwise grow to billions of nodes).
    """
    children = (
        node.items if isinstance(node, ListNode) else [pair[1] for pair in node.entries.values()]
    )
    for child in children:
        node.size += child.size
        if child.depth >= node.depth:
            node.depth = child.depth + 1
    if node.depth > MAX_DEPTH:
        raise too_deep(offset)
    if node.size > MAX_NODES:
        message = f"aliases expand to more than {MAX_NODES:,} values"
        raise Unreadable(Problem("too-large", message, offset, "Use fewer nested aliases."))


def too_deep(offset: int) -> Unreadable:
    """The refusal of a document nested beyond MAX_DEPTH."""
    message = f"nested more than {MAX_DEPTH} levels deep"
    return Unreadable(Problem("too-deep", message, offset, "Flatten the document."))

"""Writing literal blocks: indentation, header and line ends as YAML 1.2, chapter 8, wants them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.definitions.nodes import Document, ListNode, MapNode, Node, ScalarNode
from inspector.definitions.spans import BlockLine, block_lines

_HEADER = re.compile(r"\|(?P<marks>[-+0-9]*)(?P<rest>[ \t]*(?:#[^\r\n]*)?)(?P<end>\r\n|\r|\n|\Z)")
_STEP = 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a scalar stands in. `parent` is the column of its block collection, counted from 0."""

    parent: int
    block: bool
    line_end: str

    @property
    def indentation(self) -> str:
        """The blanks before a line of a new block."""
        return " " * (self.parent + _STEP)

    @classmethod
    def of(cls, document: Document, pointer: str, node: ScalarNode) -> Surroundings:
        """Found on the way from the root; `block` if a block scalar may stand there."""
        parent, block, here = -_STEP, True, document.root
        for token in pointer.split("/")[1:]:
            if not isinstance(here, ScalarNode):
                block = block and here.block
                if here.block:
                    parent = document.lines.place(here.start)[1] - 1
            here = _member(here, token.replace("~1", "/").replace("~0", "~"))
        line_end = re.search(r"\r\n|\r|\n", document.text)
        return cls(parent, block and here is node, line_end.group() if line_end else "\n")


def _member(node: Node, token: str) -> Node:
    if isinstance(node, ListNode):
        return node.items[int(token)]
    assert isinstance(node, MapNode)
    return node.entries[token][1]


def as_literal(new: str, around: Surroundings) -> str:
    """A literal block holding `new`, header included, without the last line's end."""
    content, ends = _split(new)
    marks = _indicator(content, _STEP) + _chomping(ends)
    lines = [f"|{marks}"]
    lines += [around.indentation + line if line else "" for line in content.split("\n")]
    lines += [""] * max(ends - 1, 0)
    return around.line_end.join(lines)


def rewrite_literal(text: str, node: ScalarNode, new: str, around: Surroundings) -> Iterator[str]:
    """The block with its changed lines written anew; unchanged ones keep every byte."""
    header = _HEADER.match(text, node.start)
    if header is None:
        return
    indent, lines = block_lines(text, node)
    while lines and lines[-1].blank:
        lines.pop()
    if not lines:
        indent = around.parent + _STEP
    line_end = header.group("end") or around.line_end
    content, ends = _split(new)
    _, old_ends = _split(node.text)
    body = _body(text, lines, content, indent, line_end)
    after = lines[-1].after if lines else header.end()
    before = text[: node.start]
    digits = re.sub(r"\D", "", header.group("marks"))
    digits = digits or _indicator(content, indent - around.parent)
    if ends == old_ends and body:
        tail = text[lines[-1].end : after] if lines else line_end
        marks = digits + re.sub(r"\d", "", header.group("marks"))
        yield before + _header(marks, header) + body + tail + text[after:]
    if "+" in header.group("marks") or ends > 1:
        after = _behind_blank_lines(text, after)
    tail = line_end * max(ends, 1) if body else ""
    yield before + _header(digits + _chomping(ends), header) + body + tail + text[after:]


def _header(marks: str, old: re.Match[str]) -> str:
    return f"|{marks}{old.group('rest')}{old.group('end') or chr(10)}"


def _body(text: str, lines: list[BlockLine], content: str, indent: int, line_end: str) -> str:
    """All lines but the end of the last; common first and last lines as they stand in the file."""
    if not content:
        return ""
    old = [text[line.start : line.end] for line in lines]
    raw = [text[_line_start(text, line) : line.after] for line in lines]
    new = content.split("\n")
    head, shortest = 0, min(len(old), len(new))
    while head < shortest and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shortest - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    changed = [
        (" " * indent + line if line else "") + line_end for line in new[head : len(new) - tail]
    ]
    found = "".join([*raw[:head], *changed, *raw[len(raw) - tail :]])
    return found.removesuffix("\n").removesuffix("\r")


def _line_start(text: str, line: BlockLine) -> int:
    """Where the line begins, its indentation included."""
    at = line.start
    while at > 0 and text[at - 1] == " ":
        at -= 1
    return at


def _behind_blank_lines(text: str, at: int) -> int:
    match = re.compile(r"(?:[ ]*(?:\r\n|\r|\n))*").match(text, at)
    return match.end() if match else at


def _split(template: str) -> tuple[str, int]:
    """The template without the line ends it ends with, and their number."""
    content = template.rstrip("\n")
    return content, len(template) - len(content)


def _chomping(ends: int) -> str:
    return {0: "-", 1: ""}.get(ends, "+")


def _indicator(content: str, step: int) -> str:
    """The explicit indentation a block needs if its first line begins with a blank."""
    first = next((line for line in content.split("\n") if line), "")
    return str(step) if first[:1] == " " and 1 <= step <= 9 else ""

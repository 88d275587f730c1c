"""An edited template back into the file it came from, no other byte touched.

Several ways to write it are tried, the most faithful first; each is read back, and the first
that gives the new template and leaves every other value alone is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from inspector.definitions.blocks import Surroundings, as_literal, rewrite_literal
from inspector.definitions.cursor import Cursor
from inspector.definitions.marks import document_of
from inspector.definitions.nodes import Document, ListNode, MapNode, Node, ScalarNode, Unreadable
from inspector.definitions.parsing import parse
from inspector.definitions.spans import Spans, spans
from inspector.model import Source

_YAML_ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0",
    "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P", "\ufeff": "\\uFEFF",
}  # fmt: skip


class Unwritable(Exception):
    """The template cannot be written back; the text says why."""


def write_back(text: str, source: Source, new_template: str) -> str:
    """The file `text` with the template at `source` (a Template's) replaced by `new_template`.

    Literal and folded blocks, quoted, plain and JSON scalars keep their style where it can hold
    the new template. A template behind an alias changes where its anchor stands. Raises
    Unwritable if the file does not hold the template, or no notation can hold the new one.
    """
    try:
        document = document_of(source.file, text)
    except Unreadable as error:
        raise Unwritable(f"{source.file} cannot be read: {error}") from None
    cursor = Cursor.root(document).at(source.pointer)
    if cursor is None or not isinstance(cursor.node, ScalarNode):
        raise Unwritable(f"{source.file} holds no template at {source.pointer}")
    node = cursor.node
    if node.text == new_template:
        return text
    for candidate in _candidates(document, source.pointer, node, new_template):
        if _reads_back(source.file, candidate, document, node, new_template):
            return candidate
    raise Unwritable(f"{source.file}:{source.line}: the edited template cannot be written there")


def _candidates(document: Document, pointer: str, node: ScalarNode, new: str) -> Iterator[str]:
    text, style = document.text, node.style
    around = Surroundings.of(document, pointer, node)
    walked = spans(text, node)
    known = walked.content == node.text
    if style == "literal":
        yield from rewrite_literal(text, node, new, around)
    elif known:
        yield _splice(document, node, walked, new, around)
    if style == "json":
        yield _replaced(text, node, _json(new, text))
        return
    if style in ("single", "plain") and "\n" not in new:
        yield _replaced(text, node, "'" + new.replace("'", "''") + "'")
    if style != "double" and around.block and new:
        yield _replaced(text, node, as_literal(new, around))
    yield _replaced(text, node, f'"{_yaml(new)}"')


def _replaced(text: str, node: ScalarNode, written: str) -> str:
    """The scalar's own bytes replaced; a block's last line end stays behind a shorter form."""
    end = node.end
    if node.style in ("literal", "folded"):
        while end > node.start and text[end - 1] in "\r\n \t":
            end -= 1
    elif node.start == end and text[end - 1 : end] == ":":
        written = f" {written}"
    if node.style in ("literal", "folded") and written.endswith("\n"):
        written = written.rstrip("\r\n")
    return text[: node.start] + written + text[end:]


def _splice(
    document: Document, node: ScalarNode, walked: Spans, new: str, around: Surroundings
) -> str:
    """Only the characters between the common beginning and the common end are written anew."""
    text, old = document.text, node.text
    before = _common(old, new)
    behind = _common(old[before:][::-1], new[before:][::-1])
    last = len(old) - behind
    if not old:
        start = stop = node.end if node.style == "plain" else node.start + 1
    elif before < last:
        start, stop = walked.starts[before], walked.ends[last - 1]
    else:
        start = walked.starts[before] if before < len(old) else walked.ends[-1]
        stop = start
    middle = new[before : len(new) - behind]
    return text[:start] + _encoded(node, middle, text, around) + text[stop:]


def _encoded(node: ScalarNode, middle: str, text: str, around: Surroundings) -> str:
    if node.style == "json":
        return _json(middle, text)[1:-1]
    if node.style == "double":
        return _yaml(middle)
    folded = middle.replace("\n", around.line_end * 2 + around.indentation)
    return folded.replace("'", "''") if node.style == "single" else folded


def _json(text: str, file: str) -> str:
    return json.dumps(text, ensure_ascii=file.isascii())


def _yaml(text: str) -> str:
    found = []
    for char in text:
        if char in _YAML_ESCAPES:
            found.append(_YAML_ESCAPES[char])
        elif char < " " or "\x7f" <= char < "\xa0":
            found.append(f"\\x{ord(char):02x}")
        elif "\ud800" <= char <= "\udfff" or char in "\ufffe\uffff":
            found.append(f"\\u{ord(char):04x}")
        else:
            found.append(char)
    return "".join(found)


def _common(first: str, second: str) -> int:
    """How many characters both begin with."""
    length = min(len(first), len(second))
    return next((i for i in range(length) if first[i] != second[i]), length)


def _reads_back(file: str, candidate: str, document: Document, node: ScalarNode, new: str) -> bool:
    try:
        again = parse(file, candidate)
    except Unreadable:
        return False
    return _Comparison(node, new).same(document.root, again.root)


class _Comparison:
    """Equality of two documents apart from one scalar, which must read as the new template."""

    def __init__(self, replaced: ScalarNode, new: str) -> None:
        self._replaced, self._new = replaced, new
        self._seen: set[tuple[int, int]] = set()

    def same(self, old: Node, new: Node) -> bool:
        """Shared nodes (aliases) are compared once."""
        if isinstance(old, ScalarNode):
            return isinstance(new, ScalarNode) and self._same_scalar(old, new)
        if (id(old), id(new)) in self._seen:
            return True
        self._seen.add((id(old), id(new)))
        if isinstance(old, ListNode):
            return (
                isinstance(new, ListNode)
                and len(old.items) == len(new.items)
                and all(self.same(a, b) for a, b in zip(old.items, new.items, strict=True))
            )
        return isinstance(new, MapNode) and self._same_entries(old, new)

    def _same_scalar(self, old: ScalarNode, new: ScalarNode) -> bool:
        if old is self._replaced:
            return new.text == self._new and isinstance(new.value, str)
        return old.text == new.text and type(old.value) is type(new.value)

    def _same_entries(self, old: MapNode, new: MapNode) -> bool:
        return list(old.entries) == list(new.entries) and all(
            self.same(old.entries[key][1], new.entries[key][1]) for key in old.entries
        )

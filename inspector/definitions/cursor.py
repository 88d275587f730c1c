"""A place in a document: a node, its JSON pointer, and the Source that names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inspector.definitions.nodes import Document, ListNode, MapNode, Node, Plain, ScalarNode
from inspector.definitions.spans import first_character
from inspector.model import Source


@dataclass(frozen=True, slots=True)
class Cursor:
    """A node as reached on one path. `named_at` is the offset of the key that holds it, or its own.

    A collection's Source points at its key, because the first line of its content says little;
    a scalar's Source points at the scalar.
    """

    document: Document
    node: Node
    pointer: str
    named_at: int

    @classmethod
    def root(cls, document: Document) -> Cursor:
        """The whole document."""
        return cls(document, document.root, "", document.root.start)

    @property
    def source(self) -> Source:
        """Where it stands: the scalar itself, or a collection's key."""
        scalar = isinstance(self.node, ScalarNode)
        return self._source(self.node.start if scalar else self.named_at)

    @property
    def key_source(self) -> Source:
        """Where its key stands."""
        return self._source(self.named_at)

    @property
    def text_source(self) -> Source:
        """Where the first character of the scalar's content stands, within quotes and blocks."""
        if not isinstance(self.node, ScalarNode):
            return self.source
        origin = self.document.origins.get(self.node)
        document = origin.document if origin else self.document
        return self._source(first_character(document.text, self.node))

    def _source(self, offset: int) -> Source:
        origin = self.document.origins.get(self.node)
        document, pointer = (origin.document, origin.pointer) if origin else (self.document, None)
        line, column = document.lines.place(offset)
        return Source(document.file, line, column, self.pointer if pointer is None else pointer)

    @property
    def is_map(self) -> bool:
        """A mapping, so that `entries` has something to give."""
        return isinstance(self.node, MapNode)

    @property
    def is_list(self) -> bool:
        """A sequence, so that `items` has something to give."""
        return isinstance(self.node, ListNode)

    @property
    def is_null(self) -> bool:
        """A scalar null: written so, or nothing behind the colon."""
        return isinstance(self.node, ScalarNode) and self.node.value is None

    @property
    def value(self) -> Plain:
        """A scalar's typed value; None for collections."""
        return self.node.value if isinstance(self.node, ScalarNode) else None

    @property
    def text(self) -> str:
        """A scalar's content as text (`200` and `"200"` are the same); "" for collections."""
        if not isinstance(self.node, ScalarNode) or self.node.value is None:
            return ""
        return self.node.text

    def get(self, key: str) -> Cursor | None:
        """The value under `key`, None if there is none or this is no mapping."""
        if not isinstance(self.node, MapNode):
            return None
        pair = self.node.entries.get(key)
        return None if pair is None else self._entry(key, pair)

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        """Keys and values in the order written; nothing if this is no mapping."""
        if isinstance(self.node, MapNode):
            for key, pair in self.node.entries.items():
                yield key, self._entry(key, pair)

    def items(self) -> Iterator[Cursor]:
        """The members of a sequence; nothing if this is none."""
        if isinstance(self.node, ListNode):
            for index, node in enumerate(self.node.items):
                yield Cursor(self.document, node, f"{self.pointer}/{index}", node.start)

    def at(self, pointer: str) -> Cursor | None:
        """Follow a JSON pointer (RFC 6901) from here."""
        here: Cursor | None = self
        for token in pointer.split("/")[1:]:
            if here is None:
                return None
            here = here.child(token.replace("~1", "/").replace("~0", "~"))
        return here

    def child(self, token: str) -> Cursor | None:
        """A member by key, or by index in a sequence."""
        if isinstance(self.node, ListNode):
            if not (token.isascii() and token.isdigit() and len(token) < 9):
                return None
            index = int(token)
            if index >= len(self.node.items):
                return None
            node = self.node.items[index]
            return Cursor(self.document, node, f"{self.pointer}/{token}", node.start)
        return self.get(token)

    def _entry(self, key: str, pair: tuple[ScalarNode, Node]) -> Cursor:
        pointer = f"{self.pointer}/{escape(key)}"
        return Cursor(self.document, pair[1], pointer, pair[0].start)

    def plain(self) -> Any:
        """The value as plain data: dicts, lists and scalars. Bounded by the readers' limits."""
        return to_plain(self.node)


def escape(key: str) -> str:
    """A key as a token of a JSON pointer."""
    if "~" in key or "/" in key:
        return key.replace("~", "~0").replace("/", "~1")
    return key


def to_plain(node: Node) -> Any:
    """Nodes to dicts, lists and scalars. Depth and size were bounded when the text was read."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [to_plain(item) for item in node.items]
    return {key: to_plain(pair[1]) for key, pair in node.entries.items()}

"""New nodes that remember which node of the template they were made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from inspector.definitions.cursor import Cursor, escape
from inspector.definitions.nodes import (
    Document,
    ListNode,
    MapNode,
    Node,
    Origin,
    Plain,
    ScalarNode,
    measure,
)

T = TypeVar("T", bound=Node)


@dataclass(slots=True)
class Workshop:
    """Makes nodes of one template. `document.origins` tells where each of them comes from."""

    document: Document

    def adopt(self, document: Document) -> None:
        """Note where every node of `document` stands (aliased ones where they stand first)."""
        open_nodes: list[tuple[Node, str]] = [(document.root, "")]
        while open_nodes:
            node, pointer = open_nodes.pop()
            if node in self.document.origins:
                continue
            self.document.origins[node] = Origin(document, pointer)
            if isinstance(node, ListNode):
                children = [(item, str(index)) for index, item in enumerate(node.items)]
            elif isinstance(node, MapNode):
                children = [(pair[1], escape(key)) for key, pair in node.entries.items()]
            else:
                children = []
            open_nodes += [(child, f"{pointer}/{token}") for child, token in reversed(children)]

    def scalar(self, value: Plain, made_of: Node, function: str = "") -> ScalarNode:
        """A scalar where `made_of` stands.

        `function` marks it as computed: the file holds no such text to be written back to.
        """
        text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
        node = ScalarNode(text, value, made_of.start, made_of.end, "plain")
        return self._placed(node, made_of, function)

    def map(self, entries: Mapping[str, Node], made_of: Node) -> MapNode:
        """A mapping whose keys stand where their values do."""
        pairs = {key: (self._key(key, value), value) for key, value in entries.items()}
        return self.map_of_pairs(pairs, made_of)

    def map_of_pairs(self, pairs: dict[str, tuple[ScalarNode, Node]], made_of: Node) -> MapNode:
        """A mapping with the template's own keys. Raises Unreadable if it grows too large."""
        node = MapNode(pairs, made_of.start, made_of.end, True)
        measure(node, made_of.start)
        return self._placed(node, made_of)

    def list(self, items: Iterable[Node], made_of: Node) -> ListNode:
        """A sequence. Raises Unreadable if it grows too large."""
        node = ListNode(list(items), made_of.start, made_of.end, True)
        measure(node, made_of.start)
        return self._placed(node, made_of)

    def cursor(self, node: Node) -> Cursor:
        """A cursor at a node, pointing at the template where it comes from."""
        return Cursor(self.document, node, self.pointer(node), node.start)

    def pointer(self, node: Node) -> str:
        """Where in its file a node comes from."""
        origin = self.document.origins.get(node)
        return origin.pointer if origin else ""

    def _key(self, key: str, value: Node) -> ScalarNode:
        return ScalarNode(key, key, value.start, value.start, "plain")

    def _placed(self, node: T, made_of: Node, function: str = "") -> T:
        origin = self.document.origins.get(made_of, Origin(self.document, ""))
        if function:
            origin = Origin(origin.document, f"{origin.pointer}/{escape(function)}")
        self.document.origins[node] = origin
        return node

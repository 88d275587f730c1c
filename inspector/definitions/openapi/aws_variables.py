"""The variables that an import resolves: `${AWS::AccountId}`, `${AWS::Partition}`, `${AWS::Region}`.

Source: developer guide, "AWS variables for OpenAPI import", for REST and for HTTP APIs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from inspector.definitions.nodes import Document, ListNode, MapNode, Node, ScalarNode
from inspector.model.place import partition_of

_VARIABLE = re.compile(r"\$\{AWS::(AccountId|Partition|Region)\}")


def resolved(document: Document, account: str, region: str) -> Document:
    """The document with its variables filled in; every value stays where it stands."""
    if "${AWS::" not in document.text:
        return document
    values = {"AccountId": account, "Partition": partition_of(region), "Region": region}
    root = _filled(document.root, values, document, {})
    if root is document.root:
        return document
    return Document(document.file, document.text, root, document.oddities, document.origins)


def _filled(
    node: Node, values: Mapping[str, str], document: Document, seen: dict[Node, Node]
) -> Node:
    """The node, or one like it where something in it is filled in."""
    made = seen.get(node)
    if made is None:
        made = seen[node] = _made(node, values, document, seen)
        if made is not node and node in document.origins:
            document.origins[made] = document.origins[node]
    return made


def _made(
    node: Node, values: Mapping[str, str], document: Document, seen: dict[Node, Node]
) -> Node:
    if isinstance(node, ScalarNode):
        if not isinstance(node.value, str) or "${AWS::" not in node.text:
            return node
        text = _VARIABLE.sub(lambda found: values[found[1]], node.text)
        return replace(node, text=text, value=text)
    if isinstance(node, ListNode):
        items = [_filled(each, values, document, seen) for each in node.items]
        same = all(new is old for new, old in zip(items, node.items, strict=True))
        return node if same else replace(node, items=items)
    assert isinstance(node, MapNode)
    entries = {
        key: (name, _filled(child, values, document, seen))
        for key, (name, child) in node.entries.items()
    }
    same = all(entries[key][1] is child for key, (_, child) in node.entries.items())
    return node if same else replace(node, entries=entries)

"""What can be said before a run: the statements that always print the same text."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind, StringData

TEXTS: Final = frozenset(
    {
        NodeKind.TEXT, NodeKind.TEXTBLOCK, NodeKind.COMMENT, NodeKind.ESCAPE,
        NodeKind.ESCAPED_DIRECTIVE,
    }
)  # fmt: skip


def node_text(node: Node) -> str | None:
    """The text that a statement always prints; None if it has to be run."""
    if node.kind in TEXTS:
        return str(node.data)
    if isinstance(node.data, DirectiveData):
        return {"macro": "", "literal": node.data.literal}.get(node.data.name)
    return None


def block_text(node: Node) -> str | None:
    """The text that a block always prints; None if any of its statements has to be run."""
    texts = [node_text(child) for child in node.children]
    return None if node.kind is not NodeKind.BLOCK or None in texts else "".join(texts)  # type: ignore[arg-type]


def constant_text(node: Node) -> str | None:
    """The text of a string literal that holds no template."""
    data = node.data
    return data.text if isinstance(data, StringData) and data.template is None else None

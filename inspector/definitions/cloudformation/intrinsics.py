"""Which intrinsic function a node is, in its long form or as a YAML tag."""

from __future__ import annotations

from inspector.definitions.nodes import MapNode, Node, ScalarNode

#: Functions that are evaluated. https://docs.aws.amazon.com/AWSCloudFormation/latest/
#: TemplateReference/intrinsic-function-reference.html
RESOLVED = frozenset(
    {"Ref", "Condition"}
    | {
        f"Fn::{name}"
        for name in (
            "And", "Base64", "Equals", "FindInMap", "GetAtt", "If", "Join", "Not", "Or", "Select",
            "Split", "Sub",
        )
    }
)  # fmt: skip
#: Functions that have an issue of their own.
OTHERS = frozenset(
    f"Fn::{name}"
    for name in ("Cidr", "ForEach", "GetAZs", "ImportValue", "Length", "ToJsonString", "Transform")
)
TAGS = {
    f"!{name.removeprefix('Fn::')}": name for name in RESOLVED | OTHERS if name != "Fn::ForEach"
}


def function_of(node: Node) -> tuple[str, Node] | None:
    """The function's name and its argument; None for anything else.

    A tagged node is its own argument: whoever evaluates it must not look at its tag again.
    `Condition: name` in a mapping is a function only within a condition, so it is not told here.
    """
    if node.tag is not None and node.tag in TAGS:
        return TAGS[node.tag], node
    if isinstance(node, MapNode) and len(node.entries) == 1:
        ((name, (_, argument)),) = node.entries.items()
        if name == "Ref" or name.startswith("Fn::"):
            return name, argument
    return None


def attribute_of(argument: Node) -> tuple[str, str] | None:
    """Logical id and attribute of Fn::GetAtt, written `A.B` or as a list of two texts."""
    if isinstance(argument, ScalarNode):
        logical, dot, attribute = argument.text.partition(".")
        return (logical, attribute) if dot and logical and attribute else None
    if isinstance(argument, MapNode) or len(argument.items) != 2:
        return None
    first, second = argument.items
    if isinstance(first, ScalarNode) and isinstance(second, ScalarNode):
        return first.text, second.text
    return None

"""Lint of conditions: comparisons that never hold, and truth that is not what it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.gateway.velocity.findings import Finding, Level, finding, text_of
from inspector.gateway.velocity.lint_facts import (
    COMPUTED,
    Facts,
    bare,
    everything,
    is_call,
    root_of,
)
from inspector.gateway.velocity.nodes import Node, NodeKind

_ORDER: Final = frozenset({NodeKind.LT, NodeKind.GT, NodeKind.LE, NodeKind.GE})
_EQUALITY: Final = frozenset({NodeKind.EQ, NodeKind.NE})
_LITERAL: Final = frozenset(
    {
        NodeKind.STRING, NodeKind.INTEGER, NodeKind.FLOAT, NodeKind.LIST, NodeKind.MAP,
        NodeKind.RANGE,
    }
    | COMPUTED
)  # fmt: skip
_CERTAIN: Final = frozenset({"String", "Integer", "Double", "List", "Map", "Set", "Array"})


def condition_findings(root: Node, facts: Facts) -> Iterator[Finding]:
    """Findings about every comparison, and about every operand whose truth is asked."""
    for node in everything(root):
        if node.kind in _ORDER:
            yield from _order(node, facts)
        elif node.kind in _EQUALITY:
            yield from _equality(node, facts)
        elif node.kind in {NodeKind.IF, NodeKind.ELSEIF}:
            yield from _truth(bare(node.children[0]), facts, negated=False)
        elif node.kind is NodeKind.SET:
            value = bare(node.children[1])
            if value.kind in {NodeKind.AND, NodeKind.OR, NodeKind.NOT}:
                yield from _truth(value, facts, negated=False)


def _order(node: Node, facts: Facts) -> Iterator[Finding]:
    for operand in node.children:
        kind = facts.type_of(operand)
        if kind in {"String", "Boolean", "List", "Map"}:
            yield finding(
                node,
                "always-false",
                f"`{node.kind.value}` compares numbers only: with a {kind} it is always false.",
                "Compare numbers, or use `.compareTo(...)`.",
            )
            return


def _equality(node: Node, facts: Facts) -> Iterator[Finding]:
    left, right = (bare(each) for each in node.children)
    for one, other in ((left, right), (right, left)):
        reason = _unequal(one, other, facts)
        if reason:
            always = "always false" if node.kind is NodeKind.EQ else "always true"
            rule = always.replace(" ", "-")
            mend = "Test the value itself: `$input.path(...)`, `$input.params(...)`."
            yield finding(node, rule, f"{reason}: this is {always}.", mend)
            return


def _unequal(one: Node, other: Node, facts: Facts) -> str | None:
    """Why `one` can never equal `other`."""
    nothing = _is_nothing(other)
    if nothing and facts.is_json_text(one):
        return '`$input.json(...)` of a missing value is two quotes, `""`, not nothing'
    if nothing and _is_body(one):
        return "`$input.body` of an empty body is `{}`, not nothing"
    kind, text = facts.type_of(one), _constant(other)
    if text is None:
        return None
    if kind == "Integer" and not text.lstrip("-").isdecimal() and one.kind is NodeKind.REFERENCE:
        return f"A number never equals the text `{text}`"
    if kind == "Boolean" and text not in {"true", "false"}:
        return f"A Boolean never equals the text `{text}`"
    return None


def _is_nothing(node: Node) -> bool:
    return _constant(node) == "" or (node.kind is NodeKind.REFERENCE and root_of(node) == "null")


def _is_body(node: Node) -> bool:
    steps = node.children
    if node.kind is not NodeKind.REFERENCE or root_of(node) != "input" or len(steps) != 1:
        return False
    return steps[0].first.image == "body" or is_call(steps[0], "getBody")


def _constant(node: Node) -> str | None:
    """The text of a string literal that has nothing to replace."""
    image = node.first.image
    if node.kind is not NodeKind.STRING or (image[0] == '"' and ("$" in image or "#" in image)):
        return None
    return image[1:-1]


def _truth(node: Node, facts: Facts, *, negated: bool) -> Iterator[Finding]:
    """Follow `&&`, `||` and `!` down to what is asked whether it is true."""
    if node.kind in {NodeKind.AND, NodeKind.OR, NodeKind.NOT}:
        for child in node.children:
            yield from _truth(bare(child), facts, negated=negated ^ (node.kind is NodeKind.NOT))
    elif node.kind in _LITERAL:
        yield finding(
            node,
            "always-false",
            f"`{text_of(node)}` stands alone: whatever it is, Velocity takes it for false.",
            "Compare it with something, or keep it in a variable.",
        )
    elif node.kind is NodeKind.REFERENCE:
        yield from _reference_truth(node, facts, negated=negated)


def _reference_truth(node: Node, facts: Facts, *, negated: bool) -> Iterator[Finding]:
    kind, text = facts.type_of(node), text_of(node)
    if kind == "Boolean" or root_of(node) in {"foreach", ""}:
        return
    mend = f"Write `{text} {'==' if negated else '!='} ''`."
    if kind in _CERTAIN and not _may_be_missing(node, facts):
        outcome = "false" if negated else "true"
        yield finding(
            node,
            f"always-{outcome}",
            f"`{'!' if negated else ''}{text}` is always {outcome}: only the Boolean false is false,"
            " not empty text, zero or an empty list.",
            mend if kind == "String" else f"Compare it with something. {mend}",
            inferred=_is_parameter(node, facts),
        )
        return
    outcome = "false" if negated else "true"
    yield finding(
        node,
        "missing-is-true",
        f"Where `{text}` is missing this is {outcome}, as a missing value is the empty text on AWS.",
        mend,
        Level.NOTE,
        inferred=True,
    )


def _is_parameter(node: Node, facts: Facts) -> bool:
    """Whether the value is a request parameter: that a missing one is empty text is inferred."""
    if root_of(node) != "input":
        values = facts.assigned.get(root_of(node), [])
        return any(root_of(each) == "input" and _is_parameter(each, facts) for each in values)
    return any(is_call(step, "params") for step in node.children)


def _may_be_missing(node: Node, facts: Facts) -> bool:
    """Whether a value of a certain type may still come to nothing."""
    name = root_of(node)
    if name in {"input", "util"}:
        return False
    # A variable that is set in one branch only, or behind its use, may have no value here.
    values = facts.assigned.get(name, [])
    return not any(_is_unconditional(each) for each in values)


def _is_unconditional(value: Node) -> bool:
    node: Node | None = value
    while node is not None:
        if node.kind in {NodeKind.IF, NodeKind.ELSEIF, NodeKind.ELSE, NodeKind.DIRECTIVE}:
            return False
        node = node.parent
    return True

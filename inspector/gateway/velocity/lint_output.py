"""Lint of what a template prints: JSON that its own text breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.gateway.velocity.findings import Finding, Level, finding, text_of
from inspector.gateway.velocity.lint_facts import (
    Facts,
    arguments,
    everything,
    is_call,
    method_name,
    root_of,
)
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind, StringData

_PRINTS: Final = frozenset({NodeKind.TEMPLATE, NodeKind.BLOCK})


def output_findings(root: Node, facts: Facts) -> Iterator[Finding]:
    """Findings about references and commas in the printed text."""
    yield from _Quotes(facts).walk(root)
    for node in everything(root):
        if node.kind is NodeKind.DIRECTIVE and _name(node) == "foreach" and len(node.children) > 1:
            yield from _trailing_commas(node.children[-1], inside_if=False)


def _name(node: Node) -> str:
    return node.data.name if isinstance(node.data, DirectiveData) else ""


class _Quotes:
    """Follows the text of a template to know which references stand between quotes.

    Quotes are counted line by line, so that one odd text does not colour all that follows.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.inside = False

    def walk(self, node: Node) -> Iterator[Finding]:
        for child in node.children:
            if child.kind is NodeKind.TEXT:
                self._text(child.data if isinstance(child.data, str) else child.first.image)
            elif child.kind is NodeKind.REFERENCE:
                yield from self._reference(child)
            elif child.kind in {NodeKind.IF, NodeKind.ELSEIF, NodeKind.ELSE, NodeKind.DIRECTIVE}:
                before = self.inside
                yield from self.walk(child) if _name(child) != "macro" else ()
                self.inside = before
            elif child.kind in _PRINTS:
                yield from self.walk(child)

    def _text(self, text: str) -> None:
        line = text.rpartition("\n")[2]
        if line != text:
            self.inside = False
        self.inside ^= (line.count('"') - line.count('\\"')) % 2 == 1

    def _reference(self, node: Node) -> Iterator[Finding]:
        if node.parent is not None and node.parent.kind not in _PRINTS:
            return  # an argument of a directive, which prints nothing
        if self.inside and self.facts.is_json_text(node):
            yield finding(
                node,
                "quoted-json",
                f"`{text_of(node)}` prints its own quotes: between quotes the result is no JSON"
                " for text and objects.",
                "Remove the quotes round it, or write `$util.escapeJavaScript(...)` round it"
                " to nest JSON as text.",
            )
        elif not self.inside and _is_whole_document(node):
            yield finding(
                node,
                "map-printed",
                f"`{text_of(node)}` of an object prints as Java writes a Map: `{{name=value}}`.",
                "Print it with `$input.json('$')`.",
            )
        elif self.inside and _escapes_apostrophes(node):
            yield finding(
                node,
                "escaped-apostrophe",
                "escapeJavaScript writes an apostrophe as `\\'`, which JSON does not know.",
                """Append `.replaceAll("\\\\'", "'")` where values may hold apostrophes.""",
                Level.NOTE,
            )


def _is_whole_document(node: Node) -> bool:
    steps = node.children
    if root_of(node) != "input" or len(steps) != 1 or not is_call(steps[0], "path"):
        return False
    data = arguments(steps[0])[0].data if arguments(steps[0]) else None
    return isinstance(data, StringData) and data.text in {"$", "$."}


def _escapes_apostrophes(node: Node) -> bool:
    steps = node.children
    if root_of(node) != "util" or not steps or not is_call(steps[0], "escapeJavaScript"):
        return False
    return not any(
        step.kind is NodeKind.METHOD and method_name(step).startswith("replace")
        for step in steps[1:]
    )


def _trailing_commas(node: Node, *, inside_if: bool) -> Iterator[Finding]:
    """`#if($foreach.hasNext),#end` inside another `#if` of the loop: the last entry may be skipped."""
    for child in node.children:
        if child.kind is NodeKind.IF and inside_if and _asks_has_next(child):
            yield finding(
                child,
                "trailing-comma",
                "The entry before this comma may be skipped: if the last one is, a comma is left"
                " over.",
                "Print the comma before each entry but the first one printed, with a variable that"
                " says whether there was one.",
                Level.NOTE,
            )
        elif child.kind in {NodeKind.IF, NodeKind.ELSEIF, NodeKind.ELSE}:
            yield from _trailing_commas(child, inside_if=True)
        elif child.kind is NodeKind.BLOCK:
            yield from _trailing_commas(child, inside_if=inside_if)


def _asks_has_next(node: Node) -> bool:
    for each in everything(node.children[0]):
        if each.kind is NodeKind.REFERENCE and root_of(each) in {"foreach", "velocityHasNext"}:
            return "hasNext" in text_of(each) and "," in text_of(node.children[1])
    return False

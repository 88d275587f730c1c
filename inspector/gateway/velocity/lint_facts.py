"""What can be known of a template without running it: its variables and the types of its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.gateway.velocity.lint_names import ENGINE_VARIABLES, RETURNS, VARIABLES
from inspector.gateway.velocity.nodes import (
    DirectiveData,
    Node,
    NodeKind,
    ReferenceData,
    StringData,
)

_LITERALS: Final = {
    NodeKind.STRING: "String",
    NodeKind.INTEGER: "Integer",
    NodeKind.FLOAT: "Double",
    NodeKind.TRUE: "Boolean",
    NodeKind.FALSE: "Boolean",
    NodeKind.LIST: "List",
    NodeKind.RANGE: "List",
    NodeKind.MAP: "Map",
    **dict.fromkeys(
        (
            NodeKind.OR, NodeKind.AND, NodeKind.NOT, NodeKind.EQ, NodeKind.NE, NodeKind.LT,
            NodeKind.GT, NodeKind.LE, NodeKind.GE,
        ),
        "Boolean",
    ),
}  # fmt: skip
COMPUTED: Final = frozenset(
    {NodeKind.ADD, NodeKind.SUBTRACT, NodeKind.MULTIPLY, NodeKind.DIVIDE, NodeKind.MODULO}
)


def everything(node: Node) -> Iterator[Node]:
    """The node and all below it, the templates inside string literals too, in the text's order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))
        if isinstance(current.data, StringData) and current.data.template is not None:
            stack.append(current.data.template)


def root_of(node: Node) -> str:
    """The name of a reference's variable; empty for what is no reference at all."""
    data = node.data
    return data.root if isinstance(data, ReferenceData) and not data.runt else ""


def method_name(node: Node) -> str:
    """The name of a METHOD node."""
    return node.children[0].first.image


def arguments(node: Node) -> list[Node]:
    """The arguments of a METHOD node."""
    return node.children[1:]


def bare(node: Node) -> Node:
    """The one operand behind EXPRESSION nodes."""
    while node.kind is NodeKind.EXPRESSION and len(node.children) == 1:
        node = node.children[0]
    return node


class Facts:
    """The variables of a template.

    `assigned` are the values each one gets by `#set`, `named` all other names that get one (loops,
    macro parameters, `#define`), `read` those that are ever looked at.
    """

    def __init__(self, root: Node) -> None:
        self.assigned: dict[str, list[Node]] = {}
        self.named: set[str] = set()
        self.read: set[str] = set()
        self.macros: set[str] = set()
        self.evaluates = False
        self._typing: set[str] = set()
        for node in everything(root):
            if node.kind is NodeKind.SET:
                self._assignment(node)
            elif node.kind is NodeKind.DIRECTIVE:
                self._directive(node)
        for node in everything(root):
            if node.kind is NodeKind.REFERENCE and not is_plain_target(node):
                self.read.add(root_of(node))

    def _assignment(self, node: Node) -> None:
        target = node.children[0]
        if is_plain_target(target) and takes_values(target):
            self.assigned.setdefault(root_of(target), []).append(bare(node.children[1]))

    def _directive(self, node: Node) -> None:
        data = node.data
        assert isinstance(data, DirectiveData)  # what `prepare` puts there
        if data.name == "evaluate":
            self.evaluates = True
        elif data.name == "macro":
            self.macros.add(node.children[0].first.image)
            self.named.update(root_of(each) for each in node.children[1:-1])
        elif data.name in {"foreach", "define"} and node.children:
            self.named.add(root_of(node.children[0]))

    def known(self, name: str) -> bool:
        """Whether anything in the template, or API Gateway, gives this variable a value."""
        return (
            name in self.assigned
            or name in self.named
            or name in VARIABLES
            or name in ENGINE_VARIABLES
        )

    def type_of(self, node: Node) -> str | None:
        """`String`, `Integer`, `Boolean`, `List`, `Map`... where that is certain."""
        node = bare(node)
        if node.kind is not NodeKind.REFERENCE:
            return _LITERALS.get(node.kind)
        return self.type_of_prefix(node, len(node.children))

    def type_of_prefix(self, reference: Node, steps: int) -> str | None:
        """The type of a reference cut off before its step number `steps`."""
        name = root_of(reference)
        found = self._variable_type(name)
        for step in reference.children[:steps]:
            found = self._step_type(name, found, step)
            name = ""
        return found

    def _variable_type(self, name: str) -> str | None:
        values = self.assigned.get(name)
        if not values or name in self.named or name in VARIABLES or name in self._typing:
            return {"context": "Map", "stageVariables": "Map"}.get(name)
        self._typing.add(name)
        types = {self.type_of(value) for value in values}
        self._typing.discard(name)
        return types.pop() if len(types) == 1 else None

    def _step_type(self, variable: str, owner: str | None, step: Node) -> str | None:
        if step.kind is NodeKind.METHOD:
            name = method_name(step)
            if variable == "input":
                string = name in {"json", "getBody"} or (name == "params" and arguments(step))
                return "String" if string else "Map" if name == "params" else None
            if variable == "util":
                return None if name == "parseJson" else "String"
            return RETURNS.get(name) if owner is None or owner != "Map" else _of_map(name)
        if step.kind is NodeKind.IDENTIFIER and variable == "input":
            return "String" if step.first.image == "body" else None
        return None

    def is_json_text(self, node: Node) -> bool:
        """Whether the value is what `$input.json(...)` answers, straight or by a variable."""
        node = bare(node)
        if node.kind is not NodeKind.REFERENCE:
            return False
        name = root_of(node)
        if name == "input":
            steps = node.children
            return len(steps) == 1 and is_call(steps[0], "json")
        values = self.assigned.get(name, [])
        if node.children or not values or name in self.named:
            return False
        return all(root_of(each) == "input" and self.is_json_text(each) for each in values)


def _of_map(name: str) -> str | None:
    return RETURNS.get(name) if name in {"size", "keySet", "entrySet", "values"} else None


def is_call(node: Node, name: str) -> bool:
    """Whether a step of a reference is a call of this method."""
    return node.kind is NodeKind.METHOD and method_name(node) == name


def is_target(node: Node) -> bool:
    """Whether a reference stands on the left of a `#set`."""
    parent = node.parent
    return parent is not None and parent.kind is NodeKind.SET and parent.children[0] is node


def is_plain_target(node: Node) -> bool:
    """Whether a `#set` gives the reference's variable itself a value."""
    return is_target(node) and not node.children


def takes_values(target: Node) -> bool:
    """A bare `${a}` or `$!a` parses on the left of `#set` and gets nothing."""
    return not target.first.image.startswith(("${", "$!"))

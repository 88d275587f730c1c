"""Python code for the nodes that templates are mostly made of: references, conditions, literals.

The closures of `compiler` define what a template means. For a template that is rendered often, this
writes a function that takes short cuts through plain dicts and strings, and hands everything else to
the same helpers the closures use. Of the template's text only names that are identifiers reach the
code; all other things are bound as objects.
"""

from __future__ import annotations

import re
from typing import Final

from inspector.gateway.velocity import operators, references
from inspector.gateway.velocity.compiler import Compiler
from inspector.gateway.velocity.members import Step, host_caller, method_caller, read_property
from inspector.gateway.velocity.nodes import Node, NodeKind, ReferenceData, StringData
from inspector.gateway.velocity.scopes import LOOP_FIELDS

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CLASS_NAMES: Final = frozenset({"class", "Class"})
_ORDERS: Final = {
    NodeKind.LT: "{left} < {right}",
    NodeKind.GT: "{left} > {right}",
    NodeKind.LE: "not {left} > {right}",
    NodeKind.GE: "not {left} < {right}",
}
_COMPARISONS: Final = {NodeKind.EQ: "==", NodeKind.NE: "!="} | _ORDERS
_EXACT: Final = 1 << 53


class Emitter:
    """Writes statements; `bound` holds the objects they use by name."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.lines: list[str] = []
        self.bound: dict[str, object] = {}
        self.depth = 1
        # Variables that a Python local stands for: those of the loops around, where nothing else
        # in the loop can set them.
        self.locals: dict[str, str] = {}
        self.scope: str | None = None
        self._count = 0

    def write(self, line: str) -> None:
        """One line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def name(self) -> str:
        """A fresh name."""
        self._count += 1
        return f"v{self._count}"

    def bind(self, value: object) -> str:
        """A name for an object."""
        name = f"k{len(self.bound)}"
        self.bound[name] = value
        return name

    def root(self, name: str) -> str:
        """The expression for a variable."""
        return self.locals.get(name) or f"get({_checked(name)})"

    # --- values

    def chain(self, root: str, members: list[Node]) -> str:
        """A local with the value along a reference, None where it comes to nothing."""
        place = self.root(root)
        for member in members:
            target = self.name()
            self.write(f"{target} = {place}")
            if member.kind is NodeKind.IDENTIFIER:
                place = self._property(target, member)
            elif member.kind is NodeKind.METHOD:
                place = self._call(target, member)
            else:
                step = self.bind(self._step(member))
                place = f"None if {target} is None else {step}(run, ctx, {target})"
        result = self.name()
        self.write(f"{result} = {place}")
        return result

    def _property(self, target: str, node: Node) -> str:
        name = str(node.data)
        slow = self.bind(_reader(name, node))
        if name in _CLASS_NAMES:
            return f"{slow}({target})"
        return f"{target}.get({_checked(name)}) if {target}.__class__ is dict else {slow}({target})"

    def _call(self, target: str, node: Node) -> str:
        """A call; its arguments are evaluated only if there is something to call."""
        result = self.name()
        self.write(f"{result} = None")
        self.write(f"if {target} is not None:")
        self.depth += 1
        given = [self.value(child) for child in node.children[1:]]
        if len(given) == 1:
            self.write(f"{result} = {self.bind(host_caller(node))}(run, {target}, {given[0]})")
        else:
            caller = self.bind(method_caller(node))
            self.write(f"{result} = {caller}(run, {target}, [{', '.join(given)}])")
        self.depth -= 1
        return result

    def _step(self, node: Node) -> Step:
        return references.steps_of(self.compiler, [node])[0]

    def value(self, node: Node) -> str:
        """An expression (a local or a bound object) for the value of a node."""
        if node.kind is NodeKind.EXPRESSION:
            return self.value(node.children[0])
        if node.kind is NodeKind.REFERENCE:
            return self._reference(node)
        if node.kind is NodeKind.STRING and _plain_text(node) is not None:
            return self.bind(_plain_text(node))
        if node.kind in {NodeKind.INTEGER, NodeKind.FLOAT}:
            return self.bind(node.data)
        if node.kind in _COMPARISONS:
            return self.test(node)
        result = self.name()
        self.write(f"{result} = {self.bind(self.compiler.value(node))}(run, ctx)")
        return result

    def _reference(self, node: Node) -> str:
        data = references.reference_data(node)
        loop_field = self.loop_field(node, data)
        if loop_field is not None:
            return loop_field
        if not is_simple(data):
            result = self.name()
            self.write(f"{result} = {self.bind(self.compiler.value(node))}(run, ctx)")
            return result
        result = self.chain(data.root, node.children)
        self.write(f"if {result} is None:")
        self.write(f"    {result} = {self.bind(references.missing(self.compiler, node))}(run)")
        return result

    def loop_field(self, node: Node, data: ReferenceData) -> str | None:
        """`$foreach.hasNext` and its like, of the loop around."""
        if self.scope is None or data.root != "foreach" or len(node.children) != 1:
            return None
        field = LOOP_FIELDS.get(str(node.children[0].data))
        method = node.children[0].kind is not NodeKind.IDENTIFIER
        if field is None or method or not is_simple(data):
            return None
        return field.format(scope=self.scope)

    # --- conditions

    def test(self, node: Node) -> str:
        """A local that is True or False."""
        if node.kind is NodeKind.EXPRESSION:
            return self.test(node.children[0])
        result = self.name()
        if node.kind is NodeKind.REFERENCE:
            self._reference_test(node, result)
        elif node.kind in _COMPARISONS:
            self._comparison(node, result)
        elif node.kind in {NodeKind.AND, NodeKind.OR}:
            self.write(f"{result} = {self.test(node.children[0])}")
            self.write(f"if {'' if node.kind is NodeKind.AND else 'not '}{result}:")
            self.depth += 1
            self.write(f"{result} = {self.test(node.children[1])}")
            self.depth -= 1
        elif node.kind is NodeKind.NOT:
            self.write(f"{result} = not {self.test(node.children[0])}")
        else:
            self.write(f"{result} = {node.kind is NodeKind.TRUE}")
        return result

    def _reference_test(self, node: Node, result: str) -> None:
        data = references.reference_data(node)
        loop_field = self.loop_field(node, data)
        if loop_field is not None:
            truth = "True" if loop_field.endswith((".index", " + 1")) else loop_field
            self.write(f"{result} = {truth}")
            return
        if not is_simple(data):
            self.write(f"{result} = {self.bind(self.compiler.test(node))}(run, ctx)")
            return
        value = self.chain(data.root, node.children)
        truth = self.bind(references.truth(self.compiler, node))
        self.write(f"{result} = {value}")
        self.write(f"if {value} is not True and {value} is not False:")
        self.write(f"    {result} = {truth}(run, {value})")

    def _comparison(self, node: Node, result: str) -> None:
        left, right = (self.value(child) for child in node.children)
        if node.kind in {NodeKind.EQ, NodeKind.NE}:
            slow = self.bind(operators.equality_of(node))
            fast = self._are("str", left, right)
            quick = f"{left} {_COMPARISONS[node.kind]} {right}"
        else:
            slow = self.bind(operators.order_of(node))
            fast = self._are("int", left, right)
            quick = _ORDERS[node.kind].format(left=left, right=right)
            constant = self.bound.get(right)
            if type(constant) is int and abs(constant) < _EXACT:
                # A double is compared with a small integer as Java does, NaN being neither less nor more.
                fast = f"{left}.__class__ is float or {fast}"
        self.write(f"{result} = {quick} if {fast} else {slow}(run, {left}, {right})")

    def _are(self, kind: str, *sides: str) -> str:
        known = [side for side in sides if type(self.bound.get(side)).__name__ == kind]
        return " and ".join(f"{s}.__class__ is {kind}" for s in sides if s not in known) or "True"


def is_simple(data: ReferenceData) -> bool:
    """A reference without backslashes or other things around it."""
    return not (data.runt or data.escaped or data.esc_prefix or data.more_prefix) and (
        data.computable and _NAME.fullmatch(data.root) is not None
    )


def _plain_text(node: Node) -> str | None:
    data = node.data
    return data.text if isinstance(data, StringData) and data.template is None else None


def _checked(name: str) -> str:
    """A name as a Python literal: identifiers only."""
    if _NAME.fullmatch(name) is None:
        raise ValueError(name)
    return repr(name)


def _reader(name: str, node: Node) -> object:
    position = node.position

    def read(target: object) -> object:
        return None if target is None else read_property(target, name, position)

    return read

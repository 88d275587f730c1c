"""A tree to closures: each node becomes a function that was told everything that can be known early."""

from __future__ import annotations

from typing import ClassVar, Final

from inspector.gateway.velocity import directives, loops, macros, operators, references
from inspector.gateway.velocity.fused import fused_sequence, piece_of
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.parser import MacroNames
from inspector.gateway.velocity.prepare import Macro, Prepared, prepare
from inspector.gateway.velocity.runtime import (
    CompiledMacro,
    Context,
    Output,
    Render,
    Run,
    Test,
    Value,
)
from inspector.gateway.velocity.source import Source
from inspector.gateway.velocity.texts import node_text


class Compiler:
    """Compiles the nodes of one template for one mode.

    The stepper compiles with a subclass that wraps what `render`, `value` and `test` return; nothing
    of it is in the closures of a plain run. Where `fused` is False, every node goes through these
    three; else the commonest forms are compiled together with what is around them.
    """

    fused: ClassVar[bool] = True

    def __init__(self, names: MacroNames, *, amazon: bool) -> None:
        self.names = names
        self.amazon = amazon
        self.counters = True  # whether loops keep the counters of old, which few templates name
        self._blocks: dict[int, tuple[Node, Render]] = {}

    def program(self, prepared: Prepared) -> tuple[Render, dict[str, CompiledMacro]]:
        """The whole template, and its macros."""
        self.counters = not self.fused or _names_counters(prepared.source.text)
        return self.inner(prepared.root), self.macros(prepared.macros)

    def macros(self, found: dict[str, Macro]) -> dict[str, CompiledMacro]:
        """Macros, ready to be called."""
        return {
            name: CompiledMacro(name, macro.parameters, self.block(macro.body))
            for name, macro in found.items()
        }

    def evaluated(self, run: Run, text: str) -> Render:
        """The template of an `#evaluate`; its macros join those of the run."""
        prepared = prepare(Source(text), self.names)
        compiler = self.fresh()
        if prepared.macros:
            run.macros = {**run.macros, **compiler.macros(prepared.macros)}
        return compiler.block(prepared.root)

    def fresh(self) -> Compiler:
        """A compiler for a template that is used once."""
        return Compiler(self.names, amazon=self.amazon)

    def inner(self, node: Node) -> Render:
        """A template inside: the whole, a string literal's, an evaluated one."""
        return self.block(node)

    def block(self, node: Node) -> Render:
        """The statements of a node, one after another, with texts joined."""
        known = self._blocks.get(id(node))
        if known is None:
            known = self._blocks[id(node)] = (node, self._block(node))
        return known[1]

    def _block(self, node: Node) -> Render:
        pieces: list[tuple[str, Node]] = []
        text = ""
        for child in node.children:
            more = node_text(child)
            if more is None:
                pieces.append((text, child))
                text = ""
            else:
                text += more
        if not pieces:
            return _text_only(text)
        if self.fused:
            return fused_sequence([piece_of(self, *each) for each in pieces], text, node.position)
        return _sequence([(before, self.render(child)) for before, child in pieces], text, node)

    def render(self, node: Node) -> Render:
        """What a statement does."""
        if node.kind is NodeKind.DIRECTIVE:
            assert isinstance(node.data, DirectiveData)
            return _DIRECTIVES.get(node.data.name, macros.call_render)(self, node)
        return _RENDERS[node.kind](self, node)

    def value(self, node: Node) -> Value:
        """The value of an expression."""
        made = _VALUES.get(node.kind)
        if made is not None:
            return made(self, node)
        if node.kind in _TESTS:
            return self.test(node)
        constant = {NodeKind.TRUE: True, NodeKind.FALSE: False}.get(node.kind, node.data)
        if node.kind in {NodeKind.BLOCK, NodeKind.WORD}:
            constant = None
        return lambda _, __: constant

    def test(self, node: Node) -> Test:
        """The truth of an expression: literals and arithmetic are false, but for `true`."""
        made = _TESTS.get(node.kind)
        if made is not None:
            return made(self, node)
        truth = node.kind is NodeKind.TRUE
        return lambda _, __: truth


def _names_counters(text: str) -> bool:
    """Whether a template may read `$velocityCount`: by name, or by a name it makes itself."""
    return "velocity" in text or "evaluate" in text


def _text_only(text: str) -> Render:
    """A block without statements: as nothing is run, nothing is counted."""
    if not text:
        return lambda _, __, ___: None
    return lambda _, __, out: out.append(text)


def _sequence(pieces: list[tuple[str, Render]], tail: str, node: Node) -> Render:
    count = len(pieces) + 1
    position = node.position

    def sequence(run: Run, context: Context, out: Output) -> None:
        run.nodes -= count
        if run.nodes < 0:
            raise run.exhausted(position)
        for text, piece in pieces:
            if text:
                out.append(text)
            piece(run, context, out)
        if tail:
            out.append(tail)

    return sequence


def _expression_value(compiler: Compiler, node: Node) -> Value:
    return compiler.value(node.children[0])


def _expression_test(compiler: Compiler, node: Node) -> Test:
    return compiler.test(node.children[0])


_RENDERS: Final = {
    NodeKind.REFERENCE: references.reference_render,
    NodeKind.SET: directives.set_render,
    NodeKind.IF: directives.if_render,
}
_DIRECTIVES: Final = {
    "foreach": loops.foreach_render,
    "break": directives.break_render,
    "stop": directives.stop_render,
    "define": directives.define_render,
    "include": directives.include_render,
    "parse": directives.include_render,
    "evaluate": macros.evaluate_render,
}
_VALUES: Final = {
    NodeKind.EXPRESSION: _expression_value,
    NodeKind.REFERENCE: references.reference_value,
    NodeKind.STRING: operators.string_value,
    NodeKind.LIST: operators.list_value,
    NodeKind.MAP: operators.map_value,
    NodeKind.RANGE: operators.range_value,
    NodeKind.ADD: operators.math_value,
    NodeKind.SUBTRACT: operators.math_value,
    NodeKind.MULTIPLY: operators.math_value,
    NodeKind.DIVIDE: operators.math_value,
    NodeKind.MODULO: operators.math_value,
}
_TESTS: Final = {
    NodeKind.EXPRESSION: _expression_test,
    NodeKind.REFERENCE: references.reference_test,
    NodeKind.EQ: operators.comparison_test,
    NodeKind.NE: operators.comparison_test,
    NodeKind.LT: operators.comparison_test,
    NodeKind.GT: operators.comparison_test,
    NodeKind.LE: operators.comparison_test,
    NodeKind.GE: operators.comparison_test,
    NodeKind.AND: operators.and_test,
    NodeKind.OR: operators.or_test,
    NodeKind.NOT: operators.not_test,
}

"""Macro calls and `#evaluate`, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inspector.gateway.java.text import to_text
from inspector.gateway.velocity.errors import TemplateError, TemplateSyntaxError
from inspector.gateway.velocity.literals import literal
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.references import executed, raw_value
from inspector.gateway.velocity.runtime import (
    Context,
    MacroContext,
    Output,
    Render,
    Run,
    Stop,
    Value,
)
from inspector.gateway.velocity.scopes import BlockReference

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

MAX_DEPTH: Final = 20
_BY_NAME: Final = frozenset(
    {NodeKind.RANGE, NodeKind.REFERENCE, NodeKind.LIST, NodeKind.MAP, NodeKind.STRING}
)


class _Argument:
    """An argument of a macro call: evaluated at each use, or once if it is a constant."""

    __slots__ = ("by_name", "literal", "value")

    def __init__(self, compiler: Compiler, node: Node) -> None:
        self.by_name = node.kind in _BY_NAME
        self.literal = literal(node)
        self.value: Value
        if node.kind is NodeKind.REFERENCE:
            whole = bool(node.children)
            self.value = executed(compiler, node) if whole else raw_value(compiler, node)
        elif node.kind in {NodeKind.BLOCK, NodeKind.WORD}:
            self.value = lambda _, __: None
        else:
            self.value = compiler.value(node)


def call_render(compiler: Compiler, node: Node) -> Render:
    """`#name(...)` and `#@name(...) ... #end`."""
    data = node.data
    assert isinstance(data, DirectiveData)
    is_block = data.name.startswith("@")
    if is_block and not node.children:
        text = f"#{data.name}"
        return lambda _, __, out: out.append(text)
    name = data.name.removeprefix("@")
    arguments = [_Argument(compiler, child) for child in node.children]
    bare_words = any(child.kind is NodeKind.WORD for child in node.children)
    block = compiler.block(node.children[-1]) if is_block else None
    source_text, position = data.source_text, node.position

    def render(run: Run, context: Context, out: Output) -> None:
        macro = run.macros.get(name)
        if macro is None:
            out.append(source_text)
            return
        if bare_words:
            message = f"Invalid arg in macro #{name}: a bare word"
            java_class = "org.apache.velocity.exception.TemplateInitException"
            raise TemplateError(message, *position, java_class)
        inner = MacroContext(run, context)
        for parameter, argument in zip(macro.parameters, arguments, strict=False):
            if argument.by_name:
                inner.arguments[parameter] = argument.value
                inner.literals[f"${parameter}"] = argument.literal
            else:
                inner.local[parameter] = argument.value(run, context)
        if block is not None:
            inner.local["bodyContent"] = BlockReference(run, context, block, body=True)
        if run.depth >= MAX_DEPTH:
            message = f"Max calling depth of {MAX_DEPTH} was exceeded in macro '{name}'"
            java_class = "org.apache.velocity.exception.MacroOverflowException"
            raise TemplateError(message, *position, java_class)
        if len(out) - out.seen > 500:
            run.measure(out, position)
        run.depth += 1
        try:
            macro.body(run, inner, out)
        except Stop as stop:
            # As in Velocity, a macro that is left by `#break` is never counted as left.
            if not stop.ends(inner):
                raise
            return
        run.depth -= 1

    return render


def evaluate_render(compiler: Compiler, node: Node) -> Render:
    """`#evaluate("template")`: parsed anew at each run."""
    value = compiler.value(node.children[0])
    position = node.position

    def render(run: Run, context: Context, out: Output) -> None:
        given = value(run, context)
        text = "" if given is None else to_text(given)
        if len(text) > run.value:
            raise run.too_large(position)
        try:
            inner = compiler.evaluated(run, text)
        except TemplateSyntaxError as fault:
            raise TemplateSyntaxError(fault.message, *position, fault.java_class) from None
        try:
            inner(run, context, out)
        except Stop as stop:
            if not stop.ends(None):
                raise
        except TemplateSyntaxError as fault:
            raise TemplateSyntaxError(fault.message, *position, fault.java_class) from None

    return render

"""`#set`, `#if`, `#foreach` and the other directives, compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from inspector.gateway.java.text import to_text
from inspector.gateway.velocity.chains import reference_data
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.references import assignment, missing, raw_value
from inspector.gateway.velocity.runtime import (
    Context,
    Output,
    Render,
    Run,
    Stop,
    Test,
)
from inspector.gateway.velocity.scopes import BlockReference, LoopScope
from inspector.gateway.velocity.texts import block_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

_SCOPE: Final = "foreach"
_ENGINE: Final = "org.apache.velocity.exception.VelocityException"


def set_render(compiler: Compiler, node: Node) -> Render:
    """`#set`: null on the right changes nothing."""
    left, right = node.children
    value = compiler.value(right)
    if left.children:
        assign = assignment(compiler, left)

        def set_member(run: Run, context: Context, _: Output) -> None:
            given = value(run, context)
            if given is not None:
                assign(run, context, given)

        return set_member
    name = str(node.data)
    if compiler.amazon and may_be_missing(right):
        return _set_reference(compiler, right.children[0], name)

    def set_variable(run: Run, context: Context, _: Output) -> None:
        given = value(run, context)
        if given is not None:
            context[name] = given
            if run.missing:
                run.missing.discard(name)

    return set_variable


def may_be_missing(right: Node) -> bool:
    """Whether the right of a `#set` is a reference alone, which may come to nothing."""
    inner = right.children[0]
    if inner.kind is not NodeKind.REFERENCE:
        return False
    data = reference_data(inner)
    return data.computable and not data.runt


def _set_reference(compiler: Compiler, node: Node, name: str) -> Render:
    """Amazon's mode: the empty string made of a missing reference is remembered as such."""
    raw = raw_value(compiler, node)
    nothing = missing_set(compiler, node, name)

    def set_variable(run: Run, context: Context, _: Output) -> None:
        given = raw(run, context)
        if given is None:
            given = nothing(run)
        elif run.missing:
            run.missing.discard(name)
        context[name] = given

    return set_variable


def missing_set(compiler: Compiler, node: Node, name: str) -> Callable[[Run], object]:
    """What a variable is set to from a reference that came to nothing."""
    nothing = missing(compiler, node)

    def note(run: Run) -> object:
        if run.unresolved is not None:
            run.missing.add(name)
        return nothing(run)

    return note


def if_render(compiler: Compiler, node: Node) -> Render:
    """`#if` with its `#elseif`s and `#else`."""
    test = compiler.test(node.children[0])
    body = compiler.block(node.children[1])
    branches = [
        (compiler.test(child.children[0]), compiler.block(child.children[1]))
        for child in node.children[2:]
        if child.kind is NodeKind.ELSEIF
    ]
    last = node.children[-1]
    otherwise = compiler.block(last.children[0]) if last.kind is NodeKind.ELSE else None

    if len(node.children) == 2 and compiler.fused:
        text = block_text(node.children[1])
        if text is None:
            return _plain_if(test, body)
        if _asks_for_more(node.children[0]):
            return _comma(test, text)
        return _text_if(test, text)

    def render(run: Run, context: Context, out: Output) -> None:
        if test(run, context):
            body(run, context, out)
            return
        for branch_test, branch in branches:
            if branch_test(run, context):
                branch(run, context, out)
                return
        if otherwise is not None:
            otherwise(run, context, out)

    return render


def _plain_if(test: Test, body: Render) -> Render:
    """`#if` alone."""

    def render(run: Run, context: Context, out: Output) -> None:
        if test(run, context):
            body(run, context, out)

    return render


def _text_if(test: Test, text: str) -> Render:
    """`#if` around nothing but text."""

    def render(run: Run, context: Context, out: Output) -> None:
        if test(run, context):
            out.append(text)

    return render


def _asks_for_more(condition: Node) -> bool:
    """Whether a condition is `$foreach.hasNext`."""
    inner = condition.children[0]
    if inner.kind is not NodeKind.REFERENCE or len(inner.children) != 1:
        return False
    data, member = reference_data(inner), inner.children[0]
    named = member.kind is NodeKind.IDENTIFIER and member.data == "hasNext"
    return named and data.root == _SCOPE and not data.runt


def _comma(test: Test, text: str) -> Render:
    """`#if($foreach.hasNext),#end`, which hardly a list goes without."""

    def render(run: Run, context: Context, out: Output) -> None:
        scope = context.get(_SCOPE)
        if scope.has_next if type(scope) is LoopScope else test(run, context):
            out.append(text)

    return render


def break_render(compiler: Compiler, node: Node) -> Render:
    """`#break`, alone or with the scope it shall end."""
    position = node.position
    if not node.children:

        def leave(_: Run, __: Context, ___: Output) -> None:
            raise Stop(nearest=True)

        return leave
    argument = compiler.value(node.children[0])

    def leave_scope(run: Run, context: Context, _: Output) -> None:
        scope = argument(run, context)
        if not isinstance(scope, LoopScope):
            message = "the argument of #break is not a valid Scope"
            raise TemplateError(message, *position, _ENGINE)
        raise Stop(scope)

    return leave_scope


def stop_render(compiler: Compiler, node: Node) -> Render:
    """`#stop`."""
    argument = compiler.value(node.children[0]) if node.children else None

    def leave(run: Run, context: Context, _: Output) -> None:
        if argument is not None:
            argument(run, context)
        raise Stop

    return leave


def define_render(compiler: Compiler, node: Node) -> Render:
    """`#define($name)`."""
    name = node.children[0].first.image[1:]
    block = compiler.block(node.children[1])

    def render(run: Run, context: Context, _: Output) -> None:
        context[name] = BlockReference(run, context, block)

    return render


def include_render(compiler: Compiler, node: Node) -> Render:
    """`#include` and `#parse`: there are no files here, so they find nothing."""
    name = node.data.name  # type: ignore[attr-defined]  # a DirectiveData
    values = [(child, compiler.value(child)) for child in node.children]
    position = node.position
    found = {NodeKind.STRING, NodeKind.REFERENCE}

    def render(run: Run, context: Context, out: Output) -> None:
        if name == "parse" and not values:
            raise TemplateError("#parse(): argument missing", *position, _ENGINE)
        for index, (child, value) in enumerate(values[:1] if name == "parse" else values):
            given = value(run, context)
            if name == "include" and (child.kind not in found or given is None):
                out.append(
                    f"<!-- include error : error with arg {index} please see log. see error log -->"
                )
                if child.kind not in found:
                    raise TemplateError("invalid #include() argument", *position, _ENGINE)
            elif given is not None:
                message = f"Unable to find resource '{to_text(given)}'"
                java_class = "org.apache.velocity.exception.ResourceNotFoundException"
                raise TemplateError(message, *position, java_class)

    return render

"""`#set`, `#if`, `#foreach` and the other directives, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.text import to_text
from inspector.gateway.java.values import Cursor, View
from inspector.gateway.velocity.errors import BudgetExceededError, TemplateError
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.references import assignment, raw_value, reference_data
from inspector.gateway.velocity.runtime import Context, NullHolder, Output, Render, Run, Stop, Value
from inspector.gateway.velocity.scopes import BlockReference, LoopScope

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

_COUNT: Final = "velocityCount"
_HAS_NEXT: Final = "velocityHasNext"
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
    source = _missing_source(compiler, right)

    def set_variable(run: Run, context: Context, _: Output) -> None:
        given = value(run, context)
        if given is not None:
            context[name] = given
            if run.missing:
                run.missing.discard(name)

    if source is None:
        return set_variable

    def set_from_reference(run: Run, context: Context, out: Output) -> None:
        set_variable(run, context, out)
        if run.unresolved is not None and context.get(name) == "" and source(run, context) is None:
            run.missing.add(name)

    return set_from_reference


def _missing_source(compiler: Compiler, right: Node) -> Value | None:
    """For Amazon's mode: how to ask whether the right side is a reference that came to nothing."""
    inner = right.children[0]
    if not compiler.amazon or inner.kind is not NodeKind.REFERENCE:
        return None
    if any(child.kind is NodeKind.METHOD for child in inner.children):
        return None  # asking again would call the method again
    return raw_value(compiler, inner)


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


def loop_variable(node: Node) -> str:
    """The name of a `#foreach`'s variable."""
    first = node.children[0]
    if first.kind is NodeKind.REFERENCE:
        return reference_data(first).root
    return first.first.image[1:]


def iterated(value: object) -> list[object] | View | dict[object, object] | Cursor | None:
    """What `#foreach` runs over; None where it cannot."""
    if isinstance(value, list | View | dict | Cursor):
        return value
    return value.values() if isinstance(value, LoopScope) else None


def foreach_render(compiler: Compiler, node: Node) -> Render:
    """`#foreach($x in $list)`."""
    position = node.position
    if len(node.children) < 3:
        return _broken(node, "#foreach needs a variable, a word and a list")
    name = loop_variable(node)
    items_of = compiler.value(node.children[2])
    body = _loop_body(compiler, node.children[-1 if len(node.children) < 4 else 3])

    def render(run: Run, context: Context, out: Output) -> None:
        items = iterated(items_of(run, context))
        if items is None:
            return
        owner = object()
        saved = [(key, context.get(key)) for key in (name, _COUNT, _HAS_NEXT)]
        scope = LoopScope(owner, context.get(_SCOPE), position)
        context[_SCOPE] = scope
        try:
            loop(run, context, out, items, scope)
        except Stop as stop:
            if not stop.ends(owner):
                _restore(context, saved)
                raise
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None
        _restore(context, saved)

    def loop(
        run: Run,
        context: Context,
        out: Output,
        items: list[object] | View | dict[object, object] | Cursor,
        scope: LoopScope,
    ) -> None:
        cursor = items if isinstance(items, Cursor) else Cursor(items)
        limit = run.budget.iterations
        holder: NullHolder | None = None
        count = 0
        has_next = cursor.has_next()
        while has_next:
            scope.index = count
            count += 1
            if count > limit:
                raise BudgetExceededError("iterations of a #foreach", limit, *position)
            context[_COUNT] = count
            value = cursor.next()
            scope.has_next = has_next = cursor.has_next()
            context[_HAS_NEXT] = has_next
            context[name] = value
            if value is None:
                holder = holder or NullHolder(name, context)
                body(run, holder, out)
            else:
                body(run, context, out)
            has_next = cursor.has_next()
            if len(out) - out.seen > 500:
                run.measure(out, position)

    return render


def _loop_body(compiler: Compiler, node: Node) -> Render:
    """The block; a surplus argument in its place is rendered instead, as Velocity does."""
    if node.kind is NodeKind.BLOCK:
        return compiler.block(node)
    if node.kind is NodeKind.REFERENCE:
        return compiler.render(node)
    parts = [_loop_body(compiler, child) for child in node.children]

    def render(run: Run, context: Context, out: Output) -> None:
        for part in parts:
            part(run, context, out)

    return render


def _restore(context: Context, saved: list[tuple[str, object]]) -> None:
    for key, value in saved:
        if value is None:
            context.pop(key, None)
        else:
            context[key] = value
    scope = context.get(_SCOPE)
    if isinstance(scope, LoopScope):
        if scope.parent is not None:
            context[_SCOPE] = scope.parent
        elif scope.outer_value is not None:
            context[_SCOPE] = scope.outer_value
        else:
            context.pop(_SCOPE, None)


def _broken(node: Node, message: str) -> Render:
    """A directive that fails only when it is reached."""
    position = node.position

    def render(_: Run, __: Context, ___: Output) -> None:
        raise TemplateError(message, *position, "java.lang.ArrayIndexOutOfBoundsException")

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
        raise Stop(scope.owner)

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

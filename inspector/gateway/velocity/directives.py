"""`#set`, `#if`, `#foreach` and the other directives, compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.text import to_text
from inspector.gateway.java.values import Cursor, Values, View
from inspector.gateway.velocity.errors import BudgetExceededError, TemplateError
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.references import assignment, missing, raw_value, reference_data
from inspector.gateway.velocity.runtime import (
    Context,
    NullHolder,
    Output,
    Position,
    Render,
    Run,
    Stop,
    Test,
)
from inspector.gateway.velocity.scopes import BlockReference, LoopScope
from inspector.gateway.velocity.texts import block_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

COUNTERS: Final = ("velocityCount", "velocityHasNext")
_COUNT, _HAS_NEXT = COUNTERS
_SCOPE: Final = "foreach"
_MEASURED: Final = 500  # pieces of output
Iterated: TypeAlias = list[object] | View | dict[object, object] | Cursor
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


def loop_variable(node: Node) -> str:
    """The name of a `#foreach`'s variable."""
    first = node.children[0]
    if first.kind is NodeKind.REFERENCE:
        return reference_data(first).root
    return first.first.image[1:]


def iterated(value: object) -> Iterated | None:
    """What `#foreach` runs over; None where it cannot."""
    if isinstance(value, list | View | dict | Cursor):
        return value
    return value.values() if isinstance(value, LoopScope) else None


def foreach_render(compiler: Compiler, node: Node) -> Render:
    """`#foreach($x in $list)`."""
    if len(node.children) < 3:
        return _broken(node, "#foreach needs a variable, a word and a list")
    items_of = compiler.value(node.children[2])
    loop = loop_over(compiler, node)

    def render(run: Run, context: Context, out: Output) -> None:
        loop(run, context, out, items_of(run, context))

    return render


def loop_over(compiler: Compiler, node: Node) -> Callable[[Run, Context, Output, object], None]:
    """The loop, given what to run over."""
    position = node.position
    name = loop_variable(node)
    body = _loop_body(compiler, node.children[-1 if len(node.children) < 4 else 3])

    def render(run: Run, context: Context, out: Output, value: object) -> None:
        items = iterated(value)
        if items is None:
            return
        scope = LoopScope(context.get(_SCOPE), position)
        saved = begin_loop(context, (name, *COUNTERS), scope)
        try:
            loop(run, context, out, items, scope)
        except Stop as stop:
            if not stop.ends(scope):
                end_loop(context, saved)
                raise
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None
        end_loop(context, saved)

    walk = _walk(body, name, position, counters=compiler.counters)
    step = _step(body, name, position)

    def loop(run: Run, context: Context, out: Output, items: Iterated, scope: LoopScope) -> None:
        if not isinstance(items, Cursor):
            rest = walk(run, context, out, items, scope)
            if rest is None:
                return
            items = rest
        step(run, context, out, items, scope)

    return render


def _walk(
    body: Render, name: str, position: Position, *, counters: bool
) -> Callable[[Run, Context, Output, Iterated, LoopScope], Cursor | None]:
    """A loop over what stays as it is; what is left to do where it did not."""

    def walk(
        run: Run, context: Context, out: Output, given: Iterated, scope: LoopScope
    ) -> Cursor | None:
        items, owner = _counted(given)
        size, limit = len(items), run.budget.iterations
        run.nodes -= min(limit, size)
        if run.nodes < 0:
            raise run.exhausted(position)
        holder: NullHolder | None = None
        count, full = 0, out.seen + _MEASURED
        for value in items:
            if count == limit:
                raise too_many(run, position)
            scope.index = count
            count += 1
            scope.has_next = count != size
            if counters:
                context[_COUNT] = count
                context[_HAS_NEXT] = count != size
            context[name] = value
            if value is None:
                holder = holder or NullHolder(name, context)
                body(run, holder, out)
            else:
                body(run, context, out)
            if len(out) > full:
                run.measure(out, position)
                full = out.seen + _MEASURED
            if len(owner) != size:
                return Cursor.at(given, items, count, size)
        return None

    return walk


def _counted(items: Iterated) -> tuple[list[object], Sized]:
    """The elements, and what must not change its size meanwhile."""
    if isinstance(items, list):
        return items, items
    view = Values(items) if isinstance(items, dict) else items
    assert isinstance(view, View)
    return list(view), view.owner


def _step(
    body: Render, name: str, position: Position
) -> Callable[[Run, Context, Output, Cursor, LoopScope], None]:
    """A loop over an iterator, which may be at its end or broken at any time."""

    def step(run: Run, context: Context, out: Output, cursor: Cursor, scope: LoopScope) -> None:
        holder: NullHolder | None = None
        count = scope.index + 1
        while cursor.has_next():
            if count >= run.budget.iterations:
                raise too_many(run, position)
            run.nodes -= 1
            if run.nodes < 0:
                raise run.exhausted(position)
            scope.index = count
            count += 1
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
            if len(out) - out.seen > _MEASURED:
                run.measure(out, position)

    return step


def too_many(run: Run, position: Position) -> BudgetExceededError:
    """The complaint about a loop's length."""
    return BudgetExceededError("iterations of a #foreach", run.budget.iterations, *position)


def begin_loop(
    context: Context, names: Iterable[str], scope: LoopScope
) -> list[tuple[str, object]]:
    """Put `$foreach` in place; what the loop will change, to be restored behind it."""
    saved = [(name, context.get(name)) for name in names]
    context[_SCOPE] = scope
    return saved


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


def end_loop(context: Context, saved: list[tuple[str, object]]) -> None:
    """Restore the variables a loop has changed."""
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

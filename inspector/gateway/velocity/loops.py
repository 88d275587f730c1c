"""`#foreach`, compiled."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.values import Cursor, Values, View
from inspector.gateway.velocity.chains import reference_data
from inspector.gateway.velocity.columns import plan
from inspector.gateway.velocity.errors import BudgetExceededError, TemplateError
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.runtime import (
    Context,
    NullHolder,
    Output,
    Position,
    Render,
    Run,
    Stop,
)
from inspector.gateway.velocity.scopes import LoopScope

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

COUNTERS: Final = ("velocityCount", "velocityHasNext")
_COUNT, _HAS_NEXT = COUNTERS
_SCOPE: Final = "foreach"
_ITERATED: Final = (list, View, dict, Cursor)
"""A tuple, because `|` makes a new type at each test, and that costs more than the test."""
_MEASURED: Final = 500  # pieces of output
Sequence: TypeAlias = list[object] | View | dict[object, object]
Iterated: TypeAlias = Sequence | Cursor


def loop_variable(node: Node) -> str:
    """The name of a `#foreach`'s variable."""
    first = node.children[0]
    if first.kind is NodeKind.REFERENCE:
        return reference_data(first).root
    return first.first.image[1:]


def iterated(value: object) -> Iterated | None:
    """What `#foreach` runs over; None where it cannot."""
    if isinstance(value, _ITERATED):
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
    block = node.children[-1 if len(node.children) < 4 else 3]
    body = _loop_body(compiler, block)
    at_once = plan(compiler, name, block, position) if compiler.fused else None
    names = (name, *COUNTERS) if compiler.counters else (name,)
    walk = _walk(body, name, position, counters=compiler.counters)
    step = _step(body, name, position, counters=compiler.counters)

    def render(run: Run, context: Context, out: Output, value: object) -> None:
        items = iterated(value)
        if items is None or (at_once is not None and at_once(run, context, out, items)):
            return
        scope = LoopScope(context.get(_SCOPE), position)
        saved = [context.get(each) for each in names]
        context[_SCOPE] = scope
        try:
            rest = items if isinstance(items, Cursor) else walk(run, context, out, items, scope)
            if rest is not None:
                step(run, context, out, rest, scope)
        except Stop as stop:
            if not stop.ends(scope):
                end_loop(context, names, saved)
                raise
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None
        if not end_loop(context, names, saved):
            message = "the loop's variable has taken the place of $foreach"
            raise TemplateError(message, *position, "java.lang.NullPointerException")

    return render


def _walk(
    body: Render, name: str, position: Position, *, counters: bool
) -> Callable[[Run, Context, Output, Sequence, LoopScope], Cursor | None]:
    """A loop over what stays as it is; what is left to do where it did not."""

    def walk(
        run: Run, context: Context, out: Output, given: Sequence, scope: LoopScope
    ) -> Cursor | None:
        items, owner = _counted(given)
        size, limit = len(items), run.budget.iterations
        run.nodes -= min(size, limit)
        if run.nodes < 0:
            raise run.exhausted(position)
        holder: NullHolder | None = None
        count, full = 0, out.seen + _MEASURED
        for value in items:
            if count == limit:
                raise too_many(run, position)
            scope.index = count
            count += 1  # noqa: SIM113  # enumerate would make a tuple of each
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


def _counted(items: Sequence) -> tuple[list[object], Sized]:
    """The elements, and what must not change its size meanwhile."""
    if isinstance(items, list):
        return items, items
    view = Values(items) if isinstance(items, dict) else items
    return list(view), view.owner


def _step(
    body: Render, name: str, position: Position, *, counters: bool
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
            if counters:
                context[_COUNT] = count
            value = cursor.next()
            scope.has_next = has_next = cursor.has_next()
            if counters:
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


def end_loop(context: Context, names: tuple[str, ...], saved: list[object]) -> bool:
    """Restore the variables a loop has changed; False where there is no `$foreach` left to end."""
    for key, value in zip(names, saved, strict=True):
        if value is None:
            context.pop(key, None)
        else:
            context[key] = value
    scope = context.get(_SCOPE)
    if isinstance(scope, LoopScope):
        outer = scope.parent or scope.outer_value
        if outer is not None:
            context[_SCOPE] = outer
        else:
            context.pop(_SCOPE, None)
    return scope is not None


def _broken(node: Node, message: str) -> Render:
    """A directive that fails only when it is reached."""
    position = node.position

    def render(_: Run, __: Context, ___: Output) -> None:
        raise TemplateError(message, *position, "java.lang.ArrayIndexOutOfBoundsException")

    return render

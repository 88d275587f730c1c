"""References, compiled: their values, their truth, what they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inspector.gateway.java.errors import ValueTooLargeError
from inspector.gateway.java.numbers import double_text
from inspector.gateway.java.text import guard, to_text
from inspector.gateway.velocity.calls import call_render, call_value, is_call
from inspector.gateway.velocity.chains import Show, plain_members, property_chain, reference_data
from inspector.gateway.velocity.members import (
    Step,
    assign_index,
    assign_property,
    index_step,
    method_step,
    property_step,
)
from inspector.gateway.velocity.nodes import Node, NodeKind, ReferenceData
from inspector.gateway.velocity.runtime import (
    Context,
    Output,
    Position,
    Render,
    Run,
    Test,
    Unresolved,
    Value,
    literal_of,
)
from inspector.gateway.velocity.scopes import BlockReference, LoopScope

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.gateway.velocity.compiler import Compiler

_SMALL: Final = 1 << 64


def steps_of(compiler: Compiler, nodes: list[Node]) -> list[Step]:
    """The steps along a reference."""
    return [_step(compiler, node) for node in nodes]


def _step(compiler: Compiler, node: Node) -> Step:
    if node.kind is NodeKind.IDENTIFIER:
        return property_step(node)
    if node.kind is NodeKind.INDEX:
        return index_step(node, compiler.value(node.children[0]))
    return method_step(node, [compiler.value(child) for child in node.children[1:]])


def raw_value(compiler: Compiler, node: Node) -> Value:
    """The value of a reference, None where it comes to nothing, in either mode."""
    data = reference_data(node)
    root = data.root
    if data.runt:
        return lambda _, __: None
    children = node.children
    members = plain_members(node)
    if members is not None:
        return property_chain(root, members)
    if compiler.fused and is_call(node):
        return call_value(compiler, root, children[0])
    steps = steps_of(compiler, children)
    if len(steps) == 1:
        return _one_step(root, steps[0])

    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        if found is None:
            return None
        for step in steps:
            found = step(run, context, found)
            if found is None:
                return None
        return found

    return value


def _one_step(root: str, step: Step) -> Value:
    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        return None if found is None else step(run, context, found)

    return value


def note_unresolved(run: Run, node: Node, *, tested: bool = False) -> None:
    """Remember a reference that came to nothing, if anybody wants to know."""
    if run.unresolved is not None:
        text = reference_data(node).literal
        run.unresolved.append(Unresolved(text, *node.position, tested))


def missing(compiler: Compiler, node: Node) -> Callable[[Run], object]:
    """What a reference that came to nothing is worth: Amazon's mode makes the empty string of it."""
    worth = "" if compiler.amazon else None

    def note(run: Run) -> object:
        note_unresolved(run, node)
        return worth

    return note


def executed(compiler: Compiler, node: Node) -> Value:
    """The value as the mode has it."""
    data = reference_data(node)
    if data.runt:
        return raw_value(compiler, node)
    nothing = missing(compiler, node)
    members = plain_members(node)
    if members is not None:
        return property_chain(data.root, members, nothing)
    raw = raw_value(compiler, node)

    def value(run: Run, context: Context) -> object:
        found = raw(run, context)
        return nothing(run) if found is None else found

    return value


def reference_value(compiler: Compiler, node: Node) -> Value:
    """The value inside an expression."""
    if not reference_data(node).computable:
        return lambda _, __: None
    return executed(compiler, node)


def truth(compiler: Compiler, node: Node) -> Callable[[Run, object], bool]:
    """The truth of a value that is no Boolean: all but null. In Amazon's mode null is none."""
    amazon, root, bare = compiler.amazon, reference_data(node).root, not node.children

    def test(run: Run, found: object) -> bool:
        if found is None:
            note_unresolved(run, node, tested=amazon)
            return amazon
        if type(found) is BlockReference:
            return found.text() is not None
        if bare and root in run.missing:
            note_unresolved(run, node, tested=True)
        return True

    return test


def reference_test(compiler: Compiler, node: Node) -> Test:
    """The truth of a reference."""
    raw = raw_value(compiler, node)
    if reference_data(node).runt:
        return lambda _, __: False
    other = truth(compiler, node)

    def test(run: Run, context: Context) -> bool:
        found = raw(run, context)
        return found if found is True or found is False else other(run, found)

    return test


def reference_render(compiler: Compiler, node: Node) -> Render:
    """What a reference prints."""
    data = reference_data(node)
    if data.runt:
        return lambda _, __, out: out.append(data.root)
    if data.escaped:
        return _escaped(executed(compiler, node), data)
    prefix = data.esc_prefix + data.more_prefix
    other = shown(compiler, node)
    if compiler.fused and not prefix and is_call(node):
        return call_render(compiler, data.root, node.children[0], other)
    raw = raw_value(compiler, node)
    members = plain_members(node)
    if data.root == "foreach" and members and len(members) == 1 and not prefix:
        offset = _OFFSETS.get(members[0][0])
        if offset is not None:
            return _loop_number(offset, raw, other)

    def render(run: Run, context: Context, out: Output) -> None:
        found = raw(run, context)
        if type(found) is str:
            out.append(prefix + found if prefix else found)
        else:
            other(run, context, out, found)

    return render


_OFFSETS: Final = {"index": 0, "count": 1}


def _loop_number(offset: int, raw: Value, show: Show) -> Render:
    """`$foreach.index` and `$foreach.count`."""

    def render(run: Run, context: Context, out: Output) -> None:
        scope = context.get("foreach")
        if type(scope) is LoopScope:
            out.append(str(scope.index + offset))
        else:
            show(run, context, out, raw(run, context))

    return render


def shown(compiler: Compiler, node: Node) -> Show:
    """What prints a value that is no String."""
    data = reference_data(node)
    prefix = data.esc_prefix + data.more_prefix
    null = _null_text(compiler, node, data)
    position = node.position

    def show(run: Run, context: Context, out: Output, found: object) -> None:
        if type(found) is str:
            out.append(prefix + found)
        elif found is None:
            null(run, context, out)
        elif type(found) is BlockReference:
            _render_block(run, context, out, found, data)
        else:
            out.append(prefix + printed(run, found, position))

    return show


def printed(run: Run, value: object, position: Position) -> str:
    """`toString()`, within the limits of the run."""
    kind = type(value)
    if kind is float:
        return double_text(value)  # type: ignore[arg-type]  # mypy does not narrow by a stored type
    if kind is int and -_SMALL < value < _SMALL:  # type: ignore[operator]
        return str(value)
    try:
        guard(value, run.value)
        text = to_text(value)
    except ValueTooLargeError:
        raise run.too_large(position) from None
    if len(text) > run.value:
        raise run.too_large(position)
    return text


def _null_text(compiler: Compiler, node: Node, data: ReferenceData) -> Render:
    """Null prints its own text (after the backslashes, twice), in Amazon's mode nothing."""
    if compiler.amazon:
        prefix = data.esc_prefix + data.more_prefix

        def quiet(run: Run, _: Context, out: Output) -> None:
            note_unresolved(run, node)
            if prefix:
                out.append(prefix)

        return quiet

    def render(run: Run, context: Context, out: Output) -> None:
        note_unresolved(run, node)
        text = literal_of(context, data.null_string)
        shown = data.null_string if text is None else text
        out.append(data.esc_prefix * 2 + data.more_prefix + shown)

    return render


def _render_block(
    run: Run, context: Context, out: Output, block: BlockReference, data: ReferenceData
) -> None:
    if block.render(run, context, out):
        return
    text = block.text()
    if text is None:
        found = literal_of(context, data.null_string)
        out.append(data.esc_prefix * 2 + data.more_prefix)
        out.append(data.null_string if found is None else found)
    else:
        out.append(data.esc_prefix + data.more_prefix + text)


def _escaped(value: Value, data: ReferenceData) -> Render:
    def render(run: Run, context: Context, out: Output) -> None:
        found = value(run, context)
        text = literal_of(context, data.null_string)
        shown = data.null_string if text is None else text
        out.append(data.esc_prefix + ("\\" if found is None else "") + shown)

    return render


def assignment(compiler: Compiler, node: Node) -> Callable[[Run, Context, object], bool]:
    """What `#set` does to the reference on its left, given the value."""
    data = reference_data(node)
    children = node.children
    root, position = data.root, node.position
    last = children[-1]
    steps = steps_of(compiler, children[:-1])

    def target_of(run: Run, context: Context) -> object:
        found = context.get(root)
        for step in steps:
            if found is None:
                return None
            found = step(run, context, found)
        return found

    if last.kind is NodeKind.INDEX:
        argument = compiler.value(last.children[0])
        place = last.position

        def assign_at(run: Run, context: Context, value: object) -> bool:
            target = target_of(run, context)
            if target is None:
                return False
            return assign_index(run, target, argument(run, context), value, place)

        return assign_at
    name = last.first.image

    def assign(run: Run, context: Context, value: object) -> bool:
        target = target_of(run, context)
        return target is not None and assign_property(target, name, value, position)

    return assign

"""String literals that hold nothing but texts and references: put together without a template's machinery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from inspector.gateway.velocity import references
from inspector.gateway.velocity.chains import CLASS_NAMES, Show, plain_members, reference_data
from inspector.gateway.velocity.nodes import Node, NodeKind, StringData
from inspector.gateway.velocity.runtime import FEW, Context, Output, Position, Run, Value
from inspector.gateway.velocity.texts import node_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

_LONG: Final = 1 << 64


class _Part(NamedTuple):
    """A text and the reference behind it."""

    before: str
    root: str | None
    """The variable, where at most one property is read of it."""
    member: str
    value: Value
    show: Show


def interpolation(compiler: Compiler, data: StringData, position: Position) -> Value | None:
    """The value of the literal; None where there are directives or backslashes in it."""
    template = data.template
    assert template is not None
    parts: list[_Part] = []
    text = ""
    for child in template.children:
        more = node_text(child)
        if more is not None:
            text += more
            continue
        part = _part(compiler, text, child)
        if part is None:
            return None
        parts.append(part)
        text = ""
    if not 0 < len(parts) <= FEW or not text:  # the blank that Velocity appends, to drop it again
        return None
    return _value(tuple(parts), text, template.position, position, keeps_end=data.keeps_end)


def _part(compiler: Compiler, before: str, node: Node) -> _Part | None:
    if node.kind is not NodeKind.REFERENCE:
        return None
    data = reference_data(node)
    if data.runt or data.escaped or data.esc_prefix or data.more_prefix:
        return None
    members = plain_members(node)
    names = [name for name, _ in members] if members is not None else [""] * 2
    quick = len(names) < 2 and not CLASS_NAMES.intersection(names)
    value, show = references.raw_value(compiler, node), references.shown(compiler, node)
    return _Part(before, data.root if quick else None, "".join(names), value, show)


def _value(
    parts: tuple[_Part, ...], tail: str, start: Position, position: Position, *, keeps_end: bool
) -> Value:
    count = len(parts) + 1
    cut = 0 if keeps_end else 1
    tail = tail if keeps_end else tail[:-1]

    def value(run: Run, context: Context) -> object:
        run.nodes -= count
        if run.nodes < 0:
            raise run.exhausted(start)
        plain = isinstance(context, dict)
        text = ""
        for before, root, member, read, show in parts:
            found: Any
            if plain and root is not None:
                found = context.get(root)
                if member:
                    found = found.get(member) if type(found) is dict else read(run, context)
            else:
                found = read(run, context)
            kind = type(found)
            if kind is str:
                text += before + found
            elif kind is int and -_LONG < found < _LONG:
                text += before + str(found)
            else:
                out = Output()
                show(run, context, out, found)
                text += before + "".join(out)
        text += tail
        if len(text) + cut > run.value:
            raise run.too_large(position)
        return text

    return value

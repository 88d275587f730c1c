"""Statements fused into the block they stand in, so that the commonest need no call of their own.

A block is a row of pieces: a text, then a reference of no more than two properties, which the block
reads and prints itself, or any other statement, which it calls. Only `Compiler.fused` compilers make
such blocks; the stepper's, which must see every statement, does not. Inside macros and loops over
nulls, where variables are no plain dict, the block calls every statement too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from inspector.gateway.velocity.chains import CLASS_NAMES, Member
from inspector.gateway.velocity.members import read_property
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.references import reference_data, shown
from inspector.gateway.velocity.runtime import Context, Output, Position, Render, Run

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

Show: TypeAlias = "Callable[[Run, Context, Output, object], None]"
_LONG: Final = 1 << 64
_STATEMENT, _NAME, _PROPERTY, _PROPERTIES = range(4)
_NO_MEMBER: Final[Member] = ("", (0, 0))


class Piece(NamedTuple):
    """A text and what comes behind it."""

    text: str
    properties: int
    root: str
    first: Member
    second: Member
    show: Show
    """Prints a value that is no String, Integer or Double; null too."""
    render: Render
    """The whole statement."""


def piece(compiler: Compiler, text: str, node: Node) -> Piece:
    """A text with the statement behind it."""
    render = compiler.render(node)
    if node.kind is NodeKind.REFERENCE and is_plain(node):
        members = [(str(child.data), child.position) for child in node.children]
        first, second, *_ = [*members, _NO_MEMBER, _NO_MEMBER]
        root, show = reference_data(node).root, shown(compiler, node)
        return Piece(text, _NAME + len(members), root, first, second, show, render)
    return Piece(text, _STATEMENT, "", _NO_MEMBER, _NO_MEMBER, _no_show, render)


def is_plain(node: Node) -> bool:
    """Whether it is a name with at most two properties that prints as it is."""
    data = reference_data(node)
    return (
        not (data.runt or data.escaped or data.esc_prefix or data.more_prefix)
        and len(node.children) <= 2
        and all(
            child.kind is NodeKind.IDENTIFIER and child.data not in CLASS_NAMES
            for child in node.children
        )
    )


def _no_show(_: Run, __: Context, ___: Output, ____: object) -> None:
    """A statement prints itself."""


def fused_sequence(pieces: list[Piece], tail: str, position: Position) -> Render:
    """The pieces one after another; their nodes are counted at once."""
    count = len(pieces) + 1
    rows = tuple(
        (each.text, each.properties, each.root, *each.first, *each.second, each.show, each.render)
        for each in pieces
    )
    called = tuple((each.text, each.render) for each in pieces)

    def layered(run: Run, context: Context, out: Output) -> None:
        for text, render in called:
            if text:
                out.append(text)
            render(run, context, out)

    def sequence(run: Run, context: Context, out: Output) -> None:
        run.nodes -= count
        if run.nodes < 0:
            raise run.exhausted(position)
        append = out.append
        if type(context) is not dict:
            layered(run, context, out)
            if tail:
                append(tail)
            return
        get = context.get
        for text, properties, root, first, first_at, second, second_at, show, render in rows:
            if text:
                append(text)
            if not properties:
                render(run, context, out)
                continue
            found = get(root)
            if properties != 1:
                if type(found) is dict:
                    found = found.get(first)
                elif found is not None:
                    found = read_property(found, first, first_at)
                if properties == 3:
                    if type(found) is dict:
                        found = found.get(second)
                    elif found is not None:
                        found = read_property(found, second, second_at)
            kind = type(found)
            if kind is str:
                append(found)
            elif kind is int and -_LONG < found < _LONG:
                append(str(found))
            elif kind is float and (1e-3 <= found < 1e7 or found == 0.0):
                append(repr(found))  # here Python's and Java's notations are the same
            else:
                show(run, context, out, found)
        if tail:
            append(tail)

    return sequence

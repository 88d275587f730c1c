"""Statements fused into the block they stand in, so that the commonest need no call of their own.

A block is a row of pieces: a text, then a reference of no more than two properties, which the block
reads and prints itself, or any other statement, which it calls. Only `Compiler.fused` compilers make
such blocks; the stepper's, which must see every statement, does not. Inside macros and loops over
nulls, where variables are no plain dict, the block calls every statement too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from inspector.gateway.velocity.chains import CLASS_NAMES, Member, Show, reference_data
from inspector.gateway.velocity.members import read_property
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.references import shown
from inspector.gateway.velocity.runtime import Context, Output, Position, Render, Run
from inspector.gateway.velocity.scopes import BlockReference

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

_LONG: Final = 1 << 64


class Piece(NamedTuple):
    """A text and what comes behind it."""

    text: str
    root: str | None
    """The reference's name; None for a statement that is called."""
    members: tuple[Member, ...]
    show: Show
    """Prints a value that is no String, Integer or Double; null too."""
    render: Render
    """The whole statement."""


def piece_of(compiler: Compiler, text: str, node: Node) -> Piece:
    """A text with the statement behind it."""
    render = compiler.render(node)
    if node.kind is NodeKind.REFERENCE and is_plain(node):
        data = reference_data(node)
        members = tuple((str(child.data), child.position) for child in node.children)
        return Piece(text, data.root, members, shown(compiler, node), render)
    return Piece(text, None, (), _no_show, render)


def is_plain(node: Node) -> bool:
    """Whether it is a name with at most two properties that prints as it is."""
    data = reference_data(node)
    return (
        not (data.runt or data.escaped or data.esc_prefix or data.more_prefix)
        and data.root != "foreach"
        and len(node.children) <= 2
        and all(
            child.kind is NodeKind.IDENTIFIER and child.data not in CLASS_NAMES
            for child in node.children
        )
    )


def _no_show(_: Run, __: Context, ___: Output, ____: object) -> None:
    """A statement prints itself."""


Row: TypeAlias = "tuple[str, str, str, Piece]"
Part: TypeAlias = "tuple[str, str | None, tuple[Row, ...], Show, Render]"


def _parts(pieces: list[Piece]) -> Iterator[Part]:
    """The pieces, with neighbours that read properties of one variable put together."""
    for key, group in groupby(pieces, lambda each: each.root if each.members else each):
        if isinstance(key, str):
            yield "", key, tuple(_row(each) for each in group), _no_show, _no_render
        else:
            for each in group:
                yield each.text, each.root, (), each.show, each.render


def _row(each: Piece) -> Row:
    first, second, *_ = [*(name for name, _ in each.members), "", ""]
    return each.text, first, second, each


def _no_render(_: Run, __: Context, ___: Output) -> None:
    """A group has rows instead."""


def fused_sequence(pieces: list[Piece], tail: str, position: Position) -> Render:
    """The pieces one after another; their nodes are counted at once."""
    count = len(pieces) + 1
    parts = tuple(_parts(pieces))
    called = tuple(map(_row, pieces))

    # One function with many branches, because each call in its place would cost as much as it does.
    def sequence(run: Run, context: Context, out: Output) -> None:  # noqa: PLR0912
        run.nodes -= count
        if run.nodes < 0:
            raise run.exhausted(position)
        append = out.append
        if not isinstance(context, dict):
            _print_each(run, context, out, called)
            append(tail)
            return
        for text, root, rows, show, render in parts:
            if text:
                append(text)
            if root is None:
                render(run, context, out)
                continue
            found: Any = context.get(root)
            if not rows:
                if type(found) is str:
                    append(found)
                else:
                    show(run, context, out, found)
                continue
            left = iter(rows)
            if type(found) is not dict:
                _print_each(run, context, out, left)
                continue
            member = found.get
            for before, first, second, more in left:
                append(before)
                found = member(first)
                if second:
                    if type(found) is dict:
                        found = found.get(second)
                    elif found is not None:
                        found = read_property(found, second, more.members[1][1])
                kind = type(found)
                if kind is str:
                    append(found)
                elif kind is int and -_LONG < found < _LONG:
                    append(str(found))
                elif kind is float and (1e-3 <= found < 1e7 or found == 0.0):
                    append(repr(found))  # here Python's and Java's notations are the same
                else:
                    more.show(run, context, out, found)
                    if kind is BlockReference:  # it may have changed what the others are read from
                        _print_each(run, context, out, left)
        if tail:
            append(tail)

    return sequence


def _print_each(run: Run, context: Context, out: Output, rows: Iterable[Row]) -> None:
    for text, _, __, more in rows:
        out.append(text)
        more.render(run, context, out)

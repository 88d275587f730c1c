"""References that are names and properties only, which most are, compiled for speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from inspector.gateway.velocity.members import read_property
from inspector.gateway.velocity.nodes import Node, NodeKind, ReferenceData
from inspector.gateway.velocity.runtime import Context, Output, Position, Run, Value
from inspector.gateway.velocity.scopes import LOOP_MEMBERS, LoopScope

CLASS_NAMES: Final = frozenset({"class", "Class"})
Member: TypeAlias = tuple[str, Position]
Show: TypeAlias = "Callable[[Run, Context, Output, object], None]"
"""Prints the value of a reference."""
Nothing: TypeAlias = Callable[[Run], object]
"""What stands for a reference that comes to nothing."""


def reference_data(node: Node) -> ReferenceData:
    """What `prepare` found out about a reference."""
    assert isinstance(node.data, ReferenceData)
    return node.data


def plain_members(node: Node) -> list[Member] | None:
    """The properties along a reference; None if there is anything else in it."""
    if any(child.kind is not NodeKind.IDENTIFIER for child in node.children):
        return None
    return [(str(child.data), child.position) for child in node.children]


def no_value(_: Run) -> object:
    """Null, for whoever deals with it himself."""
    return None


def property_chain(root: str, members: list[Member], nothing: Nothing = no_value) -> Value:
    """The value of `$root.name.name`; `nothing` where it comes to nothing."""
    if not members:
        return _bare(root, nothing)
    if any(name in CLASS_NAMES for name, _ in members):
        return _slow(root, members, nothing)
    if len(members) == 1:
        name, position = members[0]
        if root == "foreach" and name in LOOP_MEMBERS:
            return _of_loop(name, position, nothing)
        return _one(root, name, position, nothing)
    if len(members) == 2:
        return _two(root, members[0], members[1], nothing)
    return _many(root, members, nothing)


def _bare(root: str, nothing: Nothing) -> Value:
    if nothing is no_value:
        return lambda _, context: context.get(root)

    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        return nothing(run) if found is None else found

    return value


def _slow(root: str, members: list[Member], nothing: Nothing) -> Value:
    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        for name, position in members:
            if found is None:
                break
            found = read_property(found, name, position)
        return nothing(run) if found is None else found

    return value


def _of_loop(name: str, position: Position, nothing: Nothing) -> Value:
    member = LOOP_MEMBERS[name]

    def value(run: Run, context: Context) -> object:
        found = context.get("foreach")
        if type(found) is LoopScope:
            found = member(found)
        elif found is not None:
            found = read_property(found, name, position)
        return nothing(run) if found is None else found

    return value


def _one(root: str, name: str, position: Position, nothing: Nothing) -> Value:
    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        if type(found) is dict:
            found = found.get(name)
        elif found is not None:
            found = read_property(found, name, position)
        return nothing(run) if found is None else found

    return value


def _two(root: str, first: Member, second: Member, nothing: Nothing) -> Value:
    first_name, first_position = first
    second_name, second_position = second

    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        if type(found) is dict:
            found = found.get(first_name)
        elif found is not None:
            found = read_property(found, first_name, first_position)
        if type(found) is dict:
            found = found.get(second_name)
        elif found is not None:
            found = read_property(found, second_name, second_position)
        return nothing(run) if found is None else found

    return value


def _many(root: str, members: list[Member], nothing: Nothing) -> Value:
    def value(run: Run, context: Context) -> object:
        found = context.get(root)
        for name, position in members:
            if type(found) is dict:
                found = found.get(name)
            elif found is None:
                break
            else:
                found = read_property(found, name, position)
        return nothing(run) if found is None else found

    return value

"""References that are names and properties only, which most are, compiled for speed."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity.members import read_property
from inspector.gateway.velocity.runtime import Context, Position, Run, Value
from inspector.gateway.velocity.scopes import LOOP_MEMBERS, LoopScope

_CLASS_NAMES: Final = frozenset({"class", "Class"})
Member = tuple[str, Position]


def property_chain(root: str, members: list[Member]) -> Value:
    """The value of `$root.name.name`, None where it comes to nothing."""
    if any(name in _CLASS_NAMES for name, _ in members):
        return _slow(root, members)
    if len(members) == 1:
        name, position = members[0]
        if root == "foreach" and name in LOOP_MEMBERS:
            return _of_loop(name, position)
        return _one(root, name, position)
    return _two(root, *members) if len(members) == 2 else _many(root, members)


def _slow(root: str, members: list[Member]) -> Value:
    def value(_: Run, context: Context) -> object:
        found = context.get(root)
        for name, position in members:
            if found is None:
                return None
            found = read_property(found, name, position)
        return found

    return value


def _of_loop(name: str, position: Position) -> Value:
    member = LOOP_MEMBERS[name]

    def value(_: Run, context: Context) -> object:
        found = context.get("foreach")
        if type(found) is LoopScope:
            return member(found)
        return None if found is None else read_property(found, name, position)

    return value


def _one(root: str, name: str, position: Position) -> Value:
    def value(_: Run, context: Context) -> object:
        found = context.get(root)
        if type(found) is dict:
            return found.get(name)
        return None if found is None else read_property(found, name, position)

    return value


def _two(root: str, first: Member, second: Member) -> Value:
    first_name, first_position = first
    second_name, second_position = second

    def value(_: Run, context: Context) -> object:
        found = context.get(root)
        if type(found) is dict:
            found = found.get(first_name)
        elif found is not None:
            found = read_property(found, first_name, first_position)
        if type(found) is dict:
            return found.get(second_name)
        return None if found is None else read_property(found, second_name, second_position)

    return value


def _many(root: str, members: list[Member]) -> Value:
    def value(_: Run, context: Context) -> object:
        found = context.get(root)
        for name, position in members:
            if type(found) is dict:
                found = found.get(name)
            elif found is None:
                return None
            else:
                found = read_property(found, name, position)
        return found

    return value

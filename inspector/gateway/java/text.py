"""`toString()`: what a value prints."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from inspector.gateway.java.errors import ValueTooLargeError
from inspector.gateway.java.numbers import decimal_text, double_text, float_text, integer_text
from inspector.gateway.java.types import class_name
from inspector.gateway.java.values import (
    ArrayList,
    BoxedKey,
    Char,
    Entry,
    Float,
    JavaArray,
    JavaClass,
    View,
    unboxed,
)
from inspector.gateway.jsonpath.writer import array_text

_CONTAINERS: Final = (dict, list, View, Entry)


def to_text(value: object) -> str:
    """`String.valueOf(value)`: null prints `null`."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]  # mypy does not narrow by a stored type
    if kind is int:
        return integer_text(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return double_text(value)  # type: ignore[arg-type]
    if value is None:
        return "null"
    return _other_text(value)


def _other_text(value: object) -> str:
    hook = getattr(value, "velocity_text", None)
    if hook is not None:
        return str(hook())
    if isinstance(value, dict):
        return _map_text(value)
    if type(value) is list:
        return array_text(value)
    if isinstance(value, ArrayList | View):
        return _sequence_text(value)
    if isinstance(value, Entry):
        return f"{to_text(unboxed(value.key))}={to_text(value.value)}"
    if isinstance(value, Float):
        return float_text(value)
    if isinstance(value, int):
        return integer_text(int(value))
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Char | JavaClass | BoxedKey):
        return str(value)
    return address_text(value)


def address_text(value: object) -> str:
    """What an object without a text of its own prints: class and address, here always the same one."""
    return f"{class_name(value)}@0"


def _map_text(value: dict[object, object]) -> str:
    members = (
        f"{to_text(unboxed(key))}={'(this Map)' if item is value else to_text(item)}"
        for key, item in value.items()
    )
    return "{" + ", ".join(members) + "}"


def _sequence_text(value: Iterable[object]) -> str:
    return (
        "["
        + ", ".join("(this Collection)" if item is value else to_text(item) for item in value)
        + "]"
    )


def guard(value: object, limit: int) -> None:
    """Refuse a container that would print, compare or hash over `limit` parts.

    Lists may hold one another many times over: forty lines of template make a list of a trillion parts.
    Raises `ValueTooLargeError`. Anything that is no container costs nothing here.
    """
    if not isinstance(value, _CONTAINERS):
        return
    left = limit
    suspicious = limit - _SUSPICIOUS
    stack: list[object] = [value]
    while stack:
        item = stack.pop()
        if left <= suspicious:
            suspicious = -1
            if _holds_itself(value):
                raise ValueTooLargeError
        if isinstance(item, str):
            left -= len(item)
        elif isinstance(item, dict):
            stack.extend(child for child in item.values() if child is not item)
            left -= sum(len(key) if type(key) is str else 8 for key in item)
        elif isinstance(item, list | View) and not isinstance(item, JavaArray):
            stack.extend(child for child in item if child is not item)
        elif isinstance(item, Entry):
            stack.append(item.value)
        left -= 1
        if left < 0 or len(stack) > limit:
            raise ValueTooLargeError


_SUSPICIOUS: Final = 20_000
"""Parts after which it is worth to look whether a value ends at all."""


def _holds_itself(value: object) -> bool:
    """Whether a container is somewhere below itself, other than as its own element (`(this Map)`)."""
    around: set[int] = set()
    done: set[int] = set()
    stack: list[tuple[object, bool]] = [(value, False)]
    while stack:
        item, behind = stack.pop()
        if behind:
            around.discard(id(item))
            done.add(id(item))
            continue
        if id(item) in around:
            return True
        if id(item) in done:
            continue
        around.add(id(item))
        stack.append((item, True))
        stack.extend((child, False) for child in _containers_in(item) if child is not item)
    return False


def _containers_in(item: object) -> Iterable[object]:
    if isinstance(item, dict):
        return [child for child in item.values() if isinstance(child, _CONTAINERS)]
    if isinstance(item, Entry):
        return [item.owner]
    return [child for child in item if isinstance(child, _CONTAINERS)]  # type: ignore[attr-defined]  # a list or a view

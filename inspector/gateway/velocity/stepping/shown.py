"""Values as text, within bounds: as they were at one moment, however large, however they change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from inspector.gateway.java.text import to_text
from inspector.gateway.java.types import class_name
from inspector.gateway.java.values import View
from inspector.gateway.velocity.host import Host
from inspector.gateway.velocity.stepping.events import Shown

#: Characters, elements of a list or entries of a map, and levels that are shown.
LENGTH: Final = 400
_ITEMS: Final = 30
_LEVELS: Final = 4
_SIMPLE: Final = (str, int, float, bool)
NULL: Final = Shown(None, None)


def shown(value: object) -> Shown:
    """A value now. Text in a list or a map stands in quotes, so that one sees where it ends."""
    if value is None:
        return NULL
    if type(value) is str:
        cut = len(value) > LENGTH
        return Shown(value[:LENGTH] if cut else value, "java.lang.String", cut)
    text = _text(value, 0)
    cut = len(text) > LENGTH
    return Shown(text[:LENGTH] if cut else text, class_name(value), cut)


def _text(value: object, level: int) -> str:
    if value is None:
        return "null"
    if type(value) is str:
        quoted = value if len(value) <= LENGTH else f"{value[:LENGTH]}…"
        return f'"{quoted}"' if level else quoted
    if isinstance(value, dict):
        return _map(value, level)
    if isinstance(value, list | View):
        return _list(value, level)
    if isinstance(value, bool | int | float):
        # An integer of very many digits takes longer to print than anybody wants to wait.
        if isinstance(value, int) and value.bit_length() > 4 * LENGTH:
            return f"an integer of {value.bit_length()} bits"
        return to_text(value)
    if isinstance(value, Host):
        inside = value.velocity_shown()
        name = class_name(value).rpartition(".")[2]
        return f"<{name}>" if inside is None else f"<{name} {inside[:LENGTH]}>"
    return to_text(value) if isinstance(value, _SIMPLE) else f"<{class_name(value)}>"


def _map(value: dict[object, object], level: int) -> str:
    if level >= _LEVELS:
        return "{…}"
    entries = [
        f"{_text(key, 0)}={_text(item, level + 1)}" for key, item in islice(value.items(), _ITEMS)
    ]
    return "{" + _joined(entries, len(value)) + "}"


def _list(value: Iterable[object], level: int) -> str:
    if level >= _LEVELS:
        return "[…]"
    items = list(islice(value, _ITEMS + 1))
    size = len(value) if isinstance(value, list) else len(items)
    return "[" + _joined([_text(item, level + 1) for item in items[:_ITEMS]], size) + "]"


def _joined(parts: list[str], size: int) -> str:
    more = [f"… {size - len(parts)} more"] if size > len(parts) else []
    return ", ".join([*parts, *more])

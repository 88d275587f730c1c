"""The protocol by which a variable such as `$input` shows its members to templates.

Templates never reach Python attributes. A value that is not plain data (None, bool, str, int, float,
dict, list) is either a `Host`, whose members are exactly what the two look-ups below answer, or it is
opaque and has none. Plain data needs nothing from here: dicts answer as Java maps, lists as Java lists.

Two optional hooks serve subclasses of dict and list as well as hosts:

- `velocity_text(self) -> str` decides what the value prints (for instance Amazon's `$context` maps,
  which print nothing: facts, "What AWS really does");
- the class attribute `java_class: str` is the name that `.class` answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final, Protocol, runtime_checkable

from inspector.gateway.java.errors import JavaError, NoSuchMethodError

__all__ = [
    "MISSING", "HasText", "Host", "HostMethod", "JavaError", "Missing", "NoSuchMethodError",
]  # fmt: skip


class Missing:
    """The type of `MISSING`: the answer "there is no such member", which null (None) is not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()

HostMethod = Callable[..., object]


class Host:
    """A value whose members are allow-listed by its author.

    A `void` Java method answers `""`, as Velocity makes of it; null is None.
    """

    __slots__ = ()

    java_class: ClassVar[str] = "java.lang.Object"
    text_functions: ClassVar[Mapping[str, HostMethod]] = {}
    """Methods of one String that need no host: found without asking `velocity_method`."""
    text_methods: ClassVar[Mapping[str, HostMethod]] = {}
    """The same, of the class: they take the host first, and calling one twice changes nothing."""

    def velocity_shown(self) -> str | None:
        """What somebody who debugs wants to see of it at once."""
        return None

    def velocity_property(self, name: str) -> object:
        """The value of `$host.name`, or `MISSING`. May raise `JavaError`."""
        return MISSING

    def velocity_method(self, name: str, arity: int) -> HostMethod | None:
        """The callable behind `$host.name(...)` with `arity` arguments, or None if there is none.

        The engine calls it with positional arguments that are plain values. It may raise
        `NoSuchMethodError` (the argument types do not fit) or `JavaError` (the method throws).
        """
        return None

    def velocity_set(self, name: str, value: object) -> bool:
        """Carry out `#set($host.name = value)`; False where nothing was assigned."""
        return False


@runtime_checkable
class HasText(Protocol):
    """Whatever decides for itself what it prints."""

    def velocity_text(self) -> str:
        """The printed form."""

"""What a run of a template carries along: its budget, its macros, its variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from inspector.gateway.velocity.errors import BudgetExceededError

Position: TypeAlias = tuple[int, int]

FEW: Final = 64
"""Pieces that may be joined before they are measured, as each is within the limit of a value."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a run may use.

    `nodes` are executed nodes of the tree, `iterations` those of one `#foreach` (Amazon's quota is
    1,000), `output` and `value` are characters (or elements, for a list) of the whole output and of any
    one value (Amazon's payload limit is 10 MB). The depth of macro calls is 20, by the engine itself.
    """

    nodes: int = 2_000_000
    iterations: int = 1_000
    output: int = 10_485_760
    value: int = 10_485_760

    @classmethod
    def unlimited(cls) -> Budget:
        """No limit that a sound template could reach."""
        return cls(1 << 60, 1 << 60, 1 << 60, 1 << 60)


class Context(Protocol):
    """Variables by name: a dict, or one of the layers below."""

    def get(self, key: str, /) -> object: ...

    def __setitem__(self, key: str, value: object, /) -> None: ...

    def pop(self, key: str, default: None, /) -> object: ...


class Output(list[str]):
    """The pieces written so far; `seen` of them were counted and have `size` characters."""

    seen = 0  # of the class until they change: most outputs are never measured
    size = 0


Render: TypeAlias = "Callable[[Run, Context, Output], None]"
Value: TypeAlias = "Callable[[Run, Context], object]"
Test: TypeAlias = "Callable[[Run, Context], bool]"


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A reference that came to nothing; `tested` if a condition hung on it."""

    text: str
    line: int
    column: int
    tested: bool = False


@dataclass(frozen=True, slots=True)
class CompiledMacro:
    """A macro: its parameters and what renders its body."""

    name: str
    parameters: tuple[str, ...]
    body: Render


_NONE: Final[set[str]] = set()
"""Where nobody collects, no name is ever added."""


class Run:
    """The state of one run."""

    __slots__ = (
        "budget", "depth", "macros", "missing", "nodes", "unresolved", "value",
    )  # fmt: skip

    def __init__(
        self, budget: Budget, macros: dict[str, CompiledMacro], *, collect: bool = False
    ) -> None:
        self.budget = budget
        self.nodes = budget.nodes
        self.value = budget.value
        self.depth = 0
        self.macros = macros
        self.unresolved: list[Unresolved] | None = [] if collect else None
        # Variables that hold the empty string only because Amazon's mode made it of a missing reference.
        self.missing: set[str] = set() if collect else _NONE

    def exhausted(self, position: Position) -> BudgetExceededError:
        """The complaint about too many nodes."""
        return BudgetExceededError("nodes", self.budget.nodes, *position)

    def measure(self, out: Output, position: Position) -> None:
        """Count the output written since the last time; called every few hundred pieces."""
        out.size += sum(map(len, out[out.seen :]))
        out.seen = len(out)
        if out.size > self.budget.output:
            raise BudgetExceededError("output characters", self.budget.output, *position)

    def too_large(self, position: Position) -> BudgetExceededError:
        """The complaint about a value's size."""
        return BudgetExceededError("characters of a value", self.budget.value, *position)


class Stop(Exception):  # it is no error but a way out
    """`#break` and `#stop` on their way out: to the nearest block, to one loop, or to the top."""

    def __init__(self, owner: object = None, *, nearest: bool = False) -> None:
        super().__init__()
        self.owner = owner
        self.nearest = nearest

    def ends(self, block: object) -> bool:
        """Whether it ends at this block; None stands for the template or an `#evaluate`."""
        return self.nearest or (block is self.owner)


class NullHolder:
    """Inside a `#foreach` over null elements: the loop variable stays null, whatever is below."""

    __slots__ = ("active", "inner", "key")

    def __init__(self, key: str, inner: Context) -> None:
        self.key = key
        self.inner = inner
        self.active = True

    def get(self, key: str) -> object:
        return None if self.active and key == self.key else self.inner.get(key)

    def __setitem__(self, key: str, value: object) -> None:
        if value is None and key == self.key:
            self.active = True
        self.inner[key] = value

    def pop(self, key: str, default: None) -> object:
        if key == self.key:
            self.active = False
        return self.inner.pop(key, default)

    def literal_of(self, name: str) -> str | None:
        """The text of the argument a macro's parameter stands for."""
        return literal_of(self.inner, name)


class MacroContext:
    """Inside a macro: parameters are evaluated in the caller's context, each time they are used.

    What the macro sets is seen inside and outside; only a parameter keeps its new value to itself.
    """

    __slots__ = ("arguments", "inner", "literals", "local", "run")

    def __init__(self, run: Run, inner: Context) -> None:
        self.run = run
        self.inner = inner
        self.local: dict[str, object] = {}
        self.arguments: dict[str, Value] = {}
        self.literals: dict[str, str] = {}

    def get(self, key: str) -> object:
        value = self.local.get(key)
        if value is not None:
            return value
        argument = self.arguments.get(key)
        if argument is not None:
            return argument(self.run, self.inner)
        return self.inner.get(key)

    def __setitem__(self, key: str, value: object) -> None:
        self.local[key] = value
        self.inner[key] = value

    def pop(self, key: str, default: None) -> object:
        self.local.pop(key, None)
        self.arguments.pop(key, None)
        return self.inner.pop(key, default)

    def literal_of(self, name: str) -> str | None:
        """The text of the argument a parameter stands for."""
        found = self.literals.get(name)
        return literal_of(self.inner, name) if found is None else found


def literal_of(context: Context, name: str) -> str | None:
    """The text of the argument behind a name, where `context` is inside a macro."""
    if isinstance(context, MacroContext | NullHolder):
        return context.literal_of(name)
    return None

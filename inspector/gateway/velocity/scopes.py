"""The values that the engine itself makes: `$foreach` and what `#define` leaves."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, Final

from inspector.gateway.java.methods import find_method, get_property
from inspector.gateway.java.values import Values
from inspector.gateway.velocity.host import MISSING, Host, HostMethod
from inspector.gateway.velocity.runtime import Context, Output, Position, Render, Run, Stop

_DEFINE_DEPTH: Final = 2
_BODY_DEPTH: Final = 20


class LoopInfo(Host):
    """`$foreach.info`."""

    __slots__ = ("depth", "position")
    java_class: ClassVar[str] = "org.apache.velocity.runtime.directive.Scope$Info"

    def __init__(self, depth: int, position: Position) -> None:
        self.depth = depth
        self.position = position

    def velocity_property(self, name: str) -> object:
        line, column = self.position
        return {
            "name": "foreach", "type": "block", "depth": self.depth, "template": "case",
            "line": line, "column": column,
        }.get(name[:1].lower() + name[1:], MISSING)  # fmt: skip

    def velocity_text(self) -> str:
        """The printed form."""
        deep = f" depth:{self.depth}" if self.depth > 1 else ""
        line, column = self.position
        return f"#foreach[type:block{deep} template:case line:{line} column:{column}]"


class LoopScope(Host):
    """`$foreach`: the state of a loop, and a map that templates may put things into."""

    __slots__ = ("has_next", "index", "parent", "position", "replaced", "storage")
    java_class: ClassVar[str] = "org.apache.velocity.runtime.directive.ForeachScope"

    def __init__(self, previous: object, position: Position) -> None:
        self.position = position
        self.index = -1
        self.has_next = False
        self.storage: dict[object, object] = {}
        self.parent = previous if isinstance(previous, LoopScope) else None
        self.replaced = None if self.parent else previous

    def velocity_property(self, name: str) -> object:
        member = LOOP_MEMBERS.get(name)
        if member is not None:
            return member(self)
        return self.stored(name)

    def stored(self, key: object) -> object:
        """What was put into this scope, or into one around it."""
        found = get_property(self.storage, key) if isinstance(key, str) else None
        # A map or a list as the key is never among the names of what was put here.
        here = isinstance(key, str) and key in self.storage
        if found is None and self.parent is not None and not here:
            return self.parent.stored(key)
        return found

    def velocity_method(self, name: str, arity: int) -> HostMethod | None:
        if arity == 0:
            member = _METHODS.get(name)
            if member is not None:
                return lambda: member(self)
        if name == "get" and arity == 1:
            return self.stored

        def delegate(*arguments: object) -> object:
            method = find_method(self.storage, name, list(arguments))
            if method is None:
                return None
            return method.call(1 << 30, self.storage, list(arguments))

        return delegate

    def velocity_set(self, name: str, value: object) -> bool:
        self.storage[name] = value
        return True

    def velocity_text(self) -> str:
        """The printed form: that of the map."""
        method = find_method(self.storage, "toString", [])
        assert method is not None
        return str(method.call(1 << 30, self.storage, []))

    def values(self) -> Values:
        """What a loop over `$foreach` runs over."""
        return Values(self.storage)

    @property
    def topmost(self) -> LoopScope:
        """The outermost loop."""
        return self.parent.topmost if self.parent else self

    @property
    def outer_value(self) -> object:
        """What `$foreach` was before the outermost loop."""
        if self.replaced is None and self.parent is not None:
            return self.parent.outer_value
        return self.replaced

    @property
    def depth(self) -> int:
        """How many loops are around, this one included."""
        return 1 if self.parent is None else self.parent.depth + 1


_GETTERS: Final[dict[str, Callable[[Any], object]]] = {
    "index": attrgetter("index"),
    "count": lambda s: s.index + 1,
    "hasNext": attrgetter("has_next"),
    "first": lambda s: s.index < 1,
    "last": lambda s: not s.has_next,
    "parent": lambda s: s.parent,
    "topmost": lambda s: s.topmost,
    "replaced": lambda s: s.outer_value,
    "info": lambda s: LoopInfo(s.depth, s.position),
}
LOOP_MEMBERS: Final = _GETTERS | {name[0].upper() + name[1:]: get for name, get in _GETTERS.items()}
_METHODS: Final = {f"get{name[0].upper()}{name[1:]}": get for name, get in _GETTERS.items()} | {
    "hasNext": _GETTERS["hasNext"],
    "isFirst": _GETTERS["first"],
    "isLast": _GETTERS["last"],
}


class BlockReference(Host):
    """What `#define($name)` leaves in `$name`, and a block macro in `$bodyContent`: text to be rendered.

    It is rendered anew each time it is printed, where it is printed; as text it is rendered where it
    was defined. It may contain itself to a depth of two (a macro's body: of twenty).
    """

    __slots__ = ("_block", "_context", "_depth", "_limit", "_run")
    java_class: ClassVar[str] = "org.apache.velocity.runtime.directive.Block$Reference"

    def __init__(self, run: Run, context: Context, block: Render, *, body: bool = False) -> None:
        self._run = run
        self._context = context
        self._block = block
        self._depth = 0
        self._limit = _BODY_DEPTH if body else _DEFINE_DEPTH

    def render(self, run: Run, context: Context, out: Output) -> bool:
        """Write it; False where it is nested too deeply, and nothing is written."""
        if self._depth >= self._limit:
            return False
        self._depth += 1
        try:
            self._block(run, context, out)
        except Stop as stop:
            if not stop.ends(self):
                raise
        self._depth -= 1
        return True

    def text(self) -> str | None:
        """`toString()`: null where it is nested too deeply."""
        out = Output()
        return "".join(out) if self.render(self._run, self._context, out) else None

    def velocity_text(self) -> str:
        """The printed form inside another value."""
        return self.text() or "null"

    def velocity_method(self, name: str, arity: int) -> HostMethod | None:
        return self.text if name == "toString" and arity == 0 else None

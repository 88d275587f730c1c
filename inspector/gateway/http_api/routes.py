"""Which route of an HTTP API answers a path.

Source: http-api.md, section 1 (developer guide, "Work with routes"): a full match of route and
method is chosen first, then one with a greedy variable, then `$default`; a static segment beats a
variable one, an explicit method beats ANY on the same path. Matching backtracks. A slash at the
end counts, and `/a/{x+}` catches `/a/` with nothing in it, as users report it (storacha/w3infra,
issue 166); `/` alone is caught by no greedy route.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
DEFAULT_ROUTE = "$default"


@dataclass(slots=True)
class _Node(Generic[T]):
    """A place in the tree; `methods` answer here, `greedy` answer here and at all below."""

    methods: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)
    greedy: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)
    static: dict[str, _Node[T]] = field(default_factory=dict)
    variable: _Node[T] | None = None


@dataclass(frozen=True, slots=True)
class RouteMatch(Generic[T]):
    """What was found, with the path variables as they stood in the path."""

    found: T
    path_parameters: dict[str, str]


def segments_of(path: str) -> list[str]:
    """The parts between slashes; `/` has none. A slash at the end is an empty part of its own."""
    return [] if path == "/" else path[1:].split("/")


class RouteTable(Generic[T]):
    """All routes of an API by key. Built once, then only read."""

    def __init__(self, routes: Iterable[tuple[str, T]]) -> None:
        """`routes`: (`METHOD /path`, `ANY /path` or `$default`, what to find there)."""
        self._root: _Node[T] = _Node()
        self._default: T | None = None
        self._greedy = False
        for key, found in routes:
            if key == DEFAULT_ROUTE:
                self._default = found
                continue
            method, _, path = key.partition(" ")
            self._place(method.upper(), segments_of(path), found)

    def match(self, method: str, path: str) -> RouteMatch[T] | None:
        """The route that answers, None where there is not even `$default`."""
        segments = segments_of(path)
        for greedy in (False, True) if self._greedy else (False,):
            values: list[str] = []
            answer = _descend(self._root, segments, 0, method, values, greedy=greedy)
            if answer is not None:
                found, names = answer
                return RouteMatch(found, dict(zip(names, values, strict=True)))
        return None if self._default is None else RouteMatch(self._default, {})

    def _place(self, method: str, segments: list[str], found: T) -> None:
        names = tuple(each.strip("{+}") for each in segments if each.startswith("{"))
        greedy = bool(segments) and segments[-1].endswith("+}")
        node = self._root
        for segment in segments[:-1] if greedy else segments:
            if not segment.startswith("{"):
                node = node.static.setdefault(segment, _Node())
            else:
                if node.variable is None:
                    node.variable = _Node()
                node = node.variable
        self._greedy = self._greedy or greedy
        (node.greedy if greedy else node.methods).setdefault(method, (found, names))


def _descend(
    node: _Node[T], segments: list[str], at: int, method: str, values: list[str], *, greedy: bool
) -> tuple[T, tuple[str, ...]] | None:
    if at == len(segments):
        return None if greedy else _answer(node.methods, method)
    segment = segments[at]
    static = node.static.get(segment)
    if static is not None:
        found = _descend(static, segments, at + 1, method, values, greedy=greedy)
        if found is not None:
            return found
    if segment and node.variable is not None:
        values.append(segment)
        found = _descend(node.variable, segments, at + 1, method, values, greedy=greedy)
        if found is not None:
            return found
        values.pop()
    if greedy:
        found = _answer(node.greedy, method)
        if found is not None:
            values.append("/".join(segments[at:]))
            return found
    return None


def _answer(
    methods: dict[str, tuple[T, tuple[str, ...]]], method: str
) -> tuple[T, tuple[str, ...]] | None:
    found = methods.get(method)
    return found if found is not None else methods.get("ANY")

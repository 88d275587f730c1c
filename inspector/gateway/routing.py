"""Which resource and method a path reaches.

A static segment beats a variable and a variable beats a greedy one, whatever the order of
declaration; the method counts in the match; matching backtracks (facts 25-30, recorded).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    """A place in the tree: what may follow, and what answers here, by method.

    What answers carries the names of its variables: routes that share a place may call them
    differently.
    """

    methods: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)
    static: dict[str, _Node[T]] = field(default_factory=dict)
    variable: _Node[T] | None = None
    greedy: _Node[T] | None = None


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What was found, with the path variables as they stood in the path, not decoded."""

    found: T
    path_parameters: dict[str, str]


def segments_of(path: str) -> list[str]:
    """The segments that matching sees: slashes at the end do not count (fact 30)."""
    bare = path.rstrip("/")
    return bare[1:].split("/") if bare else []


class RoutingTree(Generic[T]):
    """All methods of an API by path. Built once, then only read."""

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        """`routes`: (path template, upper-case method or `ANY`, what to find there)."""
        self._root: _Node[T] = _Node()
        for path, method, found in routes:
            segments = segments_of(path)
            names = tuple(each.strip("{+}") for each in segments if each.startswith("{"))
            self._place(segments).methods.setdefault(method, (found, names))

    def match(self, method: str, path: str) -> Match[T] | None:
        """The method that answers, or None: an unknown path and a missing method look alike."""
        values: list[str] = []
        answer = _descend(self._root, segments_of(path), 0, method, values)
        if answer is None:
            return None
        found, names = answer
        return Match(found, dict(zip(names, values, strict=True)))

    def _place(self, segments: list[str]) -> _Node[T]:
        node = self._root
        for segment in segments:
            if not segment.startswith("{"):
                node = node.static.setdefault(segment, _Node())
            elif segment.endswith("+}"):
                if node.greedy is None:
                    node.greedy = _Node()
                node = node.greedy
            else:
                if node.variable is None:
                    node.variable = _Node()
                node = node.variable
        return node


def _descend(
    node: _Node[T], segments: list[str], at: int, method: str, values: list[str]
) -> tuple[T, tuple[str, ...]] | None:
    if at == len(segments):
        return _answer(node, method)
    segment = segments[at]
    static = node.static.get(segment)
    if static is not None:
        found = _descend(static, segments, at + 1, method, values)
        if found is not None:
            return found
    if segment and node.variable is not None:
        values.append(segment)
        found = _descend(node.variable, segments, at + 1, method, values)
        if found is not None:
            return found
        values.pop()
    if node.greedy is not None:
        found = _answer(node.greedy, method)
        if found is not None:
            values.append("/".join(segments[at:]))
            return found
    return None


def _answer(node: _Node[T], method: str) -> tuple[T, tuple[str, ...]] | None:
    found = node.methods.get(method)
    return found if found is not None else node.methods.get("ANY")

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
    """A place in the tree: what may follow, and what answers here, by method."""

    methods: dict[str, T] = field(default_factory=dict)
    static: dict[str, _Node[T]] = field(default_factory=dict)
    variables: list[tuple[str, _Node[T]]] = field(default_factory=list)
    greedy: list[tuple[str, _Node[T]]] = field(default_factory=list)


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
            self._place(path).methods.setdefault(method, found)

    def match(self, method: str, path: str) -> Match[T] | None:
        """The method that answers, or None: an unknown path and a missing method look alike."""
        trail: list[tuple[str, str]] = []
        found = _descend(self._root, segments_of(path), 0, method, trail)
        return None if found is None else Match(found, dict(trail))

    def _place(self, path: str) -> _Node[T]:
        node = self._root
        for segment in segments_of(path):
            if not segment.startswith("{"):
                node = node.static.setdefault(segment, _Node())
            elif segment.endswith("+}"):
                node = _child(node.greedy, segment[1:-2])
            else:
                node = _child(node.variables, segment[1:-1])
        return node


def _child(children: list[tuple[str, _Node[T]]], name: str) -> _Node[T]:
    for known, child in children:
        if known == name:
            return child
    node: _Node[T] = _Node()
    children.append((name, node))
    return node


def _descend(
    node: _Node[T], segments: list[str], at: int, method: str, trail: list[tuple[str, str]]
) -> T | None:
    if at == len(segments):
        return _answer(node, method)
    segment = segments[at]
    static = node.static.get(segment)
    if static is not None:
        found = _descend(static, segments, at + 1, method, trail)
        if found is not None:
            return found
    if segment:
        for name, child in node.variables:
            trail.append((name, segment))
            found = _descend(child, segments, at + 1, method, trail)
            if found is not None:
                return found
            trail.pop()
    for name, child in node.greedy:
        found = _answer(child, method)
        if found is not None:
            trail.append((name, "/".join(segments[at:])))
            return found
    return None


def _answer(node: _Node[T], method: str) -> T | None:
    found = node.methods.get(method)
    return found if found is not None else node.methods.get("ANY")

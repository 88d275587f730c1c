"""What a pattern consists of, and the Python pattern that it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from inspector.gateway.java.regex_sets import Ranges, set_text


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Assertion:
    """Something that matches no characters, or only those a group has matched (`reference`)."""

    text: str
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them, the first that fits."""

    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group and how it begins: `(`, `(?:`, `(?=` and so on."""

    opening: str
    inner: Part


@dataclass(frozen=True, slots=True)
class Repeat:
    """`inner` some times; `most` None for any number; `manner` is empty, `?` or `+`."""

    inner: Part
    least: int
    most: int | None
    manner: str


Part: TypeAlias = Chars | Assertion | Sequence | Choice | Group | Repeat


def python_text(part: Part) -> str:
    """The same in Python's notation."""
    if isinstance(part, Chars):
        return set_text(part.ranges)
    if isinstance(part, Assertion):
        return part.text
    if isinstance(part, Sequence):
        return "".join(map(python_text, part.items))
    if isinstance(part, Choice):
        return "|".join(map(python_text, part.options))
    if isinstance(part, Group):
        return _group_text(part)
    text = python_text(part.inner)
    if not isinstance(part.inner, Chars | Group):
        text = f"(?:{text})"
    most = "" if part.most is None else part.most
    return f"{text}{{{part.least},{most}}}{part.manner}"


def _group_text(group: Group) -> str:
    """A look-behind at alternatives of different lengths, which in Python must be one each."""
    if group.opening not in ("(?<=", "(?<!") or not isinstance(group.inner, Choice):
        return f"{group.opening}{python_text(group.inner)})"
    each = [f"{group.opening}{python_text(option)})" for option in group.inner.options]
    return "".join(each) if group.opening == "(?<!" else "(?:" + "|".join(each) + ")"

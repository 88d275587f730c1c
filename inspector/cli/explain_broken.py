"""Why a definition cannot be served: its errors in the order in which they explain one another."""

from __future__ import annotations

import re

from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.places import Places
from inspector.gateway.explain.case import Odd
from inspector.gateway.explain.near import likeness
from inspector.gateway.explain.odd import worded

#: Warnings that may be the cause of an error further out.
_ODD = frozenset(
    ("unknown-extension", "unknown-property", "unknown-key", "unknown-value", "wrong-type")
)
_ALIKE = 0.5
#: Names that are referred to and not declared, in CloudFormation's sentences.
_MISSED = re.compile(
    r"dependencies \[(\w+)|undefined resource (\w+)|specified: (\w+)|Deployment id (\w+)"
)


def broken_order(loaded: Loaded) -> list[Diagnostic]:
    """What breaks a definition; first what is odd about it, such as a misspelt name."""
    errors = [each for each in loaded.diagnostics if each.level == "error"]
    warnings = [each for each in loaded.diagnostics if each.level == "warning"]
    if not errors:
        return warnings
    first = errors[0]
    tags = [each for each in warnings if each.code == "unknown-tag"]
    inside = [each for each in warnings if each.code in _ODD and _is_inside(each, first)]
    places = Places.of(loaded.bundle)
    odd = [
        Diagnostic("warning", "odd-name", worded(each), each.source,
                   f"Write {each.meant}." if each.meant else "")
        for each in places.odd()
        if each.source.file == first.source.file and _may_cause(each, first)
    ]  # fmt: skip
    return [*tags, *odd, *inside, *_renamed(places, first), *_named(places, first), *errors]


def _may_cause(odd: Odd, error: Diagnostic) -> bool:
    """Whether a misspelt name lies within what is complained of, or is a resource's own."""
    inside = f"{odd.source.pointer}/".startswith(f"{error.source.pointer}/")
    return inside or odd.source.pointer.count("/") == 3


def _renamed(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """A resource that nobody refers to, and whose name is nearly one that is missed."""
    missed = _MISSED.search(error.message)
    if missed is None:
        return []
    word = next(each for each in missed.groups() if each)
    free = {
        name: source for name, source in places.logical_ids() if not places.referred(name)
    }  # fmt: skip
    # Of two names that should be one, the slip is the one that stands nowhere else.
    slips = [
        name
        for name in free
        if likeness(word, name) >= _ALIKE and places.familiar(name) < places.familiar(word)
    ]
    if not slips:
        return []
    near = max(slips, key=lambda name: likeness(word, name) - 0.1 * places.familiar(name))
    message = f"{word} is missing; {near} is declared, and nobody refers to it"
    return [Diagnostic("warning", "renamed", message, free[near], f"Write {word}.")]


def _named(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The value that an error quotes, where it stands further in than the error itself."""
    words = re.findall(r"'([^']+)'|waits (\d+) ms", error.message)
    found = places.holding(error.source, {each for pair in words for each in pair if each})
    if found is None or found.line == error.source.line:
        return []
    return [Diagnostic("error", error.code, error.message, found, error.remedy)]


def _is_inside(one: Diagnostic, other: Diagnostic) -> bool:
    same = one.source.file == other.source.file
    return same and one.source.pointer.startswith(other.source.pointer)


def as_data(errors: list[Diagnostic]) -> dict[str, object]:
    """The same members as an explanation has (`gateway.explain.to_data`)."""
    sources = [
        {
            "file": each.source.file,
            "line": each.source.line,
            "column": each.source.column,
            "pointer": each.source.pointer,
        }
        for each in errors
    ]
    first = errors[0] if errors else None
    return {
        "sentence": "" if first is None else f"The definition is broken: {first.message}",
        "status": None,
        "outcome": "broken",
        "stage": "definition",
        "rule": None if first is None else f"definition.{first.code}",
        "response_type": None,
        "source": sources[0] if sources else None,
        "lines": sources,
        "request_part": None,
        "evidence": [],
        "remedy": None if first is None else first.remedy,
        "try": [],
        "checks": [],
        "notes": [],
    }

"""Why a definition cannot be served: its errors in the order in which they explain one another."""

from __future__ import annotations

import re

from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.places import Places
from inspector.definitions.template_lines import line_holding
from inspector.gateway.explain.case import Odd, document_of
from inspector.gateway.explain.near import likeness
from inspector.gateway.explain.odd import worded
from inspector.model import Source

#: Warnings that may be the cause of an error further out.
_ODD = frozenset(
    ("unknown-extension", "unknown-property", "unknown-key", "unknown-value", "wrong-type")
)
_ALIKE = 0.5
#: Code and word of a complaint about an integration, and the property that it is about.
_PROPERTIES = (("timeout", "waits", "timeoutInMillis"),)
#: Names that are referred to and not declared, in CloudFormation's sentences.
_MISSED = re.compile(
    r"dependencies \[(\w+)|undefined resource (\w+)|specified: (\w+)|Deployment id (\w+)"
)
_SIBLING = re.compile(r"A sibling \(\{([\w.:-]+)\+?\}\)")
_VARIABLE = re.compile(r"\{([\w.:-]+)\+?\}")
_MISSED_ANCHOR = re.compile(r"\*([\w-]+) has no anchor")
_ANCHOR = re.compile(r"[:\-] &([\w-]+)")
_TWINS = (
    (re.compile(r"Route with key (.+) already exists"), "AWS::ApiGatewayV2::Route", "RouteKey"),
    (re.compile(r"Function already exist: (.+)"), "AWS::Lambda::Function", "FunctionName"),
    (re.compile(r"API Key already exists: (.+)"), "AWS::ApiGateway::ApiKey", "Value"),
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
    slips = [each for each in places.odd() if each.source.file == first.source.file]
    # A section's own name decides how all that is in it is read.
    sections = [_odd(each) for each in slips if each.meant and _depth(each) == 1]
    odd = [_odd(each) for each in slips if _depth(each) > 1 and _may_cause(each, first)]
    return [
        *sections, *tags, *odd, *inside, *_renamed(places, first), *_named(places, first),
        *_property(places, first), *_siblings(places, first), *_anchors(places, first),
        *errors, *_twins(places, first),
    ]  # fmt: skip


def _odd(odd: Odd) -> Diagnostic:
    remedy = f"Write {odd.meant}." if odd.meant else ""
    return Diagnostic("warning", "odd-name", worded(odd), odd.source, remedy)


def _depth(odd: Odd) -> int:
    return odd.source.pointer.count("/")


def _may_cause(odd: Odd, error: Diagnostic) -> bool:
    """Whether a misspelt name lies within or beside what is complained of, or is a resource's own."""
    inside = f"{odd.source.pointer}/".startswith(f"{error.source.pointer}/")
    beside = odd.source.pointer.rpartition("/")[0] == error.source.pointer.rpartition("/")[0]
    return inside or beside or _depth(odd) == 3


def _siblings(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The path whose variable is spelt as no other is, where two paths may not differ in it."""
    other = _SIBLING.search(error.message)
    if other is None:
        return []
    own = set(_VARIABLE.findall(error.source.pointer)) - {other[1]}
    if not own or places.familiar(other[1]) >= min(map(places.familiar, own)):
        return []
    return [
        Diagnostic("error", error.code, error.message, source, error.remedy)
        for path, source in places.children(document_of(error.source), "paths")
        if f"{{{other[1]}" in path
    ]


def _anchors(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The anchor that nobody refers to, and whose name is nearly one that is missed."""
    missed = _MISSED_ANCHOR.search(error.message)
    text, top = places.files.get(error.source.file, ""), Source(error.source.file, 1, 1, "")
    if missed is None:
        return []
    found = []
    for name in _ANCHOR.findall(text):
        if f"*{name}" not in text and likeness(name, missed[1]) >= _ALIKE:
            place = line_holding(text, top, f"&{name}", len(text))
            message, remedy = f"nobody refers to &{name}", f"Write &{missed[1]}."
            found.append(Diagnostic("warning", "renamed", message, place, remedy))
    return found


def _twins(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The other of two that are called the same: either may be the one that is wrong."""
    found = []
    for pattern, kind, name in _TWINS:
        key = pattern.search(error.message)
        for _, source in places.resources(kind) if key is not None else ():
            place = places.at(source, name)
            same = key is not None and places.value(source, name) == key[1]
            if same and place is not None and place != error.source:
                found.append(Diagnostic("error", error.code, error.message, place, error.remedy))
    return found


def _renamed(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """A resource that nobody refers to, and whose name is nearly one that is missed."""
    missed = _MISSED.search(error.message)
    if missed is None:
        return []
    word = next(each for each in missed.groups() if each)
    free = {
        name: source for name, source in places.logical_ids() if not places.referred(name)
    }  # fmt: skip
    alike = [name for name in free if likeness(word, name) >= _ALIKE]
    if not alike:
        return []
    near = max(alike, key=lambda name: likeness(word, name) - 0.1 * places.familiar(name))
    # Of two names that should be one, the slip is the one that stands nowhere else.
    closest = max(alike, key=lambda name: likeness(word, name))
    if any(places.familiar(name) >= places.familiar(word) for name in (near, closest)):
        return []
    message = f"{word} is missing; {near} is declared, and nobody refers to it"
    return [Diagnostic("warning", "renamed", message, free[near], f"Write {word}.")]


def _named(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The value that an error quotes, where it stands further in than the error itself."""
    words = re.findall(r"'([^']+)'|waits (\d+) ms", error.message)
    found = places.holding(error.source, {each for pair in words for each in pair if each})
    if found is None or found.line == error.source.line:
        return []
    return [Diagnostic("error", error.code, error.message, found, error.remedy)]


def _property(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The property that an error is about which names its whole integration."""
    for code, word, key in _PROPERTIES:
        place = (
            places.at(error.source, key) if error.code == code and word in error.message else None
        )
        if place is not None and place != error.source:
            return [Diagnostic("error", error.code, error.message, place, error.remedy)]
    return []


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

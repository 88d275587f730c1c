"""Why a definition cannot be served: its errors in the order in which they explain one another."""

from __future__ import annotations

import re

from inspector.cli.broken_names import anchors, is_kin, misnamed, renamed
from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.places import Places
from inspector.gateway.explain.case import Odd, document_of
from inspector.gateway.explain.odd import worded
from inspector.model import Source

#: Warnings that may be the cause of an error further out.
_ODD = frozenset(
    ("unknown-extension", "unknown-property", "unknown-key", "unknown-value", "wrong-type")
)
#: Code and word of a complaint about an integration, and the property that it is about.
_PROPERTIES = (("timeout", "waits", "timeoutInMillis"),)
_LACKS = re.compile(
    r"\b(?:needs|lacks|required key|is (?:a )?required|must be specified|defining all of|cannot be empty)\b"
)
#: So many parameters that do not fit are no slips of their own.
_SEVERAL = 2
_V2_API = "AWS::ApiGatewayV2::Api"
_SIBLING = re.compile(r"A sibling \(\{([\w.:-]+)\+?\}\)")
_VARIABLE = re.compile(r"\{([\w.:-]+)\+?\}")
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
        *sections, *tags, *odd, *inside, *renamed(places, first), *_named(places, first),
        *_property(places, first), *_siblings(places, first), *anchors(places, first),
        *_lacking(places, first), *_of_subtype(places, errors), *_of_no_api(places, first),
        *misnamed(places, first), *_twins(places, first, likely=True), *errors,
        *_twins(places, first, likely=False),
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
    inside = document_of(error.source)
    torn = [
        Diagnostic("error", error.code, f"the braces of {path} do not close", source)
        for path, source in places.children(inside, "paths")
        if path.count("{") != path.count("}")
    ]
    other = _SIBLING.search(error.message)
    if other is None or torn:
        return torn if error.code == "resource-tree" else []
    own = set(_VARIABLE.findall(error.source.pointer)) - {other[1]}
    if not own or places.familiar(other[1]) >= min(map(places.familiar, own)):
        return []
    return [
        Diagnostic("error", error.code, error.message, source, error.remedy)
        for path, source in places.children(inside, "paths")
        if f"{{{other[1]}" in path
    ]


def _twins(places: Places, error: Diagnostic, *, likely: bool) -> list[Diagnostic]:
    """The other of two that are called the same: either may be the one that is wrong.

    It is likely the one where its own logical id says otherwise, and the first one's does not.
    """
    found: list[Diagnostic] = []
    for pattern, kind, name in _TWINS:
        key = pattern.search(error.message)
        for logical_id, source in places.resources(kind) if key is not None else ():
            place = places.at(source, name)
            same = key is not None and places.value(source, name) == key[1]
            if key is None or not same or place is None or place == error.source:
                continue
            other = error.source.pointer.split("/")[2]
            if likely == (is_kin(other, key[1]) and not is_kin(logical_id, key[1])):
                found.append(Diagnostic("error", error.code, error.message, place, error.remedy))
    return found


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


def _lacking(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """What holds the properties, where one of them is not there."""
    if not _LACKS.search(error.message):
        return []
    key = "requestParameters" if error.code == "service-parameter" else "Properties"
    place = places.key(error.source, key)
    if place is None or place == error.source:
        return []
    return [Diagnostic("error", error.code, error.message, place, error.remedy)]


def _of_subtype(places: Places, errors: list[Diagnostic]) -> list[Diagnostic]:
    """The action of an integration, where several of its parameters are another action's."""
    first = errors[0]
    inside = first.source.pointer.partition("/Properties/")[0]
    same = [each for each in errors if each.source.pointer.startswith(f"{inside}/")]
    foreign = sum("does not fit schema" in each.message for each in same)
    if foreign < _SEVERAL:
        return []
    place = places.at(Source(first.source.file, 1, 1, inside), "integrationSubtype")
    return [] if place is None else [Diagnostic("error", first.code, first.message, place)]


def _of_no_api(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """An API of a kind that is not read."""
    if error.code != "no-api":
        return []
    lines = [places.at(source, "ProtocolType") for _, source in places.resources(_V2_API)]
    return [
        Diagnostic("error", error.code, error.message, each, "Write ProtocolType: HTTP.")
        for each in lines
        if each is not None
    ]


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

"""Which of two names that should be one is the slip, where a definition refers to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.definitions import Diagnostic
from inspector.definitions.places import Places
from inspector.definitions.references import wanted
from inspector.definitions.template_lines import line_holding
from inspector.gateway.explain.near import likeness
from inspector.model import Source

_ALIKE = 0.5
#: A name so near another one is a slip of it, whatever is free beside.
_SURELY = 0.8
#: Names that are referred to and not declared, in CloudFormation's sentences.
_MISSED = re.compile(
    r"dependencies \[(\w+)|undefined resource (\w+)|identifier specified: (\w+)|Deployment id (\w+)"
)
#: What is looked for by what it declares itself, and the property in which it does.
_NOT_FOUND = (
    (
        re.compile(r"Unable to find Route by key (.+) within"),
        "AWS::ApiGatewayV2::Route",
        "RouteKey",
    ),
    (re.compile(r"names no model of this API: (.+)"), "AWS::ApiGatewayV2::Model", "Name"),
    (re.compile(r"restricted to the (\$connect) route"), "AWS::ApiGatewayV2::Route", "RouteKey"),
)
_NO_LETTER = re.compile(r"[^A-Za-z0-9]")
_SHORTEST = 3
_MISSED_ANCHOR = re.compile(r"\*([\w-]+) has no anchor")
_ANCHOR = re.compile(r"[:\-] &([\w-]+)")
_ALIAS = re.compile(r"[:\-,\[] ?\*([\w-]+)")


def renamed(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """A resource that nobody refers to, of the kind that is missed, where its name is the slip."""
    missed = _MISSED.search(error.message)
    if missed is None:
        return []
    word = next(each for each in missed.groups() if each)
    uses = [each for each in places.references() if each.target == word]
    places_of = (error.source, *(each.source for each in uses))
    kinds = next(filter(None, (wanted(each.pointer) for each in places_of)), ())
    free = _free(places, kinds)
    near = max(free, key=lambda name: likeness(word, name), default=None)
    if near is None or not _is_slip(places, word, near, len(uses), kinds):
        return []
    message = f"{word} is missing; {near} is declared, and nobody refers to it"
    return [Diagnostic("warning", "renamed", message, free[near], f"Write {word}.")]


def _free(places: Places, kinds: tuple[str, ...]) -> dict[str, Source]:
    """Resources that could be meant and that nobody refers to."""
    found = _of_kinds(places, kinds)
    return {name: source for name, source in found.items() if not places.referred(name)}


def _of_kinds(places: Places, kinds: tuple[str, ...]) -> dict[str, Source]:
    """Resources of these types; of no type in particular: all."""
    found = [pair for kind in kinds for pair in places.resources(kind)]
    return dict(found if kinds else places.logical_ids())


def _is_slip(places: Places, word: str, near: str, uses: int, kinds: tuple[str, ...] = ()) -> bool:
    """Whether the declaration is wrong, not the reference to it."""
    if uses > 1:
        return True  # what is used twice is what was meant
    alike = likeness(word, near)
    others = set(_of_kinds(places, kinds)) - {near}
    if alike < _ALIKE or any(likeness(word, each) >= max(_SURELY, alike) for each in others):
        return False
    # Of two names that should be one, the slip is the one that stands nowhere else.
    return places.rarest(near) < places.rarest(word)


def misnamed(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The resource that is called as the missing one, where its own property is the slip."""
    for pattern, kind, name in _NOT_FOUND:
        missed = pattern.search(error.message)
        for logical_id, source in places.resources(kind) if missed is not None else ():
            place = places.at(source, name)
            if missed is None or place is None or places.value(source, name) == missed[1]:
                continue
            if is_kin(logical_id, missed[1]):
                message = f"{error.message}; {logical_id} has another {name}"
                remedy = f"Write {missed[1]}, if it is meant."
                return [Diagnostic("error", error.code, message, place, remedy)]
    return []


def is_kin(logical_id: str, name: str) -> bool:
    """Whether a resource is called as what it declares: `Busy` and `GET /busy`."""
    short, long = (_NO_LETTER.sub("", each).lower() for each in (logical_id, name))
    return len(short) >= _SHORTEST and (long.endswith(short) or short.endswith(long))


def anchors(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The anchor that nobody refers to, where the missing one is nearly it or is used often."""
    missed = _MISSED_ANCHOR.search(error.message)
    text, top = places.files.get(error.source.file, ""), Source(error.source.file, 1, 1, "")
    if missed is None:
        return []
    used = _ALIAS.findall(text)
    free = [name for name in _ANCHOR.findall(text) if name not in used]
    uses = used.count(missed[1])
    if uses == 1:
        free = [name for name in free if _is_slip(places, missed[1], name, uses)]
    return list(_anchors(text, top, missed[1], free, often=len(free) == 1 and uses > 1))


def _anchors(
    text: str, top: Source, missed: str, free: list[str], *, often: bool
) -> Iterator[Diagnostic]:
    for name in free:
        if often or likeness(name, missed) >= _ALIKE:
            place = line_holding(text, top, f"&{name}", len(text))
            message, remedy = f"nobody refers to &{name}", f"Write &{missed}."
            yield Diagnostic("warning", "renamed", message, place, remedy)

"""Which line of a policy decided, statement by statement (pains 17, 32, 33)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Check
from inspector.gateway.explain.near import likeness
from inspector.gateway.policy.matching import resource_like
from inspector.gateway.trace import Fact
from inspector.model import Source

_PARTS = {
    "principal": ("Principal", "NotPrincipal"),
    "action": ("Action", "NotAction"),
    "resource": ("Resource", "NotResource"),
}
#: The nearer to the end of this order a statement failed, the nearer it was.
_ORDER = ("principal", "action", "resource", "condition")
_WIDE = {"*", "execute-api:/*", "execute-api:/*/*", "execute-api:/*/*/*"}

Judged = dict[str, Any]


def judged(facts: Mapping[str, Fact], name: str = "statements") -> list[Judged]:
    """The statements with their verdicts, as the trace holds them."""
    listed = facts.get(name)
    return [json.loads(each) for each in listed] if isinstance(listed, list) else []


def checks(statements: list[Judged], stage: str) -> list[Check]:
    """One row for each statement."""
    return [_check(each, stage) for each in statements]


def _check(each: Judged, stage: str) -> Check:
    name = f"statement {each['index']}" + (f" {each['sid']}" if each.get("sid") else "")
    text = f"{each['effect']} " + ("fits" if each["fits"] else f"does not fit: {each['part']}")
    if each.get("condition"):
        text += f" {each['condition']}"
    expected = ", ".join(each["expected"]) if each.get("expected") else None
    actual = ", ".join(each["actual"]) if each.get("actual") else None
    if expected and not each.get("condition"):
        # What the call has in its place stands above all statements.
        text, expected = f"{text}, which is {'not ' * bool(each.get('excluded'))}{expected}", None
    bad = each["fits"] == (each["effect"] == "Deny")
    return Check(stage, name, "failed" if bad else "passed", text, expected, actual)


def lines(
    case: Case, policy: Source | None, statements: list[Judged], facts: Mapping[str, Fact]
) -> list[Source]:
    """The deciding line of the API's own policy first, then the rest of its statement."""
    if policy is None:
        return []
    found: list[Source] = []
    arn = str(facts.get("resource") or "")
    for each in _deciding(statements, facts.get("deciding")):
        at = ("Statement", int(each["index"]))
        parts = _allow(each) if not each["fits"] else list(_deny(case, policy, each))
        for keys in parts:
            found += _items(case, policy, (*at, *keys), arn)
            place = case.places.at(policy, *at, *keys)
            found += [] if place is None else [place]
        found += _operators(case, policy, at, each)
        whole = case.places.at(policy, *at)
        found += [] if whole is None else [whole]
    return [*dict.fromkeys([*found, policy])]


def _operators(case: Case, policy: Source, at: tuple[str | int, ...], each: Judged) -> list[Source]:
    """Of a Deny that fits, also its conditions' operators and what it is about."""
    if each["effect"] != "Deny":
        return []
    keys = [key for _, key in case.places.children(policy, *at, "Condition")]
    about = [case.places.at(policy, *at, name) for name in ("Resource", "NotResource")]
    return [*keys, *(place for place in about if place is not None)]


def _items(case: Case, policy: Source, keys: tuple[str | int, ...], arn: str) -> list[Source]:
    """Of a list of resources the one that covers the call, else the one that nearly does."""
    values = case.places.value(policy, *keys)
    if keys[-1] not in ("Resource", "NotResource") or not isinstance(values, list):
        return []
    places = [place for _, place in case.places.children(policy, *keys)]
    pairs = [(str(value), place) for value, place in zip(values, places, strict=True)]
    covering = [place for value, place in pairs if resource_like(value, arn)]
    if covering or keys[-1] == "NotResource":
        return covering
    tail = arn.rpartition(":")[2].partition("/")[2]
    pairs.sort(key=lambda pair: -likeness(pair[0].rpartition(":")[2], tail))
    return [place for _, place in pairs[:1]]


def _deciding(statements: list[Judged], deciding: Fact) -> list[Judged]:
    """The statement that decided; without one, the Allows that nearly fitted, nearest first."""
    for each in statements:
        if each["index"] == deciding:
            return [each]
    allows = [each for each in statements if each["effect"] == "Allow" and not each["fits"]]
    return sorted(allows, key=lambda each: -_ORDER.index(each["part"] or "principal"))


def _allow(each: Judged) -> list[tuple[str | int, ...]]:
    """The part of an Allow that does not fit."""
    if each.get("condition"):
        operator, _, key = str(each["condition"]).partition(" ")
        return [("Condition", operator, key), ("Condition", operator), ("Condition",)]
    return [(name,) for name in _PARTS.get(str(each["part"]), ())]


def _deny(case: Case, root: Source, each: Judged) -> Iterator[tuple[str | int, ...]]:
    """Of a Deny that fits, the part that singles this call out; else its effect."""
    at = ("Statement", int(each["index"]))
    written = case.places.value(root, *at)
    members = written if isinstance(written, dict) else {}
    conditions = [
        ("Condition", operator, key)
        for operator, keys in (members.get("Condition") or {}).items()
        for key in (keys if isinstance(keys, dict) else ())
    ]
    narrow: list[tuple[str | int, ...]] = [
        (name,)
        for name in ("Resource", "Principal", "NotPrincipal")
        if name in members and not _wide(members[name])
    ]
    if _is_wider_than_named(case, members):
        yield ("Resource",)
    if _named_for(members) or "Sid" not in members:
        yield from conditions
        yield from narrow
    else:
        yield from narrow
        yield from conditions
    yield ("Effect",)


def _is_wider_than_named(case: Case, members: Mapping[str, Any]) -> bool:
    """Whether a statement is about everything, and its Sid speaks of what this call is not about."""
    words = re.findall(r"[A-Z]?[a-z]{4,}", str(members.get("Sid") or ""))
    strange = [word for word in words if word.lower() not in case.path.lower()]
    return bool(words) and strange == words and _wide(members.get("Resource"))


def _named_for(members: Mapping[str, Any]) -> bool:
    """Whether a statement's Sid speaks of its resource: then that is what it is meant for."""
    words = re.findall(r"[A-Z]?[a-z]{3,}", str(members.get("Sid") or ""))
    resource = str(members.get("Resource") or "").lower()
    return any(word.lower() in resource for word in words)


def _wide(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(map(_is_wide, (each for each in values if each is not None)))


def _is_wide(value: object) -> bool:
    return value in _WIDE if isinstance(value, str) else value == {"AWS": "*"}

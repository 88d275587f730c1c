"""Which line of a policy decided, statement by statement (pains 17, 32, 33)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Check
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
    bad = each["fits"] == (each["effect"] == "Deny")
    return Check(stage, name, "failed" if bad else "passed", text, expected, actual)


def lines(
    case: Case, policy: Source | None, statements: list[Judged], deciding: Fact
) -> list[Source]:
    """The deciding line of the API's own policy first, then the rest of its statement."""
    if policy is None:
        return []
    root = policy
    found: list[Source] = []
    chosen = _deciding(statements, deciding)
    for each in chosen:
        at = ("Statement", int(each["index"]))
        parts = _allow(each) if not each["fits"] else list(_deny(case, root, each))
        for keys in parts:
            found += [place for place in (case.places.at(root, *at, *keys),) if place is not None]
        whole = case.places.at(root, *at)
        found += [whole] if whole is not None else []
    return [*dict.fromkeys([*found, policy])]


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
    for operator, keys in (members.get("Condition") or {}).items():
        for key in keys if isinstance(keys, dict) else ():
            yield ("Condition", operator, key)
    for name in ("Resource", "Principal", "NotPrincipal"):
        if name in members and not _wide(members[name]):
            yield (name,)
    yield ("Effect",)


def _wide(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(each in _WIDE or each == {"AWS": "*"} for each in values if each is not None)

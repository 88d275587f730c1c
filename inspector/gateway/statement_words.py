"""The words for a policy's statements, as the trace holds them: one row for each, verdict first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.trace import Fact

#: The facts that hold statements → what a row of theirs is called.
OF_FACTS: Mapping[str, str] = {
    "statements": "statement",
    "resource_policy": "resource policy, statement",
}


def rows(name: str, fact: Fact) -> Iterator[tuple[str, str, bool | None]]:
    """Label, text, and whether the statement speaks for the caller (None where it is silent)."""
    for text in fact if isinstance(fact, list) else ():
        try:
            each: dict[str, Any] = json.loads(text)
            policy = f" of policy {each['policy']}" if each.get("policy") else ""
            row = _told(each), each["effect"] == "Allow" if each["fits"] else None
            yield f"{OF_FACTS[name]} {each['index']}{policy}", *row
        except (KeyError, TypeError, ValueError):
            # Another release may have recorded them otherwise.
            yield OF_FACTS[name], text, None


def _told(each: Mapping[str, Any]) -> str:
    sid = f" {each['sid']}" if each.get("sid") else ""
    line = f" (line {each['line']})" if each.get("line") else ""
    if each["fits"]:
        return f"{each['effect']}{sid} covers this call{line}"
    return f"{each['effect']}{sid} does not cover it{line}: {_misfit(each)}"


def _misfit(each: Mapping[str, Any]) -> str:
    expected = " or ".join(map(str, each.get("expected") or ()))
    if each["part"] == "condition":
        actual = each.get("actual")
        here = "absent" if actual is None else " ".join(map(str, actual))
        return f"{each['condition']} {expected}, here {here}"
    negation = "not " if each.get("excluded") else ""
    return f"its {each['part']} is {negation}{expected}" if expected else f"its {each['part']}"

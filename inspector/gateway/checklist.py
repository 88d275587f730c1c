"""A list of checks in the order they are made, as one fact of a step.

Each check is a JSON object in a list of texts, so that it goes through a trace like any fact. A
check behind the first that failed was never reached by Amazon; it is judged all the same, so
that the next fault is seen before the next request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import orjson

from inspector.gateway.trace import Fact

#: `also`: never reached, and would fail too; `unreached`: never reached, and would pass or unknown.
Verdict = Literal["ok", "failed", "also", "unreached"]
Shown = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was wanted, what was there, and in words where that is not plain."""

    name: str
    verdict: Verdict
    expected: Shown = None
    actual: Shown = None
    note: str = ""


def to_fact(checks: Iterable[Check]) -> list[str]:
    """The checks as one fact."""
    return [
        _write([each.name, each.verdict, each.expected, each.actual, each.note]) for each in checks
    ]


def from_fact(fact: Fact) -> list[Check]:
    """What `to_fact` wrote; nothing for any other fact."""
    return [Check(*json.loads(each)) for each in fact] if isinstance(fact, list) else []


def _write(row: list[object]) -> str:
    try:
        return orjson.dumps(row).decode()
    except TypeError:  # a number of more than 64 bits, or half a surrogate pair
        return json.dumps(row)

"""The story of one request, told by the chain itself.

Each stage leaves one `Step`: what was decided, on what evidence, and which line of which
definition file decided it. A step holds a `code` and plain `facts`; wording is made by readers
(`gateway.narration`), so that the hot path formats nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inspector.model import Source

Outcome = Literal["ok", "refused", "failed", "passed"]
Fact = str | int | float | bool | None | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage found.

    `stage` such as `route`; `outcome`: `ok`, `refused` (the gateway said no), `failed` (something
    broke) or `passed` (nothing to do here); `code` names the finding (`route.matched`); `facts`
    are its evidence, JSON values only; `source` the deciding line of the definition.
    """

    stage: str
    outcome: Outcome
    code: str
    facts: Mapping[str, Fact]
    source: Source | None = None


Trace = tuple[Step, ...]


def to_data(trace: Trace) -> list[list[object]]:
    """The trace as JSON values, the form it is recorded in."""
    return [
        [
            step.stage,
            step.outcome,
            step.code,
            dict(step.facts),
            None
            if step.source is None
            else [step.source.file, step.source.line, step.source.column, step.source.pointer],
        ]
        for step in trace
    ]


def from_data(data: list[list[object]]) -> Trace:
    """The trace that `to_data` wrote."""
    return tuple(
        Step(stage, outcome, code, facts, None if place is None else Source(*place))  # type: ignore[arg-type,misc]
        for stage, outcome, code, facts, place in data
    )

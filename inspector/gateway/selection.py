"""Which integration response an answer selects.

Sources: facts 153-160. HTTP and service answers are matched by their status as text, functions
by their errorMessage; the entry without a pattern is the default. Among several patterns the
order of statuses decides (157: 405 before 502; the recording does not tell why).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern
from inspector.gateway.parameters import CompiledMapping, compile_mappings
from inspector.model import IntegrationResponse


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """An integration response made ready. `pattern` is None for the default entry."""

    declared: IntegrationResponse
    status: int
    pattern: re.Pattern[str] | None
    mappings: tuple[CompiledMapping, ...]


def compile_responses(responses: Iterable[IntegrationResponse]) -> tuple[ResponsePlan, ...]:
    """In the order in which they are tried: by status, the default last."""
    plans = [_plan(response) for response in responses]
    return tuple(sorted(plans, key=lambda plan: (plan.pattern is None, plan.status)))


def select(plans: tuple[ResponsePlan, ...], text: str) -> ResponsePlan | None:
    """The first whose pattern matches the whole text, else the default, else None."""
    for plan in plans:
        if plan.pattern is None or plan.pattern.fullmatch(text):
            return plan
    return None


def _plan(response: IntegrationResponse) -> ResponsePlan:
    pattern = response.selection_pattern
    return ResponsePlan(
        declared=response,
        status=int(response.status) if response.status.isdigit() else 200,
        pattern=None if not pattern else _compile(pattern),
        mappings=compile_mappings(response.parameters, "method.response."),
    )


def _compile(pattern: str) -> re.Pattern[str]:
    try:
        return JavaPattern(pattern).compiled
    except JavaError:
        # The definition reader reports a pattern that does not compile; here it matches nothing.
        return re.compile(r"(?!)")

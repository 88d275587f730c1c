"""Every check that a request goes through, in Amazon's order: passed, failed, never reached."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.access import authorizer_checks
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Check, State
from inspector.gateway.explain.metering import chain
from inspector.gateway.explain.unreached import ORDER, unreached
from inspector.gateway.stage_names import HTTP_TITLES, SOCKET_TITLES, TITLES
from inspector.gateway.trace import Step
from inspector.model import HttpApi

#: What went well and is hardly what was meant.
_NOTED = frozenset(("send.socket-dropped", "authorize.unverified"))


def checklist(case: Case, details: list[Check]) -> tuple[Check, ...]:
    """One row for each stage; `details` are the rows of the one that stopped the request."""
    titles = HTTP_TITLES if isinstance(case.api, HttpApi) else TITLES
    if case.is_of_socket:
        titles = SOCKET_TITLES
    reached = {
        step.stage: step
        for step in case.answer.trace
        if step.stage != "send" or case.environment.socket is not None
    }
    stopped = case.step
    missed = set() if stopped is None else {*unreached(case, stopped.stage)}
    found: list[Check] = []
    for stage in (*ORDER, *(each for each in reached if each not in ORDER)):
        step, name = reached.get(stage), titles.get(stage, stage)
        if step is not None:
            found.append(_row(step, name))
            if step is stopped or (stopped is None and details and details[0].stage == stage):
                found += details
            else:
                found += _inside(case, step)
        elif stage in missed:
            found.append(Check(stage, name, "unreached", "never reached", inner=False))
    return tuple(found)


def _row(step: Step, name: str) -> Check:
    states: dict[str, State] = {"ok": "passed", "passed": "passed"}
    state = states.get(step.outcome, "failed")
    if step.code in _NOTED:
        state = "noted"
    words = narration.describe(step)
    return Check(step.stage, name, state, words, source=step.source, inner=False)


def _inside(case: Case, step: Step) -> Iterator[Check]:
    if step.code == "authorize.allowed":
        yield from authorizer_checks(case, step)
    elif step.code == "meter.passed" and step.facts.get("key"):
        yield from chain(case, step)

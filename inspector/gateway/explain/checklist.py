"""Every check that a request goes through, in Amazon's order: passed, failed, never reached."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.access import authorizer_checks
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Check, State
from inspector.gateway.explain.metering import chain
from inspector.gateway.request_checks import NO_CHECKS
from inspector.gateway.stage_names import TITLES, title
from inspector.gateway.trace import Step
from inspector.model import Mock

#: The stages of a request, as Amazon applies them (access-control facts, section 1).
ORDER = (
    "mutual-tls", "resolve", "route", "admit", "authorize", "meter", "validate", "map-request", "integrate",
    "map-response", "stream",
)  # fmt: skip


def checklist(case: Case, details: list[Check]) -> tuple[Check, ...]:
    """One row for each stage; `details` are the rows of the one that stopped the request."""
    reached = {step.stage: step for step in case.answer.trace if step.stage != "send"}
    stopped = case.step
    found: list[Check] = []
    for stage in (*ORDER, *(each for each in reached if each not in ORDER)):
        step = reached.get(stage)
        if step is not None:
            found.append(_row(step))
            if step is stopped or (stopped is None and details and details[0].stage == stage):
                found += details
            else:
                found += _inside(case, step)
        elif stopped is not None and _applies(case, stage) and _after(stage, stopped.stage):
            found.append(Check(stage, TITLES.get(stage, stage), "unreached", "never reached"))
    return tuple(found)


def _row(step: Step) -> Check:
    states: dict[str, State] = {"ok": "passed", "passed": "passed"}
    state = states.get(step.outcome, "failed")
    words = narration.describe(step)
    return Check(step.stage, title(step), state, words, source=step.source)


def _inside(case: Case, step: Step) -> Iterator[Check]:
    if step.code == "authorize.allowed":
        yield from authorizer_checks(case, step)
    elif step.code == "meter.passed" and step.facts.get("key"):
        yield from chain(case, step)


def _after(stage: str, stopped: str) -> bool:
    if stage not in ORDER:
        return False
    return stopped not in ORDER or ORDER.index(stage) > ORDER.index(stopped)


def _applies(case: Case, stage: str) -> bool:
    """Whether a stage has anything to do for this request; all do while no method is known."""
    routed = case.routed
    if stage in ("stream", "mutual-tls"):
        return False
    if routed is None:
        return True
    method, api = routed.plan.method, routed.resolved.deployment.api
    if stage == "admit":
        return api.policy is not None
    if stage == "authorize":
        return method.authorization_type != "NONE"
    if stage == "meter":
        return method.api_key_required or routed.resolved.deployment.throttled
    if stage == "validate":
        return routed.plan.checks is not NO_CHECKS
    if stage == "integrate":
        return not isinstance(routed.plan.integration, Mock)
    return True

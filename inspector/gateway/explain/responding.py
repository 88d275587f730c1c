"""The integration's answer became another: which response was chosen, and why (pain 53)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Check, State
from inspector.gateway.explain.integrating import (
    advice,
    backend_error,
    strange_call,
    suspects,
)
from inspector.gateway.explain.near import likeness, one_digit_off
from inspector.gateway.explain.preparing import binary_types, uri_lines
from inspector.gateway.explain.statuses import misnumbered
from inspector.gateway.explain.template_runs import override_lines, response_run
from inspector.gateway.explain.templates import failed_at, line_with
from inspector.gateway.narration import Evidence
from inspector.gateway.selection import ResponsePlan
from inspector.gateway.trace import Step
from inspector.model import AwsService, Http, IntegrationResponse, Lambda, Mock, Source


def _told(step: Step) -> Cause:
    return Cause(narration.describe(step), narration.remedy(step))


def template(case: Case, step: Step) -> Cause:
    """A response template that broke."""
    cause = _told(step)
    cause.remedy = cause.remedy or "Mend that line of the template."
    assert step.source is not None
    for name in ("template", "error", "template_line", "template_column"):
        if step.facts.get(name) is not None:
            cause.evidence.append(Evidence(name.replace("_", " "), str(step.facts[name])))
    return cause.line(*failed_at(case, step.source, step.facts), step.source)


def no_match(case: Case, step: Step) -> Cause:
    """Nothing fits, and there is no default."""
    cause = _told(step)
    text = str(step.facts.get("status"))
    cause.checks = list(_verdicts(case, text))
    cause.evidence += [Evidence("matched text", _visible(text), ok=False)]
    integration = case.integration
    if isinstance(integration, Http | Lambda | AwsService) and not _plans(case):
        kind = "AWS_PROXY" if isinstance(integration, Lambda) else "HTTP_PROXY"
        cause.sentence += f" It has no integration response at all, as only {kind} may."
        cause.line(case.of_integration("type"))
    cause.line(*_from_mock(case), *_near_patterns(case, text))
    cause.line(case.of_integration("responses"), step.source)
    return cause


def selected(case: Case, step: Step) -> Cause:
    """An answer with an error status: the backend's own, or made by the chosen response."""
    facts = step.facts
    text, status = str(facts.get("matched")), int(str(facts.get("status")))
    plan = _chosen(case, step)
    backend = case.step_of("integrate")
    own, failed = 0 if case.answered is None else case.answered.status, _failed(case)
    if case.answer.response.status != status and not failed:
        return _overridden(case, _told(step))
    read_well = strange_call(case) or not _misread(case, plan, text, own)
    if failed and backend is not None and read_well:
        cause = _of_the_backend(case, backend, plan, text)
    else:
        cause = _of_the_choice(case, step, plan, text)
    cause.checks = list(_verdicts(case, text))
    if plan is not None:
        _of_the_plan(case, cause, plan)
    return cause.line(*uri_lines(case))


def _failed(case: Case) -> bool:
    """Whether the integration's own answer is an error."""
    answered = case.answered
    return answered is not None and (
        answered.status >= 400 or answered.function_error is not None
    )  # fmt: skip


def _of_the_backend(case: Case, backend: Step, plan: ResponsePlan | None, text: str) -> Cause:
    """The backend's error, which the chosen response only carried."""
    cause = backend_error(case, backend)
    if plan is None:
        return cause
    cause.add(f"Integration response {plan.status} then answered the client.")
    if plan.pattern is None and _is_guess(case, cause):
        cause.first(*_one_digit_off(case, text))
    if plan.status < 400:
        cause.add("No pattern matches it, so the client takes it for a success.")
        answered = case.answered
        if answered is not None and answered.status < 500 and not strange_call(case):
            cause.first(*_of_errors(case))
        cause.line(*_near_patterns(case, text))
    return cause


def _of_the_choice(case: Case, step: Step, plan: ResponsePlan | None, text: str) -> Cause:
    """The response that was chosen made the error, or hid one."""
    cause, answered = _told(step), case.answered
    if isinstance(case.integration, Mock) and answered is not None and answered.status >= 400:
        cause.sentence = f"The MOCK's own template chose {answered.status}. {cause.sentence}"
        cause.line(*_mock_status_lines(case))
    if plan is not None and plan.pattern is None:
        cause.line(*_near_patterns(case, text))
        if _failed(case) and plan.status < 400:
            cause.add("No pattern matches the error, so the client takes it for a success.")
    return cause


def _of_the_plan(case: Case, cause: Cause, plan: ResponsePlan) -> None:
    """The chosen response's own lines, and where it is at odds with the method's."""
    at, source = case.places.at, plan.declared.source
    own = 0 if case.answered is None else case.answered.status
    lines = [at(source, "statusCode"), at(source, "SelectionPattern"), source]
    if _undeclared(case, plan.declared) and not _failed(case):
        cause.add(f"The method declares no response {plan.declared.status}.")
        cause.first(*lines)
    cause.line(*lines)
    if plan.pattern is not None and not _failed(case) and _is_wide(plan, own):
        cause.add("Its pattern matches successes and errors alike.")
        cause.remedy = "Narrow the pattern to the errors: [45]\\d{2}."
        cause.first(*_pattern_lines(case, plan))
    if not _is_as_answered(case, plan, own):
        cause.first(*misnumbered(case))


def _is_as_answered(case: Case, plan: ResponsePlan, own: int) -> bool:
    """Whether the status is right for what the backend answered, so that the call is to blame."""
    declared = case.method is None or plan.declared.status in case.method.responses
    return declared and plan.declared.status == str(own) and not strange_call(case)


def _is_wide(plan: ResponsePlan, own: int) -> bool:
    """Whether a pattern takes the backend's success, and errors as well."""
    assert plan.pattern is not None
    return own < 400 <= plan.status and any(
        plan.pattern.fullmatch(str(status)) for status in (400, 404, 500, 503)
    )


def _of_errors(case: Case) -> list[Source]:
    """The patterns that were meant for errors."""
    plans = [each for each in _plans(case) if each.pattern is not None and each.status >= 400]
    return [place for each in plans for place in _pattern_lines(case, each)]


def _overridden(case: Case, cause: Cause) -> Cause:
    """The status that a response template set by itself."""
    ran = response_run(case)
    status = case.answer.response.status
    cause.sentence = f"The response template set the status {status} (responseOverride)."
    cause.remedy = (
        "Where that is not meant, look at the condition that led there, and at what it looks at."
    )
    cause.line(*(override_lines(case, ran) if ran is not None else ()))
    integration = case.integration
    templates = () if integration is None else integration.request_templates.values()
    return cause.line(*(each.source for each in templates), *uri_lines(case))


def _is_guess(case: Case, cause: Cause) -> bool:
    """Whether nothing better than the call as a whole is blamed."""
    integration = case.integration
    templates = () if integration is None else integration.request_templates.values()
    whole = {*(each.source for each in templates), *uri_lines(case)}
    return not cause.lines or cause.lines[0] in whole


def _one_digit_off(case: Case, text: str) -> list[Source]:
    """Patterns for one status only that differs from the one that came in a single digit."""
    return [
        place
        for plan in _plans(case)
        if one_digit_off(plan.declared.selection_pattern or "", text)
        for place in _pattern_lines(case, plan)
    ]


def _misread(case: Case, plan: ResponsePlan | None, text: str, own: int) -> bool:
    """Whether the backend's error fell to the default though a pattern was meant for it."""
    if plan is None:
        return True
    if plan.pattern is not None:
        return plan.status < 400
    if plan.status < 400 and isinstance(case.integration, Lambda):
        return True
    return any(
        each.declared.status == str(own) for each in _plans(case) if each.pattern is not None
    ) or _nearly(case, text) is not None  # fmt: skip


def _undeclared(case: Case, declared: IntegrationResponse) -> bool:
    method = case.method
    return method is not None and bool(method.responses) and declared.status not in method.responses


def _plans(case: Case) -> tuple[ResponsePlan, ...]:
    return () if case.routed is None else case.routed.plan.responses


def _chosen(case: Case, step: Step) -> ResponsePlan | None:
    for plan in _plans(case):
        if plan.declared.source == step.source:
            return plan
    return None


def _verdicts(case: Case, text: str) -> Iterator[Check]:
    """Each pattern with its verdict, the newline in the matched text made visible."""
    chosen = False
    for plan in _plans(case):
        name = plan.declared.selection_pattern or "default"
        fits = plan.pattern is None or plan.pattern.fullmatch(text) is not None
        state: State = "passed" if fits and not chosen else "noted"
        text_of = "chosen" if fits and not chosen else "" if fits else _why_not(plan, text)
        yield Check(
            "map-response", f"pattern {name}", state, text_of, name, _visible(text),
            plan.declared.source,
        )  # fmt: skip
        chosen = chosen or fits


def _why_not(plan: ResponsePlan, text: str) -> str:
    assert plan.pattern is not None
    if re.compile(plan.pattern.pattern, re.ASCII | re.DOTALL).fullmatch(text):
        return "does not match: a dot matches no newline"
    if plan.pattern.search(text):
        return "does not match: the whole text has to match, not a part of it"
    return "does not match"


def _visible(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _near_patterns(case: Case, text: str) -> list[Source]:
    """The responses that were probably meant for this text, nearest first, then the others."""
    best = _nearly(case, text)
    plans = sorted(
        _plans(case),
        key=lambda plan: (
            plan is not best,
            -likeness(plan.declared.selection_pattern or "", text),
        ),
    )
    return [place for plan in plans for place in _pattern_lines(case, plan)]


def _pattern_lines(case: Case, plan: ResponsePlan) -> list[Source]:
    source = plan.declared.source
    pattern = case.places.at(source, "SelectionPattern") or source
    return [pattern]


def _nearly(case: Case, text: str) -> ResponsePlan | None:
    """A pattern that misses the text by little, or that can match no status at all."""
    patterns = [plan for plan in _plans(case) if plan.pattern is not None]
    for plan in patterns:
        assert plan.pattern is not None
        if plan.declared.status == text or plan.pattern.search(text):
            return plan
        if re.compile(plan.pattern.pattern, re.ASCII | re.DOTALL).fullmatch(text):
            return plan
    if text.isdigit():
        for plan in patterns:
            if not any(plan.pattern.fullmatch(str(each)) for each in range(100, 600)):  # type: ignore[union-attr]
                return plan
        return None
    scored = [
        (likeness(plan.declared.selection_pattern or "", text), plan) for plan in patterns
    ]  # fmt: skip
    best = max(scored, key=lambda each: each[0], default=(0.0, None))
    return best[1] if best[0] >= 0.5 else None


def _from_mock(case: Case) -> list[Source]:
    """The template that chose a MOCK's status, where the responses agree among themselves."""
    integration = case.integration
    if not isinstance(integration, Mock):
        return []
    agree = all(
        plan.pattern is not None and plan.pattern.fullmatch(plan.declared.status)
        for plan in _plans(case)
    )
    return _mock_status_lines(case) if agree else []


def _mock_status_lines(case: Case) -> list[Source]:
    """Where a MOCK's template names its status."""
    integration = case.integration
    if integration is None:
        return []
    found = [
        line_with(case, each, "statusCode") or each.source
        for each in integration.request_templates.values()
    ]
    return found[:1]


def other(case: Case, step: Step) -> Cause:
    """Conversions and mappings of the answer that cannot be done."""
    cause = _told(step)
    for name, value in step.facts.items():
        if isinstance(value, str | int) and not isinstance(value, bool):
            cause.evidence.append(Evidence(name.replace("_", " "), str(value)))
    source = step.source
    if step.code == "map-response.invalid-json":
        for plan in _plans(case):
            for mapping in plan.declared.parameters:
                if plan.declared.source == source and "integration.response.body" in (
                    mapping.expression
                ):
                    cause.line(mapping.source)
    backend, answered = case.step_of("integrate"), case.answered
    if answered is not None and answered.status >= 400 and backend is not None:
        cause.add(f"It is the body of the backend's own error, {answered.status}.")
        cause.remedy = cause.remedy or advice(answered.status)
        cause.line(*suspects(case, backend))
    if step.code in ("map-response.not-base64", "map-response.template-on-bytes"):
        cause.line(case.places.at(source, "contentHandling"), *binary_types(case))
    return cause.line(source, *uri_lines(case))

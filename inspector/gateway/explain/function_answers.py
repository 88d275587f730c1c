"""A function's answer that cannot be used, or that says that it broke (pains 55, 57 to 59)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway import narration, untrusted_json
from inspector.gateway.effects import FunctionAnswer, InvokeFunction
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.explain.posting import blame_call
from inspector.gateway.explain.preparing import (
    function_lines,
    function_of,
    handler_line,
    uri_lines,
)
from inspector.gateway.explain.unused import unused
from inspector.gateway.explain.wiring import blame_event, crossed_lines, function_hint
from inspector.gateway.functions import function_name
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step

#: Members that only one of the two formats of a function's event has.
_ONLY_ONE = (
    "path",
    "httpMethod",
    "resource",
    "multiValueHeaders",
    "multiValueQueryStringParameters",
)
#: Frames of runtimes and their clients, and those of packages and the language's own library, too.
_RUNTIME = re.compile(r"node:internal|<frozen |/functions/bootstrap/node/")
_FOREIGN = re.compile(
    rf"/(site|dist)-packages/|/lib/python3|/node_modules/|node:|{_RUNTIME.pattern}"
)
_UNPARSED = re.compile(r"(file://)?/\S.*:\d+")
_ONLY_TWO = ("rawPath", "rawQueryString", "routeKey", "cookies", "http")


def malformed(case: Case, step: Step) -> Cause:
    """A function's answer that is no proxy answer; often the type is not what was meant (55)."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    if step.facts.get("function") is not None:
        cause.evidence.append(Evidence("function", str(step.facts["function"])))
    facts = step.facts
    for name in ("key", "reason", "answer", "error"):
        if facts.get(name):
            cause.evidence.append(Evidence(name, str(facts[name]), ok=False))
    integration = case.integration
    if unused(integration):
        cause.sentence += " The integration has templates or responses, which AWS_PROXY never uses."
        cause.remedy = f"{cause.remedy} Or make the integration's type AWS."
        cause.line(case.of_integration("type"))
    cause.evidence += list(raised(case))
    error = str(facts.get("error") or "")
    _explain_code(case, cause, error)
    blame_call(case, step, cause)
    if _missed_of_other_format(case, error):
        cause.line(case.of_integration("payloadFormatVersion"))
    cause.line(*function_lines(case))
    if error and not cause.lines:
        blame_event(case, cause, error)
    cause.line(*crossed_lines(case))
    mode = case.of_integration("responseTransferMode")
    if mode is not None and getattr(integration, "response_transfer_mode", "") == "BUFFERED":
        cause.line(mode)  # a mode is written, and it is not the one that streams
    return cause.line(*uri_lines(case), case.of_integration("type"), handler_line(case))


def _explain_code(case: Case, cause: Cause, error: str) -> None:
    """What is wrong with the function's own properties, or what it raised."""
    hint = function_hint(case, function_of(case))
    if hint is not None:
        cause.add(f"{hint.message[:1].upper()}{hint.message[1:]}.")
        cause.remedy = hint.remedy
    elif error and cause.remedy is None:
        cause.remedy = "Mend the function, or send what it expects: its log has the whole error."


def own_status(case: Case, step: Step) -> Cause:
    """The function's own answer is an error: the gateway only carried it."""
    named = str(step.facts.get("function"))
    cause = Cause(
        f"Function {function_name(named)} itself answered {case.answer.response.status}; the "
        "gateway only passed it on.",
        "Look at what it printed, and at its event: the request reached it.",
        evidence=[Evidence("function", named)],
    )
    return cause.line(*uri_lines(case), handler_line(case))


def _missed_of_other_format(case: Case, message: str) -> bool:
    """Whether a function missed a member that only events of the other payload format have."""
    http = case.http_integration
    if http is None:
        return False
    others = _ONLY_ONE if http.payload_version == "2.0" else _ONLY_TWO
    return any(re.search(rf"['\"`]{name}['\"`]", message) for name in others)


def raised(case: Case) -> Iterator[Evidence]:
    """Where in its code a function raised, as its own answer says."""
    for effect, reply in case.performed:
        if not isinstance(effect, InvokeFunction) or not isinstance(reply, FunctionAnswer):
            continue
        if reply.error is None:
            continue
        try:
            document = untrusted_json.loads(reply.payload)
        except ValueError:
            continue
        if not isinstance(document, dict):
            continue
        kind = document.get("errorType")
        if kind:
            yield Evidence("error type", str(kind))
        stack = document.get("stackTrace") or document.get("trace")
        place = _own_frame([str(each) for each in stack]) if isinstance(stack, list) else None
        if place:
            yield Evidence("raised at", place)


def _own_frame(stack: list[str]) -> str | None:
    """The innermost line of the function's own code; a package's where there is none.

    Python tells it last, Node.js first, and what it cannot parse before all frames. None where
    only a runtime client speaks.
    """
    if len(stack) > 1 and _UNPARSED.fullmatch(stack[0]):
        return f"{stack[0]} │ {stack[1].strip()}"
    frames = [each.strip() for each in stack if re.match(r"\s*(File \"|at )", each)]
    if not frames:
        return stack[-1].strip() if stack else None
    innermost_first = frames if frames[0].startswith("at ") else frames[::-1]
    own = [each for each in innermost_first if not _FOREIGN.search(each)]
    packages = [each for each in innermost_first if not _RUNTIME.search(each)]
    if not own and not packages:
        return None
    place, *code = (own or packages)[0].splitlines()
    return " │ ".join([place.strip(), *(each.strip() for each in code[:1])])

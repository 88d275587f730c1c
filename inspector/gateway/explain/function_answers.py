"""A function's answer that cannot be used, or that says that it broke (pains 55, 57 to 59)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway import narration, untrusted_json
from inspector.gateway.effects import FunctionAnswer, InvokeFunction
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.explain.preparing import handler_line, uri_lines
from inspector.gateway.explain.unused import unused
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
#: Frames of packages, of the language's own library and of runtime clients.
_FOREIGN = re.compile(
    r"/(site|dist)-packages/|/lib/python3|<frozen |/node_modules/|node:|/functions/bootstrap/node/"
)
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
    if _missed_of_other_format(case, str(facts.get("error") or "")):
        cause.line(case.of_integration("payloadFormatVersion"))
    mode = case.of_integration("responseTransferMode")
    if mode is not None and getattr(integration, "response_transfer_mode", "") == "BUFFERED":
        cause.line(mode)  # a mode is written, and it is not the one that streams
    return cause.line(*uri_lines(case), case.of_integration("type"), handler_line(case))


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
        if isinstance(stack, list) and stack:
            yield Evidence("raised at", _own_frame([str(each) for each in stack]))


def _own_frame(stack: list[str]) -> str:
    """The innermost line of the function's own code. Python tells it last, Node.js first."""
    frames = [each.strip() for each in stack if re.match(r"\s*(File \"|at )", each)] or stack[-1:]
    innermost_first = frames if frames[0].startswith("at ") else frames[::-1]
    own = (each for each in innermost_first if not _FOREIGN.search(each))
    place, *code = next(own, innermost_first[0]).strip().splitlines()
    return " │ ".join([place.strip(), *(each.strip() for each in code[:1])])

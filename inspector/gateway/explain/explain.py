"""Why an exchange ended as it did: from its answer, its trace and its definition.

A reader of the trace, as the screen is. What it finds out beyond it (the nearest route, the line
of a property, the pattern that misses by a letter) is worked out when somebody asks, never while
a request waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway import narration
from inspector.gateway.explain import (
    access,
    commands,
    domains,
    function_answers,
    granting,
    http_apis,
    integrating,
    managing,
    metering,
    odd,
    preparing,
    reaching,
    responding,
    signatures,
    sockets,
    tokens,
    validating,
)
from inspector.gateway.explain.blamed_part import blamed_part
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.checklist import checklist
from inspector.gateway.explain.explanation import Cause, Explanation, Try
from inspector.gateway.explain.notes import notes
from inspector.gateway.explain.socket_notes import became
from inspector.gateway.trace import Step
from inspector.model import Source

Explainer = Callable[[Case, Step], Cause]

#: By the finding's code, or by what it begins with.
_EXPLAINERS: Mapping[str, Explainer] = {
    "mutual-tls.": signatures.certificate,
    **{
        f"{stage}.{code}": granting.ungranted
        for stage in ("integrate", "authorize")
        for code in granting.CODES
    },
    "resolve.unknown-stage": reaching.unknown_stage,
    "resolve.too-large": reaching.too_large,
    "resolve.url-too-long": reaching.too_much,
    "resolve.headers-too-large": reaching.too_much,
    "resolve.head-too-large": reaching.too_much,
    "map-request.event-too-large": reaching.event_too_large,
    "resolve.no-default-stage": reaching.unknown_stage,
    "resolve.no-stage": reaching.unknown_stage,
    "resolve.not-deployed": http_apis.not_deployed,
    "resolve.socket-path": sockets.path,
    "resolve.no-management": managing.no_management,
    "manage.gone": managing.gone,
    "manage.connecting": managing.gone,
    "manage.unknown": managing.unknown,
    "manage.too-large": managing.too_large,
    "route.socket-no-match": sockets.no_match,
    "authorize.identity-repeated": sockets.repeated,
    "validate.socket-no-model": sockets.no_model,
    "map-request.no-template": sockets.no_template,
    "map-response.socket-no-match": sockets.no_reply,
    "send.not-connected": sockets.not_connected,
    "resolve.no-mapping": domains.nowhere,
    "resolve.not-served": domains.nowhere,
    "route.no-match": reaching.no_match,
    "route.no-route": reaching.no_match,
    "route.not-deployed": http_apis.not_deployed,
    "cors.": http_apis.preflight,
    "admit.": access.resource_policy,
    "authorize.signature-": signatures.signature,
    "authorize.jwt": tokens.token,
    "authorize.pool": tokens.token,
    "authorize.no-authorizer": http_apis.no_authorizer,
    "authorize.": access.authorizer,
    "meter.quota": metering.limited,
    "meter.throttled": metering.limited,
    "meter.route-throttled": http_apis.throttled,
    "meter.": metering.key,
    "validate.parameters": validating.parameters,
    "validate.body": validating.body,
    "map-request.unsupported-media-type": preparing.media_type,
    "map-request.template-failed": preparing.template,
    "map-request.template-on-bytes": preparing.template_on_bytes,
    "map-request.mock-status": preparing.mock_status,
    "map-request.invalid-endpoint": preparing.endpoint,
    "map-request.invalid-uri": preparing.invalid_uri,
    "map-request.invalid-json": preparing.invalid_json,
    "map-request.function-method": preparing.function_method,
    "map-request.not-base64": preparing.not_base64,
    "map-request.no-target": http_apis.no_target,
    "map-request.unresolved": http_apis.parameter,
    "map-request.unknown-subtype": http_apis.subtype,
    "map-request.no-integration": preparing.no_integration,
    "map-request.forbidden-header": preparing.forbidden_header,
    "integrate.timeout": integrating.timeout,
    "integrate.payload-not-json": integrating.not_json,
    "integrate.answered": integrating.backend_error,
    "integrate.streaming": integrating.backend_error,
    "integrate.service-error": integrating.backend_error,
    "integrate.function": function_answers.own_status,
    "integrate.function-stream": function_answers.own_status,
    "integrate.": integrating.unreachable,
    "map-response.template-failed": responding.template,
    "map-response.no-match": responding.no_match,
    "map-response.selected": responding.selected,
    "map-response.malformed-answer": http_apis.malformed,
    "map-response.malformed": function_answers.malformed,
    "map-response.function-error": function_answers.malformed,
    "map-response.": responding.other,
}


#: Findings that mean something else at a WebSocket.
_OF_SOCKETS: Mapping[str, Explainer] = {
    "integrate.answered": sockets.own_status,
    "integrate.function": sockets.own_status,
    "integrate.mock": sockets.own_status,
    "integrate.service": sockets.own_status,
    "integrate.service-error": sockets.own_status,
    "meter.throttled": sockets.throttled,
    "validate.body": sockets.model,
}

#: Those that stand for all findings which begin so.
_PREFIXES = frozenset(
    ("admit.", "authorize.", "authorize.signature-", "authorize.jwt", "authorize.pool", "cors.",
     "integrate.", "map-response.", "meter.", "mutual-tls.")
)  # fmt: skip

#: Notes of the gateway's own answer: its lines took part, whatever was refused.
_OF_THE_ANSWER = ("gateway-response.", "mapping.")
#: Notes of what happens to nearly every answer.
_USUAL = frozenset(
    ("map-response.remapped", "map-response.dropped", "authorize.held", "definition.no-catch-all")
)  # fmt: skip


def _each_once(sources: list[Source]) -> tuple[Source, ...]:
    """A line that several properties stand on is one line."""
    found: dict[tuple[str, int], Source] = {}
    for each in sources:
        found.setdefault((each.file, each.line), each)
    return tuple(found.values())


def explain(case: Case) -> Explanation:
    """The explanation of one exchange."""
    step = _deciding(case)
    answer = case.answer
    if step is None:
        return _fine(case)
    # Without the method that was reached, the trace alone speaks.
    known = case.answer.result is not None or step.stage in ("resolve", "mutual-tls")
    explainer = _explainer(step.code) if known else _plain
    if case.is_of_socket:
        explainer = _OF_SOCKETS.get(step.code, explainer)
    cause = (integrating.overwritten if _is_overwritten(case, step) else explainer)(case, step)
    odd.blame(case, step, cause)
    told = notes(case)
    cause.line(*(each.source for each in told if each.rule.startswith(_OF_THE_ANSWER)))
    lines = _each_once(cause.lines)
    return Explanation(
        status=answer.response.status,
        outcome=answer.outcome,
        sentence=cause.sentence,
        stage=step.stage,
        rule=step.code,
        response_type=answer.response_type,
        source=lines[0] if lines else step.source,
        lines=lines,
        part=cause.part or blamed_part(case, step),
        checks=checklist(case, cause.checks),
        evidence=tuple(cause.evidence) or tuple(narration.evidence(step)),
        remedy=cause.remedy,
        tries=tuple(_to_try(case, cause.tries)),
        notes=told,
    )


def _to_try(case: Case, tries: list[Try]) -> list[Try]:
    """Of a WebSocket's event no request can be sent again by itself."""
    socket = case.environment.socket
    if socket is None:
        return tries
    kept = []
    for each in tries:
        if each.kind in ("command", "definition", "forget"):
            kept.append(each)
        elif each.kind == "sign" and each.command is not None:
            kept.append(Try("command", each.text, command=each.command))
        elif each.request is not None and each.kind == "request" and socket.event == "CONNECT":
            command = commands.connect(case, each.request)
            kept.append(Try("command", each.text.replace("send it", "connect"), command=command))
    return kept


def _is_overwritten(case: Case, step: Step) -> bool:
    """Whether an HTTP API's own mapping made an error of a success."""
    status = step.facts.get("status")
    return (
        step.stage == "integrate"
        and case.http_integration is not None
        and isinstance(status, int)
        and status < 400
    )


def _deciding(case: Case) -> Step | None:
    """The step to explain: the one that stopped it, else the one that made the error's status."""
    if case.step is not None:
        return case.step
    mapped, answered = case.step_of("map-response"), case.step_of("integrate")
    if mapped is not None and mapped.facts.get("error_hidden"):
        return mapped
    if case.answer.response.status < 400:
        return None
    if mapped is not None and mapped.code == "map-response.selected":
        return mapped
    return answered


def _explainer(code: str) -> Explainer:
    for name, found in _EXPLAINERS.items():
        if code == name or (name in _PREFIXES and code.startswith(name)):
            return found
    return _plain


def _plain(case: Case, step: Step) -> Cause:
    del case
    return Cause(narration.describe(step), narration.remedy(step)).line(step.source)


def _fine(case: Case) -> Explanation:
    answer = case.answer
    found = notes(case)
    sentence = f"Nothing was refused: the client was answered {answer.response.status}."
    if case.is_of_socket:
        sentence = became(case)
    telling = [each for each in found if each.rule not in _USUAL]
    if telling:
        sentence += "" if telling[0].text in sentence else f" But: {telling[0].text}"
    source = next((each.source for each in telling if each.source is not None), None)
    return Explanation(
        status=answer.response.status,
        outcome=answer.outcome,
        sentence=sentence,
        stage=None,
        rule=None,
        response_type=answer.response_type,
        source=source,
        lines=_each_once([each.source for each in telling if each.source is not None]),
        part=None,
        checks=checklist(case, []),
        evidence=(),
        remedy=next((each.remedy for each in telling if each.remedy), None),
        tries=(),
        notes=found,
    )

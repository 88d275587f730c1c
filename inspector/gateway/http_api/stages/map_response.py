"""The integration's answer becomes the route's.

Sources: http-api.md, sections 5, 6 and 8; captures-2026.md, section 4.
"""

from __future__ import annotations

from inspector.gateway.effects import InvokeFunction
from inspector.gateway.http_api import cors, function_answer, surface
from inspector.gateway.http_api.mapped_request import scope_of
from inspector.gateway.http_api.parameter_mapping import change_headers, made, overwritten
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Answered, Mapped
from inspector.gateway.lambda_answer import MalformedError
from inspector.gateway.trace import Fact, Step
from inspector.message import Field, Headers

_SHOWN = 400
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-connection",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def map_response(answered: Answered, trace: list[Step]) -> Mapped | HttpRefusal:
    """What the client is going to get, before the gateway's own headers."""
    integration = answered.prepared.matched.plan.integration
    assert integration is not None
    if integration.type == "AWS_PROXY" and integration.subtype is None:
        mapped = _of_function(answered, integration.payload_version, trace)
    else:
        mapped = _passed(answered, trace)
    return mapped if isinstance(mapped, HttpRefusal) else _with_cors(_changed(mapped, trace))


def _of_function(answered: Answered, version: str, trace: list[Step]) -> Mapped | HttpRefusal:
    source, api = answered.prepared.source, answered.prepared.matched.staged.deployment.api
    try:
        if _asked_to_stream(answered):
            found = function_answer.read_stream(
                answered.body, surface.default_type(api), begun=answered.streamed
            )
        else:
            found = function_answer.read(answered.body, version, surface.default_type(api))
    except MalformedError as error:
        facts: dict[str, Fact] = {
            "key": error.key,
            "reason": error.reason,
            "answer": answered.body[:_SHOWN].decode("utf-8", "replace"),
            "payload_version": version,
        }
        return HttpRefusal(
            "map-response", "map-response.malformed-answer", "INTEGRATION_FAILURE", facts, source,
            failed=True, reached=True,
        )  # fmt: skip
    # The frame is the gateway's own: with `transfer-encoding` beside a length it would be broken.
    own = [field for field in found.headers if field[0].lower() not in _HOP_BY_HOP]
    fields = [*own, *(("Set-Cookie", each) for each in found.cookies)]
    facts = {"status": found.status, "payload_version": version, "inferred": found.inferred}
    code = "map-response.inferred" if found.inferred else "map-response.function"
    trace.append(Step("map-response", "passed", code, facts, source))
    return Mapped(answered, found.status, Headers.of(fields), found.body)


def _asked_to_stream(answered: Answered) -> bool:
    """Whether the function was asked to stream."""
    effect = answered.prepared.effect
    return isinstance(effect, InvokeFunction) and effect.stream


def _passed(answered: Answered, trace: list[Step]) -> Mapped:
    """An HTTP backend's answer passes, but for what belongs to its connection."""
    fields = [field for field in answered.headers if field[0].lower() not in _HOP_BY_HOP]
    facts: dict[str, Fact] = {"status": answered.status}
    source = answered.prepared.source
    trace.append(Step("map-response", "passed", "map-response.proxied", facts, source))
    return Mapped(answered, answered.status, Headers.of(fields), answered.body)


def _changed(mapped: Mapped, trace: list[Step]) -> Mapped:
    """Apply the response parameters for the status that the integration answered."""
    matched = mapped.answered.prepared.matched
    changes = matched.plan.answer_changes.get(str(mapped.status))
    if not changes:
        return mapped
    scope = scope_of(matched)
    scope.answer_headers, scope.answer_body = mapped.headers, mapped.body
    found = made(changes, scope)
    status = _status(overwritten("statuscode", found), mapped.status)
    facts: dict[str, Fact] = {
        "integration_status": mapped.status,
        "status": status,
        "changes": {
            each.change.target: "removed" if each.change.action == "remove" else each.value or ""
            for each in found
        },
    }
    trace.append(Step("map-response", "ok", "map-response.changed", facts, changes[0].source))
    return Mapped(mapped.answered, status, change_headers(mapped.headers, found), mapped.body)


def _status(text: str | None, status: int) -> int:
    """The status that a mapping says; one that is none changes nothing."""
    if text is None or not (text.isascii() and text.isdigit() and 100 <= int(text) <= 599):
        return status
    return int(text)


def _with_cors(mapped: Mapped) -> Mapped:
    """Where the API says who may read, the integration's word on it does not count."""
    staged = mapped.answered.prepared.matched.staged
    api = staged.deployment.api
    if api.cors is None:
        return mapped
    kept: list[Field] = [field for field in mapped.headers if not cors.is_cors_header(field[0])]
    fields = (*kept, *cors.for_answer(api.cors, staged.request, surface.vary(api)))
    return Mapped(mapped.answered, mapped.status, Headers(fields), mapped.body)

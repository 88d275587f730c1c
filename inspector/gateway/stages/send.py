"""The last stage: the answer with the gateway's own headers, in Amazon's order.

Sources: captures-2026.md section 4 (order: Date, Content-Type, Content-Length, Connection,
x-amzn-RequestId, x-amzn-ErrorType, x-amz-apigw-id, X-Amzn-Trace-Id, then the rest), facts 4, 5,
61, 113, 141, 150.
"""

from __future__ import annotations

from email.utils import formatdate
from functools import lru_cache, partial

from inspector.gateway import context, xray
from inspector.gateway.client_view import ClientView
from inspector.gateway.compression import coding_for, packed
from inspector.gateway.deploy import ServedApi
from inspector.gateway.environment import Environment
from inspector.gateway.gateway_responses import render
from inspector.gateway.parameters import Scope
from inspector.gateway.refusal import RESPONSE_TYPES, Refusal
from inspector.gateway.results import Mapped, Resolved, Routed
from inspector.gateway.trace import Fact, Outcome, Step
from inspector.message import Field, Headers, Request, Response
from inspector.model import HttpProxy, Mock


def send(mapped: Mapped, trace: list[Step]) -> Response:
    """The answer of an integration."""
    routed = mapped.answered.prepared.routed
    request, environment = routed.resolved.request, routed.resolved.environment
    content_type, rest = _take_content_type(mapped.headers)
    body, coding = mapped.body, _coding(mapped, request)
    if coding is not None:
        body = packed(body, coding)
        rest = (*rest, ("Content-Encoding", coding))
    fields = _opening(environment, content_type or "application/json")
    if not mapped.answered.streamed:
        fields.append(("Content-Length", str(len(body))))
    fields.append(("Connection", _connection(request)))
    fields.append(("x-amzn-RequestId", environment.request_id))
    fields.append(("x-amz-apigw-id", environment.extended_request_id))
    if not isinstance(routed.plan.integration, Mock | HttpProxy):
        fields.append((xray.NAME, xray.value(request, environment)))
    fields.extend(rest)
    facts: dict[str, Fact] = {"status": mapped.status}
    if coding is not None:
        facts |= {"coding": coding, "size": len(mapped.body), "packed": len(body)}
    trace.append(Step("send", "ok", "send.answer", facts))
    return Response(mapped.status, Headers(tuple(fields)), body)


def _coding(mapped: Mapped, request: Request) -> str | None:
    """The coding to pack the answer in; None where Amazon would not (`gateway.compression`)."""
    least = mapped.answered.prepared.routed.resolved.deployment.api.minimum_compression_size
    if least is None or mapped.answered.streamed or len(mapped.body) < least:
        return None
    if "content-encoding" in mapped.headers:
        return None
    return coding_for(request.headers.get("accept-encoding"))


def refuse(
    refusal: Refusal,
    served: ServedApi,
    request: Request,
    environment: Environment,
    so_far: Resolved | Routed | None,
    trace: list[Step],
) -> Response:
    """The gateway's own answer; the refusing stage's step goes into the trace first."""
    outcome: Outcome = "failed" if refusal.failed else "refused"
    trace.append(Step(refusal.stage, outcome, refusal.code, refusal.facts, refusal.source))
    if refusal.plain is not None:
        return _plain(refusal.plain, environment, trace)
    scope = _scope(so_far, request)
    accept = request.headers.get("accept")
    rendered = render(served.api, refusal, scope, accept)
    content_type, extra = _take_content_type(Headers(rendered.headers))
    fields = _opening(environment, content_type or rendered.content_type)
    fields.append(("Content-Length", str(len(rendered.body))))
    fields.append(("Connection", _connection(request)))
    fields.append(("x-amzn-RequestId", environment.request_id))
    error_type = RESPONSE_TYPES[refusal.response_type].error_type
    if refusal.message == "Forbidden":
        error_type = "ForbiddenException"
    error_type = refusal.error_type or error_type
    if error_type is not None:
        fields.append(("x-amzn-ErrorType", error_type))
    fields.append(("x-amz-apigw-id", environment.extended_request_id))
    fields.extend(extra)
    facts: dict[str, Fact] = {
        "status": rendered.status,
        "type": refusal.response_type,
        "message": refusal.text,
    }
    source = None if rendered.declared is None else rendered.declared.source
    trace.append(Step("send", "ok", "send.gateway-response", facts, source))
    return Response(rendered.status, Headers(tuple(fields)), rendered.body)


def _plain(text: str, environment: Environment, trace: list[Step]) -> Response:
    """The front's own answer: plain text, and the end of the connection."""
    body = text.encode()
    fields = _opening(environment, "text; charset=utf-8")
    fields.append(("Content-Length", str(len(body))))
    fields.append(("Connection", "close"))
    trace.append(Step("send", "ok", "send.gateway-response", {"status": 413}))
    return Response(413, Headers(tuple(fields)), body)


def _scope(so_far: Resolved | Routed | None, request: Request) -> Scope:
    if isinstance(so_far, Routed):
        variables = so_far.resolved.deployment.stage.variables
        return Scope(so_far.client, partial(context.of_routed, so_far), variables)
    if isinstance(so_far, Resolved):
        client = ClientView(request, so_far.target.query, {})
        variables = so_far.deployment.stage.variables
        return Scope(client, partial(context.of_resolved, so_far), variables)
    return Scope(ClientView(request, "", {}), dict, {})


def _opening(environment: Environment, content_type: str) -> list[Field]:
    return [("Date", _date(environment.time_ms // 1000)), ("Content-Type", content_type)]


def _take_content_type(headers: Headers) -> tuple[str | None, tuple[Field, ...]]:
    for index, (name, value) in enumerate(headers.fields):
        if len(name) == 12 and name.lower() == "content-type":
            return value, headers.fields[:index] + headers.fields[index + 1 :]
    return None, headers.fields


def _connection(request: Request) -> str:
    """`close` for a client that says so (fact 150)."""
    wanted = request.headers.get("connection")
    return "close" if wanted is not None and wanted.lower() == "close" else "keep-alive"


@lru_cache(maxsize=64)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)

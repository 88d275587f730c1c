"""The last stage: the answer with the gateway's own headers, in Amazon's order.

Sources: http-api.md, section 7; captures-2026.md, section 4 (recorded: Date, Content-Type,
Content-Length, Connection, the function's headers in canonical spelling, then the request id:
`Apigw-Requestid` behind an integration, `apigw-requestid` where the gateway answers by itself).
"""

from __future__ import annotations

import json
from email.utils import formatdate
from functools import lru_cache

from inspector.gateway.environment import Environment
from inspector.gateway.http_api import surface
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Mapped, Staged
from inspector.gateway.trace import Fact, Outcome, Step
from inspector.message import Field, Headers, Request, Response
from inspector.model import HttpApi

_OWN = frozenset({"date", "content-type", "content-length", "connection", "apigw-requestid"})
_BODYLESS = frozenset({204, 304})


def send(mapped: Mapped, trace: list[Step]) -> Response:
    """The answer of an integration."""
    staged = mapped.answered.prepared.matched.staged
    length = None if mapped.answered.streamed else len(mapped.body)
    fields = _opening(
        staged.environment, staged.request, mapped.headers.get("content-type"), length
    )
    named = (field for field in mapped.headers if field[0].lower() not in _OWN)
    fields += surface.framed(staged.deployment.api, staged.environment, named, reached=True)
    trace.append(Step("send", "ok", "send.answer", {"status": mapped.status}))
    return Response(mapped.status, Headers(tuple(fields)), mapped.body)


def refuse(
    refusal: HttpRefusal,
    api: HttpApi,
    request: Request,
    environment: Environment,
    trace: list[Step],
    allowed: tuple[Field, ...],
) -> Response:
    """The gateway's own answer; the refusing stage's step goes into the trace first.

    `allowed` are the headers of CORS.
    """
    outcome: Outcome = "failed" if refusal.failed else "refused"
    trace.append(Step(refusal.stage, outcome, refusal.code, refusal.facts, refusal.source))
    own = surface.failure(api, refusal.type)
    status, body = own or (refusal.status, _body(refusal))
    fields = _opening(environment, request, "application/json", len(body))
    extra = (*allowed, *refusal.headers)
    fields += surface.framed(api, environment, extra, reached=refusal.reached)
    facts: dict[str, Fact] = {
        "status": status,
        "type": refusal.type,
        "message": refusal.message,
    }
    trace.append(Step("send", "ok", "send.gateway-response", facts))
    return Response(status, Headers(tuple(fields)), body)


def _body(refusal: HttpRefusal) -> bytes:
    return json.dumps({"message": refusal.message}, separators=(",", ":")).encode()


def allow(extra: tuple[Field, ...], staged: Staged, trace: list[Step]) -> Response:
    """The answer to a preflight."""
    api, environment = staged.deployment.api, staged.environment
    status, content_type = surface.preflight(api)
    length = None if status in _BODYLESS else 0
    fields = _opening(environment, staged.request, content_type, length)
    fields += surface.framed(api, environment, extra, reached=False)
    trace.append(Step("send", "ok", "send.answer", {"status": status}))
    return Response(status, Headers(tuple(fields)), b"")


def _opening(
    environment: Environment, request: Request, content_type: str | None, length: int | None
) -> list[Field]:
    fields = [("Date", date(environment.time_ms // 1000))]
    if content_type is not None:
        fields.append(("Content-Type", content_type))
    if length is not None:
        fields.append(("Content-Length", str(length)))
    fields.append(("Connection", _connection(request)))
    return fields


def _connection(request: Request) -> str:
    wanted = request.headers.get("connection")
    return "close" if wanted is not None and wanted.lower() == "close" else "keep-alive"


@lru_cache(maxsize=64)
def date(seconds: int) -> str:
    """A second as the Date header has it."""
    return formatdate(seconds, usegmt=True)

"""The order of an HTTP API's stages, on one screen.

Sources: http-api.md, sections 1 and 8 (developer guide), access-control facts, section 1: the
certificate that a domain asks for (at TLS time); stage and route (404 for either, whoever asks);
a CORS preflight that no route catches is answered here, whoever asks; for a route its authorizer,
its throttle, its integration, and back. A refusal at any stage goes straight to `refuse`; nobody
can customise what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Literal

from inspector.gateway import mutual_tls
from inspector.gateway.answer import Answer, Conversation
from inspector.gateway.effects import Effect, Reply, ResponseStarted, StreamEnded
from inspector.gateway.environment import Environment
from inspector.gateway.http_api import cors, surface
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import (
    HttpResult,
    Mapped,
    Matched,
    Prepared,
    Staged,
    matched_of,
    staged_of,
)
from inspector.gateway.http_api.stages.authorize import authorize
from inspector.gateway.http_api.stages.integrate import integrate
from inspector.gateway.http_api.stages.map_response import map_response
from inspector.gateway.http_api.stages.preflight import preflight
from inspector.gateway.http_api.stages.prepare import prepare
from inspector.gateway.http_api.stages.resolve import resolve
from inspector.gateway.http_api.stages.route import route
from inspector.gateway.http_api.stages.send import refuse, send
from inspector.gateway.http_api.stages.throttle import throttle
from inspector.gateway.mutual_tls import check_client
from inspector.gateway.trace import Fact, Step
from inspector.message import Field, Request, Response

Refused = Callable[[HttpRefusal, HttpResult | None], Answer]


def converse_http(
    served: ServedHttpApi, request: Request, environment: Environment
) -> Conversation:
    """Answer one request for `served`: yields effects, is sent replies, returns the answer."""
    trace: list[Step] = []

    def refused(refusal: HttpRefusal, so_far: HttpResult | None) -> Answer:
        return _refused(refusal, so_far, served, request, environment, trace)

    if served.domains:
        unknown = yield from check_client(served.domains, request, environment, trace)
        if unknown is not None:
            kept_out = HttpRefusal(
                mutual_tls.STAGE, unknown.code, "ACCESS_DENIED", unknown.facts, unknown.source
            )
            return refused(kept_out, None)
    staged = resolve(served, request, environment, trace)
    if isinstance(staged, HttpRefusal):
        return refused(staged, None)
    matched = _reached(staged, trace)
    if isinstance(matched, HttpRefusal):
        return refused(matched, staged)
    if isinstance(matched, Response):
        return _answer(matched, staged, served, trace)
    let_in = yield from _let_in(matched, trace)
    if isinstance(let_in, HttpRefusal):
        return refused(let_in, matched)
    prepared = prepare(let_in, trace)
    if isinstance(prepared, HttpRefusal):
        return refused(prepared, let_in)
    return (yield from _ask(prepared, served, trace, refused))


def _reached(staged: Staged, trace: list[Step]) -> Matched | HttpRefusal | Response:
    """The route; or the answer to a preflight that no route catches, or that a function URL gets."""
    if staged.deployment.api.function_url:
        answered = preflight(staged, trace)
        if answered is not None:
            return answered
    matched = route(staged, trace)
    if isinstance(matched, HttpRefusal):
        return preflight(staged, trace) or matched
    return matched


def _let_in(matched: Matched, trace: list[Step]) -> Generator[Effect, Reply, Matched | HttpRefusal]:
    """The authorizer, then the throttle."""
    if matched.plan.route.authorization_type != "NONE":
        authorized = yield from authorize(matched, trace)
        if isinstance(authorized, HttpRefusal):
            return authorized
        matched = authorized
    if matched.plan.buckets:
        return (yield from throttle(matched, trace))
    return matched


def _ask(
    prepared: Prepared,
    served: ServedHttpApi,
    trace: list[Step],
    refused: Refused,
) -> Conversation:
    """The integration, and its answer made the client's."""
    answered = yield from integrate(prepared, trace)
    if isinstance(answered, HttpRefusal):
        return refused(answered, prepared)
    mapped = map_response(answered, trace)
    if isinstance(mapped, HttpRefusal):
        return refused(mapped, answered)
    response = send(mapped, trace)
    if answered.streamed:
        yield from _stream(response, trace)
    return _answer(response, mapped, served, trace)


def broken_down_http(
    served: ServedHttpApi, request: Request, environment: Environment, facts: Mapping[str, Fact]
) -> Answer:
    """What the client is told where the core itself breaks: Amazon's internal error."""
    refusal = HttpRefusal(
        "gateway", "gateway.crashed", "API_CONFIGURATION_ERROR", facts, failed=True
    )
    return _refused(refusal, None, served, request, environment, [])


def _stream(response: Response, trace: list[Step]) -> Generator[Effect, Reply, None]:
    """The head is decided; the body goes by outside of the core."""
    ended = yield ResponseStarted(response.status, response.headers)
    assert isinstance(ended, StreamEnded)
    outcome: Literal["ok", "failed"] = "ok" if ended.error is None else "failed"
    facts: dict[str, Fact] = {"size": ended.size, "error": ended.error}
    trace.append(Step("stream", outcome, "stream.ended", facts))


def _answer(
    response: Response, found: Mapped | Staged, served: ServedHttpApi, trace: list[Step]
) -> Answer:
    broken = trace[-1].outcome == "failed"
    matched, staged = matched_of(found), staged_of(found)
    return Answer(
        response,
        tuple(trace),
        "broken" if broken else "answered",
        found,
        served.api.id,
        None if staged is None else staged.deployment.stage.name,
        None if matched is None else matched.plan.route.key,
    )


def _refused(
    refusal: HttpRefusal,
    so_far: HttpResult | None,
    served: ServedHttpApi,
    request: Request,
    environment: Environment,
    trace: list[Step],
) -> Answer:
    matched, staged = matched_of(so_far), staged_of(so_far)
    allowed: tuple[Field, ...] = ()
    if matched is not None and served.api.cors is not None:
        allowed = cors.for_answer(served.api.cors, request, surface.vary(served.api))
    response = refuse(refusal, served.api, request, environment, trace, allowed)
    return Answer(
        response,
        tuple(trace),
        "failed" if refusal.failed else "refused",
        so_far,
        served.api.id,
        None if staged is None else staged.deployment.stage.name,
        None if matched is None else matched.plan.route.key,
        refusal.stage,
        refusal.type,
    )

"""The order of the stages, on one screen.

A request is a conversation: `converse` is a generator that yields effects and is sent replies.
The order is that of the developer guide's life of a request (resource policy, authorizer, API
key and usage plan, validation, mapping, integration, mapping back) as far as it is built; a
refusal at any stage goes straight to `refuse`, which makes it the API's gateway response.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Literal

from inspector.gateway import mutual_tls
from inspector.gateway.answer import Answer, Conversation, StageResult
from inspector.gateway.deploy import Served, ServedApi
from inspector.gateway.effects import Effect, Reply, ResponseStarted, StreamEnded
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.http_api.pipeline import broken_down_http, converse_http
from inspector.gateway.http_api.results import HttpResult
from inspector.gateway.mutual_tls import KeptOut, check_client
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Mapped, Prepared, Resolved, Routed
from inspector.gateway.stages.admit import admit, admit_known, too_long_an_arn
from inspector.gateway.stages.authorize import authorize
from inspector.gateway.stages.cache import Missed, keep, look_up
from inspector.gateway.stages.draw import draw
from inspector.gateway.stages.integrate import integrate
from inspector.gateway.stages.map_response import map_response
from inspector.gateway.stages.meter import meter, needs_metering
from inspector.gateway.stages.open_body import open_body
from inspector.gateway.stages.prepare import prepare
from inspector.gateway.stages.resolve import resolve
from inspector.gateway.stages.route import route
from inspector.gateway.stages.send import refuse, send
from inspector.gateway.stages.validate import validate
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.pipeline import broken_down_socket, converse_socket
from inspector.gateway.websocket.results import SocketResult
from inspector.message import Request, Response

__all__ = ["Answer", "Conversation", "StageResult", "broken_down", "converse", "execute"]


def converse(served: Served, request: Request, environment: Environment) -> Conversation:
    """Answer one request for `served`: yields effects, is sent replies, returns the answer."""
    if isinstance(served, ServedHttpApi):
        return converse_http(served, request, environment)
    if isinstance(served, ServedWebSocketApi):
        return converse_socket(served, request, environment)
    return converse_rest(served, request, environment)


def converse_rest(served: ServedApi, request: Request, environment: Environment) -> Conversation:
    """Answer one request for a REST API."""
    trace: list[Step] = []

    def refused(refusal: Refusal, so_far: StageResult | None) -> Answer:
        return _refused(refusal, so_far, served, request, environment, trace)

    if served.domains:
        unknown = yield from check_client(served.domains, request, environment, trace)
        if unknown is not None:
            return refused(_no_certificate(unknown), None)
    resolved = resolve(served, request, environment, trace)
    if isinstance(resolved, Refusal):
        return refused(resolved, None)
    if resolved.deployment.canary is not None:
        resolved = yield from draw(resolved, trace)
    routed = route(resolved, trace)
    if isinstance(routed, Refusal):
        return refused(routed, resolved)
    let_in = yield from _let_in(routed, trace)
    if isinstance(let_in, Refusal):
        return refused(let_in, routed)
    return (yield from execute(let_in, served, request, environment, trace))


def execute(
    routed: Routed,
    served: ServedApi,
    request: Request,
    environment: Environment,
    trace: list[Step],
    *,
    cached: bool = True,
) -> Conversation:
    """What comes behind access: validation, the cache, mapping, the integration, and back."""

    def refused(refusal: Refusal, so_far: StageResult | None) -> Answer:
        return _refused(refusal, so_far, served, request, environment, trace)

    opened = open_body(routed, trace)
    if isinstance(opened, Refusal):
        return refused(opened, routed)
    validated = validate(opened, trace)
    if isinstance(validated, Refusal):
        return refused(validated, routed)
    missed: Missed | None = None
    if cached and routed.plan.cachings:
        looked_up = yield from look_up(validated, trace)
        if isinstance(looked_up, Refusal):
            return refused(looked_up, routed)
        if isinstance(looked_up, Mapped):
            return _answer(send(looked_up, trace), looked_up, routed, trace)
        missed = looked_up
    prepared = prepare(validated, trace)
    if isinstance(prepared, Refusal):
        return refused(prepared, routed)
    answered = yield from integrate(prepared, trace)
    if isinstance(answered, Refusal):
        return refused(answered, prepared)
    mapped = map_response(answered, trace)
    if isinstance(mapped, Refusal):
        return refused(mapped, answered)
    if missed is not None:
        mapped = yield from keep(missed, mapped, trace)
    response = send(mapped, trace)
    if answered.streamed:
        yield from _stream(response, trace)
    return _answer(response, mapped, routed, trace)


def _no_certificate(kept_out: KeptOut) -> Refusal:
    """At TLS time, before any API is known: nobody can customise it."""
    return Refusal(
        mutual_tls.STAGE, kept_out.code, "ACCESS_DENIED", kept_out.facts, kept_out.source,
        message="Forbidden", customizable=False,
    )  # fmt: skip


def _let_in(routed: Routed, trace: list[Step]) -> Generator[Effect, Reply, Routed | Refusal]:
    """Who gets in, in Amazon's order for REST APIs (access-control facts, section 1).

    1. The resource policy: for open methods all of it, before a Lambda authorizer its explicit
       Deny (guide, "How API Gateway resource policies affect authorization workflow").
    2. The authorizer. With IAM, and behind a Lambda authorizer, it judges the resource policy
       together with the caller's own; behind a user pool that policy stands alone (same page).
    3. API key, quota, throttles: the plan's before the stage's (recorded: a denied caller without
       a key is told of the denial; a disabled key with a spent quota is 403, not 429).

    Routing comes before (an unknown path is refused whoever asks, recorded) and validation after
    (the log's `Starting execution` follows the usage plan's lines, recorded).
    """
    kept_out = too_long_an_arn(routed) or admit(routed, trace)
    if kept_out is not None:
        return kept_out
    kind = routed.plan.method.authorization_type
    if kind != "NONE":
        authorized = yield from authorize(routed, trace)
        if isinstance(authorized, Refusal):
            return authorized
        routed = authorized
        if kind == "COGNITO_USER_POOLS":
            kept_out = admit_known(routed, trace)
            if kept_out is not None:
                return kept_out
    if needs_metering(routed):
        return (yield from meter(routed, trace))
    return routed


def broken_down(
    served: Served, request: Request, environment: Environment, facts: Mapping[str, Fact]
) -> Answer:
    """What the client is told where the core itself breaks: Amazon's internal error."""
    if isinstance(served, ServedHttpApi):
        return broken_down_http(served, request, environment, facts)
    if isinstance(served, ServedWebSocketApi):
        return broken_down_socket(served, environment, facts)
    refusal = Refusal(
        "gateway",
        "gateway.crashed",
        "API_CONFIGURATION_ERROR",
        facts,
        failed=True,
        customizable=False,
    )
    return _refused(refusal, None, served, request, environment, [])


def _stream(response: Response, trace: list[Step]) -> Generator[Effect, Reply, None]:
    """The head is decided; the body goes by outside of the core."""
    ended = yield ResponseStarted(response.status, response.headers)
    assert isinstance(ended, StreamEnded)
    outcome: Literal["ok", "failed"] = "ok" if ended.error is None else "failed"
    facts = {"size": ended.size, "error": ended.error}
    trace.append(Step("stream", outcome, "stream.ended", facts))


def _answer(response: Response, mapped: Mapped, routed: Routed, trace: list[Step]) -> Answer:
    broken = trace[-1].outcome == "failed"
    return Answer(
        response,
        tuple(trace),
        "broken" if broken else "answered",
        mapped,
        routed.resolved.deployment.api.id,
        routed.resolved.deployment.stage.name,
        routed.plan.resource.path,
    )


def _refused(
    refusal: Refusal,
    so_far: StageResult | None,
    served: ServedApi,
    request: Request,
    environment: Environment,
    trace: list[Step],
) -> Answer:
    routed = routed_of(so_far)
    known = routed or (so_far if isinstance(so_far, Resolved) else None)
    response = refuse(refusal, served, request, environment, known, trace)
    resolved = routed.resolved if routed else so_far
    return Answer(
        response,
        tuple(trace),
        "failed" if refusal.failed else "refused",
        so_far,
        served.api.id,
        resolved.deployment.stage.name if isinstance(resolved, Resolved) else None,
        routed.plan.resource.path if routed else None,
        refusal.stage,
        refusal.response_type,
    )


def routed_of(result: StageResult | HttpResult | SocketResult | None) -> Routed | None:
    """The route of a REST API within what the last stage found."""
    if isinstance(result, Mapped):
        result = result.answered
    if isinstance(result, Answered):
        result = result.prepared
    if isinstance(result, Prepared):
        result = result.routed
    return result if isinstance(result, Routed) else None

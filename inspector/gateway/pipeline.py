"""The order of the stages, on one screen.

A request is a conversation: `converse` is a generator that yields effects and is sent replies.
The order is that of the developer guide's life of a request (resource policy, authorizer, API
key and usage plan, validation, mapping, integration, mapping back) as far as it is built; a
refusal at any stage goes straight to `refuse`, which makes it the API's gateway response.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Literal

from inspector.gateway.deploy import ServedApi
from inspector.gateway.effects import Effect, Reply, ResponseStarted, StreamEnded
from inspector.gateway.environment import Environment
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Mapped, Prepared, Resolved, Routed
from inspector.gateway.stages.admit import admit
from inspector.gateway.stages.authorize import authorize
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
from inspector.gateway.trace import Fact, Step, Trace
from inspector.message import Request, Response

StageResult = Resolved | Routed | Prepared | Answered | Mapped


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a conversation.

    `result` is what the last stage reached found; each result holds the one before it.
    `stopped_at` and `response_type` are None for an answer of the integration.
    """

    response: Response
    trace: Trace
    outcome: Literal["answered", "refused", "failed", "broken"]
    result: StageResult | None
    api_id: str
    stage: str | None
    resource: str | None
    stopped_at: str | None = None
    response_type: str | None = None


Conversation = Generator[Effect, Reply, Answer]


def converse(served: ServedApi, request: Request, environment: Environment) -> Conversation:
    """Answer one request for `served`: yields effects, is sent replies, returns the answer."""
    trace: list[Step] = []

    def refused(refusal: Refusal, so_far: StageResult | None) -> Answer:
        return _refused(refusal, so_far, served, request, environment, trace)

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
) -> Conversation:
    """What comes behind access: validation, mapping, the integration, and back."""

    def refused(refusal: Refusal, so_far: StageResult | None) -> Answer:
        return _refused(refusal, so_far, served, request, environment, trace)

    # The response cache has its place here.
    opened = open_body(routed, trace)
    if isinstance(opened, Refusal):
        return refused(opened, routed)
    validated = validate(opened, trace)
    if isinstance(validated, Refusal):
        return refused(validated, routed)
    prepared = prepare(validated, trace)
    if isinstance(prepared, Refusal):
        return refused(prepared, routed)
    answered = yield from integrate(prepared, trace)
    if isinstance(answered, Refusal):
        return refused(answered, prepared)
    mapped = map_response(answered, trace)
    if isinstance(mapped, Refusal):
        return refused(mapped, answered)
    response = send(mapped, trace)
    if answered.streamed:
        yield from _stream(response, trace)
    return _answer(response, mapped, routed, trace)


def _let_in(routed: Routed, trace: list[Step]) -> Generator[Effect, Reply, Routed | Refusal]:
    """Resource policy, authorizer, API key and limits, in this order (access-control facts, 1)."""
    kept_out = admit(routed, trace)
    if kept_out is not None:
        return kept_out
    if routed.plan.method.authorization_type != "NONE":
        authorized = yield from authorize(routed, trace)
        if isinstance(authorized, Refusal):
            return authorized
        routed = authorized
    if needs_metering(routed):
        return (yield from meter(routed, trace))
    return routed


def broken_down(
    served: ServedApi, request: Request, environment: Environment, facts: Mapping[str, Fact]
) -> Answer:
    """What the client is told where the core itself breaks: Amazon's internal error."""
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


def routed_of(result: StageResult | None) -> Routed | None:
    """The route within what the last stage found."""
    if isinstance(result, Mapped):
        result = result.answered
    if isinstance(result, Answered):
        result = result.prepared
    if isinstance(result, Prepared):
        result = result.routed
    return result if isinstance(result, Routed) else None

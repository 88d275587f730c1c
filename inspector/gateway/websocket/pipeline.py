"""The order of the stages of a WebSocket API's events, on one screen.

Sources: websocket.md, sections 1 to 7 (guide; recorded in 2026). A connection's events are
conversations of their own, each with the connection's state as an input:

* CONNECT, the handshake: stage, `$connect`, its authorizer, API key and throttle (nobody else asks
  for any), its integration, whose status decides; 101 without an integration.
* MESSAGE: the route that the selection expression gives, else `$default`; throttle, model,
  integration; what it says is sent only where the route has a route response.
* DISCONNECT: `$disconnect`, if there is one; nobody waits for what it says.

What is no event of a connection is a call of `@connections`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Literal

from inspector.gateway.answer import Answer, Conversation
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import management
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import (
    Answered,
    Chosen,
    Mapped,
    SocketResult,
    chosen_of,
    deployment_of,
)
from inspector.gateway.websocket.stages.authorize import authorize
from inspector.gateway.websocket.stages.choose import choose
from inspector.gateway.websocket.stages.integrate import integrate
from inspector.gateway.websocket.stages.join import join
from inspector.gateway.websocket.stages.manage import manage
from inspector.gateway.websocket.stages.map_response import map_response
from inspector.gateway.websocket.stages.meter import meter
from inspector.gateway.websocket.stages.prepare import prepare
from inspector.gateway.websocket.stages.send import refuse, send
from inspector.gateway.websocket.stages.validate import validate
from inspector.message import Headers, Request, Response


def converse_socket(
    served: ServedWebSocketApi, request: Request, environment: Environment
) -> Conversation:
    """Answer one event of a connection, or one call of `@connections`.

    The answer's response is the handshake's (101 where it is accepted); of a message the frame is
    its body (empty: none is sent) and its status what the access log has.
    """
    trace: list[Step] = []
    if environment.socket is None:
        managed, response = yield from manage(served, request, environment, trace)
        return _answer(response, managed, served, trace)
    joined = join(served, request, environment, trace)
    if isinstance(joined, SocketRefusal):
        return _refused(joined, None, served, environment, trace)
    chosen = choose(joined, trace)
    if isinstance(chosen, SocketRefusal):
        return _refused(chosen, joined, served, environment, trace)
    let_in = yield from _let_in(chosen, trace)
    if isinstance(let_in, SocketRefusal):
        return _refused(let_in, chosen, served, environment, trace)
    mapped = yield from _carried_out(let_in, trace)
    if isinstance(mapped, tuple):
        return _refused(*mapped, served, environment, trace)
    return _answer(send(mapped, trace), mapped, served, trace)


def _let_in(chosen: Chosen, trace: list[Step]) -> Generator[Effect, Reply, Chosen | SocketRefusal]:
    """The authorizer and the API key of `$connect`; the throttle of any route; a message's model."""
    if chosen.plan is None:
        return chosen
    if chosen.joined.socket.event == "CONNECT":
        authorized = yield from authorize(chosen, chosen.plan, trace)
        if isinstance(authorized, SocketRefusal):
            return authorized
        chosen = authorized
    metered = yield from meter(chosen, trace)
    return metered if isinstance(metered, SocketRefusal) else validate(metered, trace)


def _carried_out(
    chosen: Chosen, trace: list[Step]
) -> Generator[Effect, Reply, Mapped | tuple[SocketRefusal, SocketResult]]:
    """The integration, and what becomes of its answer; a refusal with how far it came."""
    plan = chosen.plan
    if plan is None or plan.integration is None:
        return Mapped(chosen, 200, Headers(), b"")
    prepared = prepare(chosen, plan, trace)
    if isinstance(prepared, SocketRefusal):
        return prepared, chosen
    answered: Answered | SocketRefusal = yield from integrate(prepared, trace)
    if isinstance(answered, SocketRefusal):
        return answered, prepared
    mapped = map_response(answered, trace)
    return (mapped, answered) if isinstance(mapped, SocketRefusal) else mapped


def broken_down_socket(
    served: ServedWebSocketApi, environment: Environment, facts: Mapping[str, Fact]
) -> Answer:
    """What the client is told where the core itself breaks."""
    refusal = SocketRefusal("gateway", "gateway.crashed", "API_CONFIGURATION_ERROR", facts,
                            failed=True)  # fmt: skip
    if environment.socket is None:
        step = Step(refusal.stage, "failed", refusal.code, facts)
        return _answer(management.broken_down(environment), None, served, [step])
    return _refused(refusal, None, served, environment, [])


def _answer(
    response: Response, found: SocketResult | None, served: ServedWebSocketApi, trace: list[Step]
) -> Answer:
    last = trace[-1] if trace else None
    outcome: Literal["answered", "refused", "failed"] = "answered"
    if last is not None and last.outcome in ("refused", "failed"):
        outcome = "refused" if last.outcome == "refused" else "failed"
    deployment, chosen = deployment_of(found), chosen_of(found)
    return Answer(
        response,
        tuple(trace),
        outcome,
        found,
        served.api.id,
        None if deployment is None else deployment.stage.name,
        None if chosen is None else chosen.key,
        None if outcome == "answered" or last is None else last.stage,
    )


def _refused(
    refusal: SocketRefusal,
    so_far: SocketResult | None,
    served: ServedWebSocketApi,
    environment: Environment,
    trace: list[Step],
) -> Answer:
    response = refuse(refusal, environment, trace)
    deployment, chosen = deployment_of(so_far), chosen_of(so_far)
    return Answer(
        response,
        tuple(trace),
        "failed" if refusal.failed else "refused",
        so_far,
        served.api.id,
        None if deployment is None else deployment.stage.name,
        None if chosen is None else chosen.key,
        refusal.stage,
        refusal.type,
    )

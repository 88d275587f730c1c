"""The mapping templates that a recorded exchange went through, each ready to be run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl

from inspector.gateway.deploy import Gateway
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.pipeline import routed_of
from inspector.gateway.rendering import Rendering
from inspector.gateway.results import Answered, Mapped
from inspector.gateway.stages.map_response import response_rendering
from inspector.gateway.stages.request_body import request_rendering
from inspector.gateway.websocket import results as of_sockets
from inspector.gateway.websocket.rendering import SocketRendering
from inspector.gateway.websocket.results import Chosen, chosen_of
from inspector.gateway.websocket.stages.map_response import (
    response_rendering as socket_response_rendering,
)
from inspector.gateway.websocket.stages.request_body import (
    request_rendering as socket_request_rendering,
)
from inspector.model import Source, Template
from inspector.recording.exchange import Exchange
from inspector.replay.rerun import NotRerunnableError, rerun

Side = Literal["request", "response", "scratch"]
_NOWHERE: Final = Source("scratch", 1, 1, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """A template that the exchange went through.

    `variables` makes what it saw, fresh for each run: `input`, `util`, `context` (whole, whatever
    the template asks for) and `stageVariables`. `media_type` is the key it is declared under, in a
    WebSocket API the one that its template selection expression gave.
    """

    side: Side
    media_type: str
    text: str
    source: Source
    variables: Callable[[], dict[str, object]]


def passages(exchange: Exchange, gateway: Gateway) -> list[Passage]:
    """In the order they were run, by running the exchange again, offline.

    Raises `NotRerunnableError`.
    """
    answer = rerun(exchange, gateway).answer
    if answer is None:
        raise NotRerunnableError("the recording has no reply to what the gateway asks")
    result = answer.result
    chosen = chosen_of(result)
    if chosen is not None:
        return _of_socket(chosen, result)
    routed = routed_of(result)
    answered = result.answered if isinstance(result, Mapped) else result
    if isinstance(answered, Answered) and answered.cached:
        return []
    found = []
    if routed is not None and (asked := request_rendering(routed)) is not None:
        declared = getattr(routed.plan.integration, "request_templates", {})
        found.append(_passage("request", asked, [declared]))
    if isinstance(answered, Answered) and (told := response_rendering(answered)) is not None:
        plans = answered.prepared.routed.plan.responses
        found.append(_passage("response", told, [plan.declared.templates for plan in plans]))
    return found


def _of_socket(chosen: Chosen, result: object) -> list[Passage]:
    """The templates that an event of a WebSocket went through."""
    found, plan = [], chosen.plan
    if plan is None or plan.integration is None:
        return []
    asked = socket_request_rendering(chosen)
    if asked is not None:
        found.append(_passage("request", asked, [plan.integration.request_templates]))
    answered = result.answered if isinstance(result, of_sockets.Mapped) else result
    if isinstance(answered, of_sockets.Answered):
        told = socket_response_rendering(answered)
        if told is not None:
            declared = [each.templates for each in plan.integration.responses]
            found.append(_passage("response", told, declared))
    return found


def grounds(exchange: Exchange, gateway: Gateway | None) -> list[Passage]:
    """What a template of one's own could see of the exchange: as a request's, as an answer's.

    With the whole `$context` where a definition is held and the exchange came that far; else with
    body, query and headers as they were sent.
    """
    routed, chosen = None, None
    if gateway is not None and exchange.api_id is not None:
        answer = rerun(exchange, gateway).answer
        routed = None if answer is None else routed_of(answer.result)
        chosen = None if answer is None else chosen_of(answer.result)
    bodies = [("the request", exchange.request.body)]
    if exchange.response is not None:
        bodies.append(("the response", exchange.response.body))
    found = []
    for of, body in bodies:
        text = body.decode("utf-8", "replace")
        ground: Rendering | SocketRendering | TemplateInputs = _as_sent(exchange, text)
        if routed is not None:
            ground = Rendering(Template("", _NOWHERE), routed, text)
        elif chosen is not None:
            ground = SocketRendering(Template("", _NOWHERE), "", chosen, text)
        found.append(Passage("scratch", f"on {of}", "", _NOWHERE, ground.variables))
    return found


def _as_sent(exchange: Exchange, body: str) -> TemplateInputs:
    request = exchange.request
    query = dict(parse_qsl(request.target.partition("?")[2], keep_blank_values=True))
    members = {
        "httpMethod": request.method,
        "path": request.target.partition("?")[0],
        "stage": exchange.stage,
    }
    return TemplateInputs(body, {}, query, dict(request.headers.fields), members)


def _passage(
    side: Side, found: Rendering | SocketRendering, declared: Sequence[Mapping[str, Template]]
) -> Passage:
    """With the media type that the template stands under."""
    keys = (key for each in declared for key in each if each[key] is found.template)
    template = found.template
    return Passage(side, next(keys, ""), template.text, template.source, found.variables)

"""The mapping templates that a recorded exchange went through, each ready to be run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inspector.gateway.deploy import Gateway
from inspector.gateway.pipeline import routed_of
from inspector.gateway.rendering import Rendering
from inspector.gateway.results import Answered, Mapped
from inspector.gateway.stages.map_response import response_rendering
from inspector.gateway.stages.request_body import request_rendering
from inspector.model import Source, Template
from inspector.recording.exchange import Exchange
from inspector.replay.rerun import NotRerunnableError, rerun

Side = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A template that the exchange went through.

    `variables` makes what it saw, fresh for each run: `input`, `util`, `context` (whole, whatever
    the template asks for) and `stageVariables`. `media_type` is the key it is declared under.
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


def _passage(side: Side, found: Rendering, declared: Sequence[Mapping[str, Template]]) -> Passage:
    """With the media type that the template stands under."""
    keys = (key for each in declared for key in each if each[key] is found.template)
    template = found.template
    return Passage(side, next(keys, ""), template.text, template.source, found.variables)

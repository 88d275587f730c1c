"""The mapping templates that a recorded exchange went through, each ready to be run again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from inspector.gateway import rendering
from inspector.gateway.deploy import Gateway
from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.replay.rerun import rerun

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
    with rendering.watched() as found:
        rerun(exchange, gateway)
    return [_passage(each) for each in found]


def _passage(found: rendering.Rendering) -> Passage:
    integration = found.routed.plan.integration
    asked = {} if integration is None else getattr(integration, "request_templates", {})
    side: Side = "response"
    media_type = ""
    for key, template in asked.items():
        if template is found.template:
            side, media_type = "request", key
    for plan in found.routed.plan.responses:
        for key, template in plan.declared.templates.items():
            if template is found.template:
                side, media_type = "response", key
    source = found.template.source
    return Passage(side, media_type, found.template.text, source, found.variables)

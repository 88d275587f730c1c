"""Run a recorded exchange again, offline, from the recording alone.

The same request, environment, definition and replies give the same response and the same trace.
Under another definition an effect that changed has no recorded reply: the re-run says so instead
of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspector.definitions import Bundle, read
from inspector.definitions.deployed import deployed
from inspector.gateway.deploy import Gateway, Served
from inspector.gateway.effects import Effect, StreamEnded
from inspector.gateway.pipeline import Answer, converse
from inspector.recording.exchange import Exchange
from inspector.replay.passed import why_untold
from inspector.runtime.drive import UnknownEffectError, drive, recorded


@dataclass(frozen=True, slots=True)
class Rerun:
    """What came of it. `answer` is None where the recording could not tell (`unknown`)."""

    answer: Answer | None
    unknown: Effect | None


class NotRerunnableError(Exception):
    """The exchange cannot be run again, and why."""


def gateway_of(bundle_json: str) -> Gateway:
    """The gateway that a recorded definition bundle describes; reads no disk.

    Raises `NotRerunnableError` for a bundle that this release cannot read.
    """
    loaded = read(Bundle.from_json(bundle_json))
    if loaded.broken:
        raise NotRerunnableError("the recorded definition has errors")
    return deployed(loaded)


def rerun(exchange: Exchange, gateway: Gateway) -> Rerun:
    """Run `exchange` again under `gateway`, answering its effects from the recording.

    Raises `NotRerunnableError` for an exchange of a host without definition.
    """
    served = served_of(exchange, gateway)
    performed = ((each.effect, each.reply) for each in exchange.performed)
    conversation = converse(served, exchange.request, exchange.environment)
    try:
        answer = drive(conversation, recorded(performed))
    except UnknownEffectError as error:
        return Rerun(None, error.effect)
    return Rerun(_with_stream(answer, exchange), None)


def _with_stream(answer: Answer, exchange: Exchange) -> Answer:
    """The body that went by outside of the core, as much of it as was kept."""
    ended = exchange.performed[-1].reply if exchange.performed else None
    if not isinstance(ended, StreamEnded):
        return answer
    return replace(answer, response=replace(answer.response, body=ended.kept))


def served_of(exchange: Exchange, gateway: Gateway) -> Served:
    """The API that the exchange was sent to. Raises `NotRerunnableError` where there is none."""
    if exchange.api_id is None:
        raise NotRerunnableError(why_untold(exchange))
    through_domain = gateway.through_domain(exchange.request)
    if through_domain is not None:
        return through_domain
    for served in gateway.apis:
        if served.api.id == exchange.api_id:
            return served
    raise NotRerunnableError(f"the definition has no API {exchange.api_id}")

"""What the readers of an exchange (execution log, access log, metrics) need of a recorded one."""

from __future__ import annotations

from inspector.gateway.deploy import Gateway
from inspector.gateway.told import Told
from inspector.recording.exchange import Exchange
from inspector.replay.rerun import NotRerunnableError, rerun


def told_of(exchange: Exchange, gateway: Gateway) -> Told:
    """The exchange run again from its recording, with the times that its effects took then.

    Raises `NotRerunnableError` where the recording does not tell enough.
    """
    result = rerun(exchange, gateway)
    if result.answer is None:
        key = result.unknown.key if result.unknown is not None else "an effect"
        raise NotRerunnableError(f"the recording has no answer to {key}")
    performed = [
        (each.effect, each.reply, (each.ended_us - each.started_us) // 1000)
        for each in exchange.performed
    ]
    return Told(exchange.request, exchange.environment, result.answer, performed)

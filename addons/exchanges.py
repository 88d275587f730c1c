"""The record of a request that the gateway answered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector import __version__
from inspector.gateway.effects import StreamEnded
from inspector.gateway.environment import Environment
from inspector.gateway.pipeline import Answer
from inspector.message import Request, Response
from inspector.recording.exchange import Exchange, Performed
from inspector.runtime.failures import STOPPED


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived. `began_ns` is on the performance counter."""

    request: Request
    environment: Environment
    started_us: int
    began_ns: int
    definition: str
    host: str
    replay_of: int | None = None


_GONE = "the client hung up before the answer was there"


def exchange_of(
    asked: Asked,
    answer: Answer,
    performed: Sequence[Performed],
    request_size: int | None = None,
    *,
    gone: bool = False,
) -> Exchange:
    """Everything that is needed to look at the request again, and to run it again.

    `gone`: the client had hung up when the answer was there.
    """
    response, response_size, cap = answer.response, len(answer.response.body), None
    ended = performed[-1].reply if performed else None
    if isinstance(ended, StreamEnded):
        response = Response(response.status, response.headers, ended.kept)
        response_size = ended.size
        cap = len(ended.kept) if ended.size > len(ended.kept) else None
    size = len(asked.request.body) if request_size is None else request_size
    return Exchange(
        started_us=asked.started_us,
        duration_us=(time.perf_counter_ns() - asked.began_ns) // 1000,
        request=asked.request,
        response=response,
        environment=asked.environment,
        host=asked.host,
        outcome=answer.outcome,
        trace=answer.trace,
        performed=tuple(performed),
        api_id=answer.api_id,
        stage=answer.stage,
        resource=answer.resource,
        definition=asked.definition,
        engine=__version__,
        stopped_at=answer.stopped_at,
        response_type=answer.response_type,
        origin="live" if asked.replay_of is None else "replayed",
        replay_of=asked.replay_of,
        request_size=size,
        response_size=response_size,
        error=_GONE if gone else None,
        body_cap=cap if request_size is None else 0,
    )


def unanswered(asked: Asked, performed: Sequence[Performed], api_id: str) -> Exchange:
    """The record of a request that was still under way when the gateway was stopped."""
    return replace(
        _without_answer(asked, STOPPED),
        outcome="broken",
        performed=tuple(performed),
        api_id=api_id,
        definition=asked.definition,
        origin="live" if asked.replay_of is None else "replayed",
        replay_of=asked.replay_of,
    )


def misdirected(asked: Asked, response: Response) -> Exchange:
    """The record of a request that named none of the APIs, and of what it was told."""
    error = f"several APIs are served here, and {asked.host} is none of them"
    return replace(
        _without_answer(asked, error), response=response, response_size=len(response.body)
    )


def _without_answer(asked: Asked, error: str) -> Exchange:
    return Exchange(
        started_us=asked.started_us,
        duration_us=(time.perf_counter_ns() - asked.began_ns) // 1000,
        request=asked.request,
        response=None,
        environment=asked.environment,
        host=asked.host,
        outcome="refused",
        engine=__version__,
        request_size=len(asked.request.body),
        error=error,
    )

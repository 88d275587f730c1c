"""API keys and usage plans: who may call which stages, how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from inspector.model.source import Source
from inspector.model.stage import Throttle

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StageKey:
    """A stage by its API's id and its own name. `source` is where the reference stands."""

    api_id: str
    stage: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that clients send as `x-api-key`.

    `value` is a stable stand-in where the definition leaves it to Amazon; `generated` tells so.
    `stage_keys` is Amazon's older way of joining a key to stages.
    """

    id: str
    source: Source
    value: str
    name: str | None = None
    enabled: bool = True
    generated: bool = False
    customer_id: str | None = None
    description: str | None = None
    stage_keys: tuple[StageKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` requests in a `period`, of which `offset` count as used at first."""

    limit: int
    period: Literal["DAY", "WEEK", "MONTH"]
    offset: int
    source: Source


@dataclass(frozen=True, slots=True)
class PlanStage:
    """A stage that a plan opens. `throttles` by `/path/METHOD`, for single methods."""

    stage: StageKey
    throttles: Mapping[str, Throttle] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePlan:
    """What its keys may call, and how often. `keys` are ids of ApiKey."""

    id: str
    source: Source
    name: str | None = None
    description: str | None = None
    api_stages: tuple[PlanStage, ...] = ()
    throttle: Throttle | None = None
    quota: Quota | None = None
    keys: tuple[str, ...] = ()

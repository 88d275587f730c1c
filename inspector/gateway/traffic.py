"""Keys, plans and throttles made ready for one stage: who may call it, how often.

Sources: access-control facts, section 8 (recorded in 2026); developer guide, "Throttle requests to
your REST APIs" for the order of the limits: the plan's method, the plan, the stage's method, the
stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inspector.gateway.effects import Bucket, QuotaCount
from inspector.model import ApiKey, RestApi, Stage, Throttle, UsagePlan, WebSocketApi


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a stage knows of its callers. `keys` by value; `plans` of this stage by a key's id."""

    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    plans: Mapping[str, UsagePlan] = field(default_factory=dict)
    stage: Stage | None = None
    place: str = ""

    @property
    def throttled(self) -> bool:
        """Whether the stage itself limits anything."""
        settings = self.stage.method_settings.values() if self.stage else ()
        return any(_limits(each.throttle) for each in settings)

    def buckets(self, plan: UsagePlan | None, key: ApiKey | None, method: str) -> list[Bucket]:
        """The token buckets of a call, in the order in which they are looked at."""
        found: list[Bucket] = []
        if plan is not None and key is not None:
            owner = f"plan {plan.id} key {key.id}"
            for each in plan.api_stages:
                single = each.throttles.get(method)
                if _is_stage(each.stage.api_id, each.stage.stage, self.place) and single:
                    _add(found, f"{owner} {method}", single)
            _add(found, owner, plan.throttle)
        if self.stage is not None:
            settings = self.stage.method_settings
            for name in (method, "*/*"):
                own = settings.get(name)
                _add(found, f"stage {self.place} {name}", None if own is None else own.throttle)
        return found

    def quota(self, plan: UsagePlan | None, key: ApiKey | None) -> QuotaCount | None:
        """What the plan's quota counts for this key."""
        if plan is None or key is None or plan.quota is None:
            return None
        quota = plan.quota
        return QuotaCount(f"plan {plan.id} key {key.id}", quota.limit, quota.period, quota.offset)


def traffic_of(
    api: RestApi | WebSocketApi, stage: Stage, keys: Iterable[ApiKey], plans: Iterable[UsagePlan]
) -> Traffic:
    """What is declared for one stage."""
    place = f"{api.id}/{stage.name}"
    opened: dict[str, UsagePlan] = {}
    for plan in plans:
        stages = (each.stage for each in plan.api_stages)
        if any(_is_stage(each.api_id, each.stage, place) for each in stages):
            for key_id in plan.keys:
                opened.setdefault(key_id, plan)
    return Traffic({key.value: key for key in keys}, opened, stage, place)


def _is_stage(api_id: str, stage: str, place: str) -> bool:
    return f"{api_id}/{stage}" == place


def _limits(throttle: Throttle | None) -> bool:
    return throttle is not None and (throttle.rate is not None or throttle.burst is not None)


def _add(found: list[Bucket], name: str, throttle: Throttle | None) -> None:
    if throttle is None or not _limits(throttle):
        return
    rate = throttle.rate if throttle.rate is not None else float(throttle.burst or 0)
    burst = throttle.burst if throttle.burst is not None else max(1, int(rate))
    found.append(Bucket(name, rate, burst))

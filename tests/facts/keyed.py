"""The API key of a case, its usage plan, and what is left of the plan's quota and throttle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.gateway.effects import QuotaCount
from inspector.model import ApiKey, PlanStage, Quota, Source, StageKey, Throttle, UsagePlan
from inspector.testing import Gateway

#: Members of `given` that are about keys and plans.
GIVEN = {"key", "plan", "planStages", "quota", "bucket", "throttle"}
KEY, KEY_ID = "key-value-0123456789abcdef", "keyid12345"
_SOURCE = Source("case", 1, 1, "")


def key_of(given: Mapping[str, Any]) -> ApiKey:
    """The key, enabled unless the case says otherwise."""
    return ApiKey(id=KEY_ID, source=_SOURCE, value=KEY, enabled="disabled" not in _said(given))


def plans_of(given: Mapping[str, Any]) -> list[UsagePlan]:
    """The one plan; the key is in it unless the case says otherwise."""
    plan = given["plan"] if isinstance(given.get("plan"), Mapping) else {}
    stages = given.get("planStages", plan.get("stages", ["dev"]))
    quota = _quota(given)
    without = "no plan" in _said(given) or given.get("plan", "plan") in (None, False, "none")
    return [
        UsagePlan(
            id="plan1",
            source=_SOURCE,
            api_stages=tuple(PlanStage(StageKey("api1", name, _SOURCE)) for name in stages),
            throttle=_throttle(given),
            quota=None if quota is None else Quota(quota["limit"], quota["period"], 0, _SOURCE),
            keys=() if without else (KEY_ID,),
        )
    ]


def spend(gateway: Gateway, given: Mapping[str, Any]) -> None:
    """Count what the case says is used of the quota; all of it where it does not say."""
    quota = _quota(given)
    if quota is not None:
        counted = QuotaCount(f"plan plan1 key {KEY_ID}", quota["limit"], quota["period"])
        used = quota.get("used", quota["limit"])
        gateway.meters.spend(counted, used, gateway.environment.time_ms)


def drained(given: Mapping[str, Any]) -> bool:
    """Whether the bucket has been emptied before the case's first request."""
    bucket = given.get("bucket")
    if isinstance(bucket, Mapping):
        return any(bucket.get(name, 1) == 0 for name in ("tokens", "level", "left", "remaining"))
    return bucket in ("empty", "drained", "used up", 0)


def _said(given: Mapping[str, Any]) -> str:
    return f"{given.get('key', 'in plan')} {given.get('plan', '')}"


def _quota(given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if given.get("key") == "disabled, quota used up":
        return {"limit": 1, "period": "DAY", "used": 1}
    plan = given["plan"] if isinstance(given.get("plan"), Mapping) else {}
    found: Mapping[str, Any] | None = given.get("quota", plan.get("quota"))
    return found


def _throttle(given: Mapping[str, Any]) -> Throttle | None:
    plan = given["plan"] if isinstance(given.get("plan"), Mapping) else {}
    found = given.get("bucket", given.get("throttle", plan.get("throttle")))
    if found is None:
        return None
    numbers = found if isinstance(found, Mapping) else {}
    burst = 1 if drained(given) else numbers.get("burst", numbers.get("burstLimit", 1))
    return Throttle(float(numbers.get("rate", numbers.get("rateLimit", 1))), burst, _SOURCE)

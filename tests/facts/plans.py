"""The API keys of a case, each with the plan that opens its stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.model import ApiKey, PlanStage, Source, StageKey, UsagePlan

#: The API's id, where a case has keys.
API_ID = "keyedapi01"
_SOURCE = Source("case", 1, 1, "")


def options(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the in-process gateway is told of `apiKeys`; nothing where there are none."""
    if "apiKeys" not in case:
        return {}
    keys = [
        ApiKey(id=f"key{number}", source=_SOURCE, value=each["value"],
               enabled=each.get("enabled", True))
        for number, each in enumerate(case["apiKeys"])
    ]  # fmt: skip
    plans = [
        UsagePlan(
            id=f"plan{number}",
            source=_SOURCE,
            api_stages=tuple(
                PlanStage(StageKey(API_ID, stage, _SOURCE)) for stage in each.get("plan_stages", ())
            ),
            keys=(f"key{number}",),
        )
        for number, each in enumerate(case["apiKeys"])
    ]
    return {"api_id": API_ID, "api_keys": keys, "usage_plans": plans}

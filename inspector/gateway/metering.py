"""What the buckets and the quota of a request said, as facts of the trace."""

from __future__ import annotations

from inspector.gateway.effects import Meter, Metered
from inspector.gateway.trace import Fact


def metered_facts(asked: Meter, reply: Metered) -> dict[str, Fact]:
    """What is used and left of each; with what refused it, and for how long."""
    facts: dict[str, Fact] = {}
    if asked.quota is not None:
        facts["quota"] = f"{reply.used} of {asked.quota.limit} a {asked.quota.period.lower()}"
    for bucket, level in zip(asked.buckets, reply.levels, strict=False):
        facts[bucket.name] = f"{level:.2f} of {bucket.burst} tokens, {bucket.rate:g} a second"
    if reply.refused is not None:
        facts["wait_ms"] = reply.wait_ms
    if reply.refused == "throttle":
        assert reply.bucket is not None
        facts["bucket"] = asked.buckets[reply.bucket].name
    return facts

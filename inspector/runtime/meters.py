"""Token buckets and quotas of a gateway. Time comes with the effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inspector.gateway.effects import Bucket, Meter, Metered, QuotaCount


@dataclass(slots=True)
class Level:
    """A bucket's tokens at a moment."""

    tokens: float
    at_ms: int


class Meters:
    """All buckets and counters of one gateway. Not for several threads."""

    def __init__(self) -> None:
        self._levels: dict[str, Level] = {}
        self._used: dict[tuple[str, str], int] = {}

    def take(self, effect: Meter) -> Metered:
        """One request: counted and taken only where nothing refuses it."""
        used, wait_ms = 0, 0
        if effect.quota is not None:
            period, until = _period(effect.quota, effect.now_ms)
            used = self._used.get((effect.quota.name, period), self._offset(effect.quota))
            if used >= effect.quota.limit:
                return Metered("quota", used, (), until - effect.now_ms)
        levels = [self._level(bucket, effect.now_ms) for bucket in effect.buckets]
        for index, (bucket, level) in enumerate(zip(effect.buckets, levels, strict=True)):
            if level.tokens < 1:
                wait_ms = int((1 - level.tokens) / bucket.rate * 1000) + 1 if bucket.rate else 0
                tokens = tuple(each.tokens for each in levels)
                return Metered("throttle", used, tokens, wait_ms, index)
        for level in levels:
            level.tokens -= 1
        if effect.quota is not None:
            used += 1
            self._used[effect.quota.name, period] = used
        return Metered(None, used, tuple(level.tokens for level in levels))

    def state(self) -> dict[str, object]:
        """Levels by bucket and counts by quota and period, for a look."""
        return {
            "buckets": {name: level.tokens for name, level in self._levels.items()},
            "quotas": {f"{name} {period}": used for (name, period), used in self._used.items()},
        }

    def spend(self, quota: QuotaCount, used: int, now_ms: int) -> None:
        """Set what is used of a quota, as a person or a test may want to."""
        self._used[quota.name, _period(quota, now_ms)[0]] = used

    def reset(self) -> None:
        """Full buckets, nothing used."""
        self._levels.clear()
        self._used.clear()

    def _offset(self, quota: QuotaCount) -> int:
        """In its first period a quota begins with its offset (API reference, QuotaSettings)."""
        first = not any(name == quota.name for name, _ in self._used)
        return quota.offset if first else 0

    def _level(self, bucket: Bucket, now_ms: int) -> Level:
        level = self._levels.get(bucket.name)
        if level is None:
            level = self._levels[bucket.name] = Level(float(bucket.burst), now_ms)
            return level
        passed = max(0, now_ms - level.at_ms) / 1000
        level.tokens = min(float(bucket.burst), level.tokens + passed * bucket.rate)
        level.at_ms = max(level.at_ms, now_ms)
        return level


def _period(quota: QuotaCount, now_ms: int) -> tuple[str, int]:
    """The name of the period that is running, and its end in milliseconds (UTC)."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if quota.period == "WEEK":
        start -= timedelta(days=start.weekday())
        end = start + timedelta(days=7)
    elif quota.period == "MONTH":
        start = start.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        end = start + timedelta(days=1)
    return start.strftime("%Y-%m-%d"), int(end.timestamp() * 1000)

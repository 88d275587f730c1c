"""Token buckets and quotas of a gateway. Time comes with the effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inspector.gateway.effects import Bucket, Meter, Metered, QuotaCount


@dataclass(slots=True)
class Level:
    """A bucket's tokens at a moment."""

    bucket: Bucket
    tokens: float
    at_ms: int

    def at(self, now_ms: int) -> float:
        """The tokens at another moment, without taking any."""
        passed = max(0, now_ms - self.at_ms) / 1000
        return min(float(self.bucket.burst), self.tokens + passed * self.bucket.rate)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is used of a quota in one period, which ends at `until_ms` (milliseconds, UTC)."""

    quota: QuotaCount
    used: int
    until_ms: int


class Meters:
    """All buckets and counters of one gateway. Not for several threads."""

    def __init__(self) -> None:
        self._levels: dict[str, Level] = {}
        self._used: dict[tuple[str, str], Counted] = {}

    def take(self, effect: Meter) -> Metered:
        """One request: counted and taken only where nothing refuses it."""
        used, wait_ms = 0, 0
        if effect.quota is not None:
            period, until = _period(effect.quota, effect.now_ms)
            counted = self._used.get((effect.quota.name, period))
            used = self._offset(effect.quota) if counted is None else counted.used
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
            self._used[effect.quota.name, period] = Counted(effect.quota, used, until)
        return Metered(None, used, tuple(level.tokens for level in levels))

    def levels(self) -> dict[str, Level]:
        """The buckets that were asked for, by name."""
        return dict(self._levels)

    def quotas(self) -> dict[tuple[str, str], Counted]:
        """What was counted, by quota and the day its period began."""
        return dict(self._used)

    def spend(self, quota: QuotaCount, used: int, now_ms: int) -> None:
        """Set what is used of a quota, as a person or a test may want to."""
        period, until = _period(quota, now_ms)
        self._used[quota.name, period] = Counted(quota, used, until)

    def fill(self, bucket: str) -> bool:
        """A full bucket; False for one that nobody has asked for."""
        return self._levels.pop(bucket, None) is not None

    def forget(self, quota: str, period: str) -> bool:
        """Nothing used; False for a quota that was not counted."""
        return self._used.pop((quota, period), None) is not None

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
            level = self._levels[bucket.name] = Level(bucket, float(bucket.burst), now_ms)
            return level
        level.bucket = bucket  # an edit of the definition counts from now on
        level.tokens = level.at(now_ms)
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

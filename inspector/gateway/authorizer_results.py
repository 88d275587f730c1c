"""Where results of Lambda authorizers are kept: one cache an authorizer of a stage, keyed by identity.

Source: access-control facts, sections 4 and 5 (the key is the token or all identity sources; what
is kept is the function's answer, judged anew at each use).
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from inspector.gateway.effects import Effect, LookedUp, LookUp, Reply, Store
from inspector.gateway.environment import Environment
from inspector.gateway.trace import Fact


def cache_of(api_id: str, stage: str | None, authorizer: str) -> str:
    """The name of an authorizer's cache."""
    return f"authorizer {api_id}/{stage} {authorizer}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the result for one identity is kept."""

    cache: str
    identity: Sequence[str | None]
    environment: Environment

    @property
    def entry(self) -> str:
        """The values of the identity sources, in their order."""
        return json.dumps(list(self.identity), ensure_ascii=True)

    def look_up(self, facts: dict[str, Fact]) -> Generator[Effect, Reply, bytes | None]:
        """What the function answered last time, None for nothing; `facts` are told which."""
        found = yield LookUp(self.cache, self.entry, self.environment.time_ms)
        assert isinstance(found, LookedUp)
        facts["cache"] = "miss" if found.value is None else "hit"
        if found.value is not None:
            facts["age_ms"], facts["filled_by"] = found.age_ms, found.filled_by
        return found.value

    def store(self, answer: bytes, ttl_seconds: int) -> Store:
        """Keep the answer from now on."""
        now, by = self.environment.time_ms, self.environment.request_id
        return Store(self.cache, self.entry, answer, now, ttl_seconds * 1000, by)

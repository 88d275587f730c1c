"""Production or canary: chance decides, request by request.

Sources: facts 236 and 237 (recorded: at 100 % the canary's deployment with its variables laid over
the stage's, at 0 % the stage's own); developer guide, "Set up an API Gateway canary release
deployment" (traffic is separated at random, whoever calls). The stage's limits, keys and logs are
those of both.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway.effects import Draw, Drawn, Effect, Reply
from inspector.gateway.results import Resolved
from inspector.gateway.trace import Fact, Step


def draw(resolved: Resolved, trace: list[Step]) -> Generator[Effect, Reply, Resolved]:
    """The same request at the deployment that chance chose."""
    stage = resolved.deployment.stage
    second, settings = resolved.deployment.canary, stage.canary
    assert second is not None
    assert settings is not None
    reply = yield Draw(f"canary {resolved.deployment.api.id}/{stage.name}")
    assert isinstance(reply, Drawn)
    chosen = reply.number < settings.percent
    facts: dict[str, Fact] = {
        "stage": stage.name,
        "percent": settings.percent,
        "drawn": reply.number,
        "overrides": dict(settings.variables),
        "own_definition": settings.api is not None,
    }
    code = "draw.canary" if chosen else "draw.production"
    trace.append(Step("draw", "ok", code, facts, settings.source))
    return replace(resolved, deployment=second) if chosen else resolved

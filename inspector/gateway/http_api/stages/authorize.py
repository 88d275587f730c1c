"""Who calls, and whether he may: JWT, Lambda and IAM authorizers of HTTP APIs have their place here.

A route that asks for one which is not built yet lets every caller pass; the definition's reader
says so, and so does the trace.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.trace import Fact, Step

#: The same request with what is known of its caller (`Matched.access`), or why he may not.
Authorizing = Generator[Effect, Reply, Matched | HttpRefusal]


def authorize(matched: Matched, trace: list[Step]) -> Authorizing:
    """Ask the route's authorizer. Called for routes whose authorization type is not NONE."""
    route = matched.plan.route
    facts: dict[str, Fact] = {"type": route.authorization_type, "authorizer": route.authorizer}
    trace.append(Step("authorize", "passed", "authorize.not-built", facts, route.source))
    return matched
    yield  # a generator, as all authorizers are

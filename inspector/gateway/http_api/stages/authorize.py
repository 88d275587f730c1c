"""Who calls, and whether he may: JWT, Lambda and IAM authorizers of HTTP APIs.

Sources: access-control facts, sections 3, 5 and 6. A route that asks for an authorizer which is not
there lets nobody in: Amazon would not have taken such a definition.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.http_api.stages import by_function, by_signature, by_token
from inspector.gateway.trace import Fact, Step
from inspector.model import HttpRequestAuthorizer, JwtAuthorizer

#: The same request with what is known of its caller (`Matched.access`), or why he may not.
Authorizing = Generator[Effect, Reply, Matched | HttpRefusal]


def authorize(matched: Matched, trace: list[Step]) -> Authorizing:
    """Ask the route's authorizer. Called for routes whose authorization type is not NONE."""
    route = matched.plan.route
    if route.authorization_type == "AWS_IAM":
        return (yield from by_signature.ask(matched, trace))
    declared = matched.staged.deployment.api.authorizers.get(route.authorizer or "")
    if isinstance(declared, JwtAuthorizer):
        return (yield from by_token.ask(matched, declared, trace))
    if isinstance(declared, HttpRequestAuthorizer):
        return (yield from by_function.ask(matched, declared, trace))
    facts: dict[str, Fact] = {"type": route.authorization_type, "authorizer": route.authorizer}
    return HttpRefusal(
        "authorize", "authorize.no-authorizer", "AUTHORIZER_CONFIGURATION_ERROR", facts,
        route.source, failed=True,
    )  # fmt: skip

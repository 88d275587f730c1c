"""A Lambda authorizer: its identity sources, its cache, its function, its policy.

Sources: access-control facts, section 4 (recorded: what is enforced without a call, what is
cached, which answer gives which status; stackd rest_lambda_authorizers, 2026).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway import authorizer_event, function_error
from inspector.gateway.access import Access
from inspector.gateway.authorizer_answer import AuthorizerAnswer, InvalidAnswerError, parse
from inspector.gateway.authorizer_results import Place, cache_of
from inspector.gateway.effects import (
    BackendFailure,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.java.regex import pattern
from inspector.gateway.policy.arns import INVOKE, conditions_of, method_arn
from inspector.gateway.policy.combined import combined
from inspector.gateway.policy.evaluation import Asked, Caller, evaluate
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.stages import identity_sources
from inspector.gateway.stages.admit import facts_of, reason, resource_decision, rows_of
from inspector.gateway.stages.identity_sources import IdentitySource
from inspector.gateway.stages.meter import with_key
from inspector.gateway.stages.prepare_function import function_in
from inspector.gateway.trace import Fact, Step
from inspector.model import RequestAuthorizer, TokenAuthorizer
from inspector.model.place import apis_arn

LambdaAuthorizer = TokenAuthorizer | RequestAuthorizer
#: Seconds that a result is kept unless the authorizer says otherwise; Amazon's longest is 3,600.
DEFAULT_TTL = 300
#: Milliseconds that an authorizer's function may take.
_TIMEOUT_MS = 29_000
_DEFAULT_SOURCE = "method.request.header.Authorization"
_DENY = "User is not authorized to access this resource"


def ask(
    routed: Routed, declared: LambdaAuthorizer, trace: list[Step]
) -> Generator[Effect, Reply, Routed | Refusal]:
    """Let in, or refuse, by what the function says or said."""
    routed = with_key(routed)
    default = _DEFAULT_SOURCE if isinstance(declared, TokenAuthorizer) else None
    sources = identity_sources.read(routed, declared.identity_source or default)
    facts: dict[str, Fact] = {
        "authorizer": declared.name,
        "identity": {each.expression: each.value or "" for each in sources},
    }
    missing = [each.expression for each in sources if not each.present]
    if missing:
        facts["missing"] = missing
        return _unauthorized(declared, "authorize.identity-missing", facts)
    if not _fits(declared, sources):
        facts["expression"] = getattr(declared, "identity_validation", None)
        return _unauthorized(declared, "authorize.identity-invalid", facts)
    ttl = DEFAULT_TTL if declared.ttl_seconds is None else declared.ttl_seconds
    payload: bytes | None = None
    latency = 0  # of a cached result, too (recorded)
    place = _place(routed, declared, sources)
    if ttl and sources:
        payload = yield from place.look_up(facts)
    if payload is None:
        answer = yield from _invoke(routed, declared, sources, facts)
        if isinstance(answer, Refusal):
            return answer
        payload, latency = answer
        parsed = _parsed(payload, declared, facts)
        if ttl and sources and isinstance(parsed, AuthorizerAnswer):
            yield place.store(payload, ttl)
    else:
        parsed = _parsed(payload, declared, facts)
    if isinstance(parsed, Refusal):
        return parsed
    parsed = replace(parsed, members={**parsed.members, "integrationLatency": latency})
    return _decided(routed, declared, parsed, facts, trace)


def _fits(declared: LambdaAuthorizer, sources: list[IdentitySource]) -> bool:
    """The validation expression of a TOKEN authorizer; a token that does not fit is never sent."""
    if not isinstance(declared, TokenAuthorizer) or not declared.identity_validation:
        return True
    return pattern(declared.identity_validation).matches(sources[0].value or "")


def _place(routed: Routed, declared: LambdaAuthorizer, sources: list[IdentitySource]) -> Place:
    resolved = routed.resolved
    deployment = resolved.deployment
    cache = cache_of(deployment.api.id, deployment.stage.name, declared.name)
    return Place(cache, [each.value for each in sources], resolved.environment)


def _invoke(
    routed: Routed,
    declared: LambdaAuthorizer,
    sources: list[IdentitySource],
    facts: dict[str, Fact],
) -> Generator[Effect, Reply, tuple[bytes, int] | Refusal]:
    """What the function answered, and after how many milliseconds."""
    function = function_in(declared.uri, routed)
    if function is None:
        facts["uri"] = declared.uri
        return _failed(declared, "authorize.no-function", facts, configuration=True)
    missing = ungranted(
        routed.resolved.deployment.api.grants,
        function,
        declared.credentials,
        _called_as(routed, declared),
    )
    if missing is not None:
        facts.update(missing.facts)
        refusal = _failed(declared, f"authorize.{missing.code}", facts, configuration=True)
        return replace(refusal, source=missing.source or declared.source)
    if isinstance(declared, TokenAuthorizer):
        payload = authorizer_event.token(routed, sources[0].value or "")
    else:
        payload = authorizer_event.request(routed)
    facts["function"] = function
    reply = yield InvokeFunction(
        function, payload, routed.resolved.deployment.limits.waits(_TIMEOUT_MS)
    )
    if isinstance(reply, BackendFailure):
        facts["detail"] = reply.detail
        code = "timeout" if reply.kind == "timeout" else "unreachable"
        return _failed(declared, f"authorize.{code}", facts, configuration=code == "unreachable")
    assert isinstance(reply, FunctionAnswer)
    if reply.error is None:
        return reply.payload, reply.duration_ms
    message = function_error.message_of(reply.payload)[:200]
    facts["error"] = message
    if message == "Unauthorized":
        return _unauthorized(declared, "authorize.said-unauthorized", facts)
    return _failed(declared, "authorize.function-error", facts)


def _called_as(routed: Routed, declared: LambdaAuthorizer) -> list[str]:
    api = routed.resolved.deployment.api
    return [f"{apis_arn(api.region, api.account)}:{api.id}/authorizers/{declared.name}"]


def _parsed(
    payload: bytes, declared: LambdaAuthorizer, facts: dict[str, Fact]
) -> AuthorizerAnswer | Refusal:
    try:
        return parse(payload)
    except InvalidAnswerError as error:
        facts["key"], facts["reason"] = error.key, error.reason
        if error.logged is not None:
            facts["logged"] = error.logged
        facts["answer"] = payload[:500].decode("utf-8", "replace")
        return _failed(declared, "authorize.invalid-answer", facts, configuration=True)


def _decided(
    routed: Routed,
    declared: LambdaAuthorizer,
    answer: AuthorizerAnswer,
    facts: dict[str, Fact],
    trace: list[Step],
) -> Routed | Refusal:
    """The policy judged anew for this method, whoever it was made for (recorded)."""
    arn = method_arn(routed)
    asked = Asked(INVOKE, arn, Caller(), conditions_of(routed, None))
    decision = evaluate(answer.policy, asked)
    facts.update(facts_of(decision, arn))
    facts["principal"] = str(answer.members.get("principalId", ""))
    resource = resource_decision(routed, None)
    declared_policy = routed.resolved.deployment.api.policy
    if declared_policy is not None:
        facts["resource_policy"] = rows_of(resource, declared_policy)
        facts["resource_verdict"] = resource.verdict
    outcome = combined(decision.verdict, resource.verdict, same_account=True)
    if outcome != "Allow":
        explicit = outcome == "ExplicitDeny"
        return Refusal(
            "authorize",
            "authorize.denied" if explicit else "authorize.not-allowed",
            "ACCESS_DENIED",
            facts,
            declared.source,
            message=f"{_DENY} {reason('identity', explicit=explicit)}",
            key="Message",
        )
    trace.append(Step("authorize", "ok", "authorize.allowed", facts, declared.source))
    access = Access(answer.members, usage_key=answer.usage_key, policy=answer.policy)
    return replace(routed, access=access)


def _unauthorized(declared: LambdaAuthorizer, code: str, facts: dict[str, Fact]) -> Refusal:
    return Refusal("authorize", code, "UNAUTHORIZED", facts, declared.source)


def _failed(
    declared: LambdaAuthorizer, code: str, facts: dict[str, Fact], *, configuration: bool = False
) -> Refusal:
    """500 with `{"message":null}` either way (recorded); two gateway responses tell them apart."""
    response_type = "AUTHORIZER_CONFIGURATION_ERROR" if configuration else "AUTHORIZER_FAILURE"
    return Refusal(
        "authorize", code, response_type, facts, declared.source, failed=True, speechless=True
    )

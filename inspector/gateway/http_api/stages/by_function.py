"""A Lambda authorizer of an HTTP API: identity sources, cache, function, answer.

Sources: access-control facts, section 5 (recorded matrix; which source is enough; what the cache is
keyed by and shared between), developer guide (10 s; results cached only with identity sources, for
0 s unless a TTL is declared). A cached policy is judged anew for each route, as on REST APIs.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway import function_error
from inspector.gateway.authorizer_answer import InvalidAnswerError
from inspector.gateway.authorizer_results import Place, cache_of
from inspector.gateway.effects import (
    BackendFailure,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.http_api import authorizer_event, identity_sources
from inspector.gateway.http_api.access import Access
from inspector.gateway.http_api.arns import conditions_of, route_arn
from inspector.gateway.http_api.authorizer_answer import HttpAuthorizerAnswer, parse
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.http_api.identity_sources import IdentitySource
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.policy.arns import INVOKE
from inspector.gateway.policy.evaluation import Asked, Caller, evaluate
from inspector.gateway.stages.admit import facts_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.uri import fill_stage_variables
from inspector.model import HttpRequestAuthorizer
from inspector.model.place import apis_arn

#: Milliseconds that an authorizer's function may take.
TIMEOUT_MS = 10_000
Facts = dict[str, Fact]


def ask(
    matched: Matched, declared: HttpRequestAuthorizer, trace: list[Step]
) -> Generator[Effect, Reply, Matched | HttpRefusal]:
    """Let in, or refuse, by what the function says or said."""
    sources = identity_sources.read(matched, declared.identity_source)
    facts: Facts = {
        "authorizer": declared.name,
        "identity": {each.expression: each.value or "" for each in sources},
    }
    missing = [each.expression for each in sources if each.value is None]
    if missing:
        facts["missing"] = missing
        return _refused(declared, "authorize.identity-absent", "UNAUTHORIZED", facts)
    ttl = (declared.ttl_seconds or 0) if sources else 0
    payload: bytes | None = None
    place = _place(matched, declared, sources)
    if ttl:
        payload = yield from place.look_up(facts)
    kept = payload is not None
    if payload is None:
        said = yield from _invoke(matched, declared, sources, facts)
        if isinstance(said, HttpRefusal):
            return said
        payload = said
    try:
        answer = parse(payload, declared.payload_version, simple=declared.simple_responses)
    except InvalidAnswerError as error:
        facts["key"], facts["reason"] = error.key, error.reason
        facts["answer"] = payload[:500].decode("utf-8", "replace")
        facts["expected"] = _expected(declared)
        return _failed(declared, "authorize.invalid-http-answer", facts)
    if answer.unauthorized:
        return _refused(declared, "authorize.said-unauthorized", "UNAUTHORIZED", facts)
    if ttl and not kept:
        yield place.store(payload, ttl)
    return _decided(matched, declared, answer, facts, trace)


def _expected(declared: HttpRequestAuthorizer) -> str:
    if declared.simple_responses:
        return '{"isAuthorized": true | false, "context": {…}}'
    return '{"principalId": "…", "policyDocument": {"Version", "Statement"}, "context": {…}}'


def _decided(
    matched: Matched,
    declared: HttpRequestAuthorizer,
    answer: HttpAuthorizerAnswer,
    facts: Facts,
    trace: list[Step],
) -> Matched | HttpRefusal:
    facts["principal"] = answer.principal
    if answer.policy is None:
        if not answer.authorized:
            return _refused(declared, "authorize.said-no", "ACCESS_DENIED", facts)
    else:
        arn = route_arn(matched)
        asked = Asked(INVOKE, arn, Caller(), conditions_of(matched, None))
        decision = evaluate(answer.policy, asked)
        facts.update(facts_of(decision, arn))
        if decision.verdict != "allow":
            word = "denied" if decision.verdict == "deny" else "not-allowed"
            return _refused(declared, f"authorize.{word}", "ACCESS_DENIED", facts)
    code = "authorize.function-allowed"
    trace.append(Step("authorize", "ok", code, facts, declared.source))
    access = Access("lambda", answer.members, principal=answer.principal)
    return replace(matched, access=access)


def _place(
    matched: Matched, declared: HttpRequestAuthorizer, sources: list[IdentitySource]
) -> Place:
    deployment = matched.staged.deployment
    cache = cache_of(deployment.api.id, deployment.stage.name, declared.name)
    return Place(cache, [each.value for each in sources], matched.staged.environment)


def _invoke(
    matched: Matched, declared: HttpRequestAuthorizer, sources: list[IdentitySource], facts: Facts
) -> Generator[Effect, Reply, bytes | HttpRefusal]:
    variables = matched.staged.deployment.stage.variables
    function = function_in(fill_stage_variables(declared.uri, variables))
    if function is None:
        facts["uri"] = declared.uri
        return _failed(declared, "authorize.no-function", facts)
    api = matched.staged.deployment.api
    called_as = f"{apis_arn(api.region, api.account)}:{api.id}/authorizers/{declared.name}"
    missing = ungranted(api.grants, function, declared.credentials, [called_as])
    if missing is not None:
        facts.update(missing.facts)
        refusal = _failed(declared, f"authorize.{missing.code}", facts)
        return replace(refusal, source=missing.source or declared.source)
    identity = [each.value or "" for each in sources]
    event = authorizer_event.payload(matched, declared.payload_version, identity)
    facts["function"] = function
    reply = yield InvokeFunction(function, event, TIMEOUT_MS)
    if isinstance(reply, BackendFailure):
        facts["detail"] = reply.detail
        word = "timeout" if reply.kind == "timeout" else "unreachable"
        return _failed(declared, f"authorize.{word}", facts)
    assert isinstance(reply, FunctionAnswer)
    if reply.error is None:
        return reply.payload
    message = function_error.message_of(reply.payload)[:200]
    facts["error"] = message
    if message == "Unauthorized":
        return _refused(declared, "authorize.said-unauthorized", "UNAUTHORIZED", facts)
    return _failed(declared, "authorize.function-error", facts)


def _refused(declared: HttpRequestAuthorizer, code: str, kind: str, facts: Facts) -> HttpRefusal:
    return HttpRefusal("authorize", code, kind, facts, declared.source)


def _failed(declared: HttpRequestAuthorizer, code: str, facts: Facts) -> HttpRefusal:
    return HttpRefusal("authorize", code, "AUTHORIZER_FAILURE", facts, declared.source, failed=True)

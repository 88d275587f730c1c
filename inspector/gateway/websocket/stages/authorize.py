"""Who connects, and whether he may: asked at `$connect`, and never again.

Sources: websocket.md, section 7; captures-2026.md, section 2a (recorded: which answer and which
identity source gives which status; nothing is kept; the validation expression is not enforced).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway import function_error
from inspector.gateway.access import Access
from inspector.gateway.authorizer_answer import AuthorizerAnswer, InvalidAnswerError, parse
from inspector.gateway.effects import (
    BackendFailure,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.policy.arns import INVOKE
from inspector.gateway.policy.evaluation import Asked, Caller, evaluate
from inspector.gateway.stages.admit import facts_of, reason
from inspector.gateway.trace import Fact, Step
from inspector.gateway.uri import fill_stage_variables
from inspector.gateway.websocket import event
from inspector.gateway.websocket.arns import conditions_of, route_arn
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.identity_sources import Given, read
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen
from inspector.gateway.websocket.stages import by_signature
from inspector.model import HttpRequestAuthorizer
from inspector.model.place import apis_arn

Authorizing = Generator[Effect, Reply, Chosen | SocketRefusal]
Facts = dict[str, Fact]
#: Milliseconds that an authorizer's function may take.
_TIMEOUT_MS = 29_000
_DENY = "User is not authorized to access this resource"


def authorize(chosen: Chosen, plan: SocketPlan, trace: list[Step]) -> Authorizing:
    """The same event with what is known of its caller, or why he may not connect."""
    kind = plan.route.authorization_type
    if kind == "NONE":
        return chosen
    if kind == "AWS_IAM":
        return (yield from by_signature.ask(chosen, plan, trace))
    declared = chosen.joined.deployment.api.authorizers.get(plan.route.authorizer or "")
    if declared is None:
        facts: Facts = {"type": kind, "authorizer": plan.route.authorizer}
        return SocketRefusal(
            "authorize", "authorize.no-authorizer", "AUTHORIZER_CONFIGURATION_ERROR", facts,
            plan.route.source, failed=True,
        )  # fmt: skip
    return (yield from _ask(chosen, declared, trace))


def _ask(chosen: Chosen, declared: HttpRequestAuthorizer, trace: list[Step]) -> Authorizing:
    sources = read(chosen, declared.identity_source)
    facts: Facts = {
        "authorizer": declared.name,
        "identity": {each.expression: each.value or "" for each in sources},
    }
    refusal = _without_identity(declared, sources, facts)
    if refusal is not None:
        return refusal
    said = yield from _invoke(chosen, declared, facts)
    if isinstance(said, SocketRefusal):
        return said
    payload, latency = said
    try:
        answer = parse(payload)
    except InvalidAnswerError as error:
        facts["key"], facts["reason"] = error.key, error.reason
        facts["answer"] = payload[:500].decode("utf-8", "replace")
        return _failed(declared, "authorize.invalid-answer", facts, configuration=True)
    return _decided(chosen, declared, answer, latency, facts, trace)


def _without_identity(
    declared: HttpRequestAuthorizer, sources: list[Given], facts: Facts
) -> SocketRefusal | None:
    """400 for a header that comes twice, 401 for what is missing or empty: the function sleeps on."""
    repeated = [each.expression for each in sources if each.repeated]
    if repeated:
        facts["repeated"] = repeated
        code = "authorize.identity-repeated"
        return SocketRefusal("authorize", code, "BAD_REQUEST_PARAMETERS", facts, declared.source)
    missing = [each.expression for each in sources if not each.value]
    if missing:
        facts["missing"] = missing
        return _unauthorized(declared, "authorize.identity-missing", facts)
    return None


def _invoke(
    chosen: Chosen, declared: HttpRequestAuthorizer, facts: Facts
) -> Generator[Effect, Reply, tuple[bytes, int] | SocketRefusal]:
    """What the function answered, and after how many milliseconds."""
    deployment = chosen.joined.deployment
    api = deployment.api
    function = function_in(fill_stage_variables(declared.uri, deployment.stage.variables))
    if function is None:
        facts["uri"] = declared.uri
        return _failed(declared, "authorize.no-function", facts, configuration=True)
    called_as = f"{apis_arn(api.region, api.account)}:{api.id}/authorizers/{declared.name}"
    missing = ungranted(api.grants, function, declared.credentials, [called_as])
    if missing is not None:
        facts.update(missing.facts)
        refusal = _failed(declared, f"authorize.{missing.code}", facts, configuration=True)
        return replace(refusal, source=missing.source or declared.source)
    facts["function"] = function
    timeout = deployment.limits.waits(_TIMEOUT_MS)
    reply = yield InvokeFunction(function, event.for_authorizer(chosen), timeout)
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


def _decided(
    chosen: Chosen,
    declared: HttpRequestAuthorizer,
    answer: AuthorizerAnswer,
    latency: int,
    facts: Facts,
    trace: list[Step],
) -> Chosen | SocketRefusal:
    arn = route_arn(chosen)
    asked = Asked(INVOKE, arn, Caller(), conditions_of(chosen, None))
    decision = evaluate(answer.policy, asked)
    facts.update(facts_of(decision, arn))
    facts["principal"] = str(answer.members.get("principalId", ""))
    if decision.verdict != "allow":
        explicit = decision.verdict == "deny"
        code = "authorize.denied" if explicit else "authorize.not-allowed"
        said = f"{_DENY} {reason('identity', explicit=explicit)}"
        return SocketRefusal("authorize", code, "ACCESS_DENIED", facts, declared.source, said=said)
    trace.append(Step("authorize", "ok", "authorize.allowed", facts, declared.source))
    members = {**answer.members, "integrationLatency": latency}
    access = Access(members, usage_key=answer.usage_key, policy=answer.policy)
    return replace(chosen, access=access)


def _unauthorized(declared: HttpRequestAuthorizer, code: str, facts: Facts) -> SocketRefusal:
    return SocketRefusal("authorize", code, "UNAUTHORIZED", facts, declared.source)


def _failed(
    declared: HttpRequestAuthorizer, code: str, facts: Facts, *, configuration: bool = False
) -> SocketRefusal:
    kind = "AUTHORIZER_CONFIGURATION_ERROR" if configuration else "AUTHORIZER_FAILURE"
    return SocketRefusal("authorize", code, kind, facts, declared.source, failed=True)

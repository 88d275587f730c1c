"""Whether a caller of `@connections` may: a signature, and policies that allow ManageConnections.

Sources: as `stages.manage` says; the sentence of a session policy that does not allow is recorded,
those of other policies follow it and the sentences of REST APIs.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.granting import roles_of_functions_lacking
from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import conditions, masked
from inspector.gateway.policy.evaluation import Asked
from inspector.gateway.sigv4.checking import Rejected, Signing, check
from inspector.gateway.stages.admit import caller_of, facts_of, reason
from inspector.gateway.stages.authorize import callers_decision, signature_facts
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket import management
from inspector.gateway.websocket.arns import connections_arn
from inspector.gateway.websocket.results import Managed
from inspector.message import Response
from inspector.model import Source

ACTION = "execute-api:ManageConnections"
_UNKNOWN_KEY = "unknown-key"


def may_manage(managed: Managed, trace: list[Step]) -> Generator[Effect, Reply, Response | None]:
    """Nothing, or the refusal."""
    deployment, environment = managed.deployment, managed.environment
    api = deployment.api
    signing = Signing(
        api.region, "execute-api", deployment.stage.name, environment.time_ms, (api.host,)
    )
    found = yield from check(managed.request, signing)
    if isinstance(found, Rejected):
        facts = signature_facts(found)
        code = f"authorize.signature-{found.code}"
        if found.code == _UNKNOWN_KEY:
            source = _roles_told(managed, facts) or api.source
            step = Step("authorize", "passed", "authorize.unverified", facts, source)
            trace.append(step)
            return None
        trace.append(Step("authorize", "refused", code, facts, api.source))
        return management.not_signed(found.error_type, found.message, environment)
    return _judged(managed, found.identity, trace)


def _judged(managed: Managed, identity: Identity, trace: list[Step]) -> Response | None:
    arn = connections_arn(managed.deployment, managed.request.method)
    known = conditions(managed.request, managed.environment, identity)
    asked = Asked(ACTION, arn, caller_of(identity), known)
    source = managed.deployment.api.source
    decision, kind = callers_decision(identity, asked)
    facts: dict[str, Fact] = facts_of(decision, arn)
    facts["caller"] = identity.arn
    same = identity.account == managed.deployment.api.account
    facts["same_account"] = same
    if decision.verdict == "allow" and same:
        source = _roles_told(managed, facts) or source
        trace.append(Step("authorize", "ok", "authorize.signed", facts, source))
        return None
    facts["decided_by"] = f"{kind}-policy"
    explicit = decision.verdict == "deny"
    code = "authorize.denied" if explicit else "authorize.not-allowed"
    trace.append(Step("authorize", "refused", code, facts, source))
    sentence = (
        f"User: {identity.arn} is not authorized to perform: {ACTION} on resource: "
        f"{masked(arn)} {reason(kind, explicit=explicit, action=ACTION)}"
    )
    return management.denied(sentence, managed.environment)


def _roles_told(managed: Managed, facts: dict[str, Fact]) -> Source | None:
    """Whoever signs here, at Amazon it is a function's role: the first, where none of them may."""
    deployment = managed.deployment
    arn = connections_arn(deployment, managed.request.method)
    lacking = roles_of_functions_lacking(deployment.api.grants, ACTION, arn)
    if not lacking:
        return None
    facts["roles_lacking"], facts["resource"] = [role.arn for role in lacking], arn
    return lacking[0].source

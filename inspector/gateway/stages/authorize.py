"""Who calls, and whether he may: the method's authorization, before anything else looks at him.

Sources: access-control facts, sections 1, 3, 4 and 7 (recorded answers of Lambda authorizers, their
cache, IAM's sentences, user pools).
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from functools import lru_cache

from inspector.gateway.access import Access
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import INVOKE, conditions_of, method_arn
from inspector.gateway.policy.combined import combined
from inspector.gateway.policy.document import Policy, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Decision, evaluate_all
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.sigv4.checking import Rejected, Signing, Verified, check
from inspector.gateway.stages import user_pool
from inspector.gateway.stages.admit import (
    PolicyKind,
    caller_of,
    denied,
    facts_of,
    resource_decision,
    rows_of,
)
from inspector.gateway.stages.lambda_authorizer import ask
from inspector.gateway.trace import Fact, Step
from inspector.model import CognitoAuthorizer, RequestAuthorizer, TokenAuthorizer

Authorizing = Generator[Effect, Reply, Routed | Refusal]
#: Amazon's error types of a signature that is not good → the gateway response.
_TYPES = {
    "MissingAuthenticationTokenException": "MISSING_AUTHENTICATION_TOKEN",
    "ExpiredTokenException": "EXPIRED_TOKEN",
}


def authorize(routed: Routed, trace: list[Step]) -> Authorizing:
    """The same request with what is known of its caller, or why he may not."""
    method = routed.plan.method
    if method.authorization_type == "AWS_IAM":
        return (yield from _by_signature(routed, trace))
    if method.authorizer is not None:
        declared = routed.resolved.deployment.api.authorizers.get(method.authorizer)
        if isinstance(declared, TokenAuthorizer | RequestAuthorizer):
            return (yield from ask(routed, declared, trace))
        if isinstance(declared, CognitoAuthorizer):
            return (yield from user_pool.ask(routed, declared, trace))
    # Amazon takes no such definition; whoever it was that should have been asked, nobody passes.
    facts: dict[str, Fact] = {"type": method.authorization_type, "authorizer": method.authorizer}
    return Refusal(
        "authorize", "authorize.no-authorizer", "AUTHORIZER_CONFIGURATION_ERROR", facts,
        method.source, failed=True, speechless=True,
    )  # fmt: skip


def _by_signature(routed: Routed, trace: list[Step]) -> Authorizing:
    resolved = routed.resolved
    api, stage = resolved.deployment.api, resolved.deployment.stage.name
    now_ms = resolved.environment.time_ms
    inner = resolved.target.path if resolved.target.through_domain else None
    signing = Signing(api.region, "execute-api", stage, now_ms, (api.host,), inner)
    found = yield from check(resolved.sent, signing)
    if isinstance(found, Rejected):
        return _not_verified(routed, found)
    return _allowed(routed, found, trace)


def signature_facts(found: Rejected) -> dict[str, Fact]:
    """What is known of a signature that is not good, for the trace."""
    facts: dict[str, Fact] = {"reason": found.code, "sentence": found.message.partition("\n")[0]}
    if found.claim is not None:
        facts["access_key"] = found.claim.access_key
        facts["scope"] = str(found.claim.scope)
        facts["signed_headers"] = list(found.claim.signed_headers)
    if found.mistake is not None:
        facts["mistake"], facts["mistake_detail"] = found.mistake.name, found.mistake.detail
    if found.canonical is not None:
        facts["canonical"] = found.canonical.shown
    return facts


def _not_verified(routed: Routed, found: Rejected) -> Refusal:
    facts = signature_facts(found)
    return Refusal(
        "authorize",
        f"authorize.signature-{found.code}",
        _TYPES.get(found.error_type, "INVALID_SIGNATURE"),
        facts,
        routed.plan.method.source,
        message=found.message,
        error_type=found.error_type,
    )


def _allowed(routed: Routed, found: Verified, trace: list[Step]) -> Routed | Refusal:
    """The caller's own policies and the API's, by table A or B."""
    identity = found.identity
    api = routed.resolved.deployment.api
    arn = method_arn(routed)
    asked = Asked(INVOKE, arn, caller_of(identity), conditions_of(routed, identity))
    own, kind = callers_decision(identity, asked)
    resource = resource_decision(routed, identity)
    same = identity.account == api.account
    outcome = combined(own.verdict, resource.verdict, same_account=same)
    facts = facts_of(own, arn)
    facts["caller"], facts["same_account"] = identity.arn, same
    facts["resource_policy"] = rows_of(resource, api.policy)
    facts["resource_verdict"] = resource.verdict
    facts["resource_deciding"] = None if resource.deciding is None else resource.deciding.index
    source = routed.plan.method.source
    if outcome == "Allow":
        trace.append(Step("authorize", "ok", "authorize.signed", facts, source))
        return replace(routed, access=Access(identity=identity))
    by_resource = resource.verdict == "deny" or (
        own.verdict == "allow" and not same and resource.verdict == "silent"
    )
    facts["decided_by"] = "resource-policy" if by_resource else f"{kind}-policy"
    if by_resource:
        refusal = denied(routed, identity, resource, facts)
    else:
        refusal = replace(denied(routed, identity, own, facts, kind), source=source)
    code = "authorize.denied" if outcome == "ExplicitDeny" else "authorize.not-allowed"
    return replace(refusal, stage="authorize", code=code)


def callers_decision(identity: Identity, asked: Asked) -> tuple[Decision, PolicyKind]:
    """What a caller's own policies say, and those of his session, which have to allow as well.

    With the kind of policy that decided.
    """
    own = evaluate_all(map(identity_policy, identity.policies), asked)
    if own.verdict != "allow" or not identity.session_policies:
        return own, "identity"
    return evaluate_all(map(identity_policy, identity.session_policies), asked), "session"


@lru_cache(maxsize=256)
def identity_policy(text: str) -> Policy:
    """A caller's policy; what is none allows nothing (the file of keys is checked when read)."""
    try:
        return read(json.loads(text))
    except (ValueError, PolicyError):
        return Policy("", ())

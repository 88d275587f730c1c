"""The API's own resource policy: what it forbids, and whether it lets in by itself.

Sources: access-control facts, sections 1 and 2. An explicit Deny is final before any authorizer is
asked; what the policy does not mention depends on the kind of authorization (tables A and B).
"""

from __future__ import annotations

import json

from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import INVOKE, conditions_of, masked, method_arn
from inspector.gateway.policy.document import Policy, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Caller, Decision, Judged, evaluate
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.trace import Fact, Step
from inspector.model import ResourcePolicy, RestApi


def admit(routed: Routed, trace: list[Step]) -> Refusal | None:
    """Refuse what the policy denies, and on an open method also what it does not allow."""
    declared = routed.resolved.deployment.api.policy
    if declared is None:
        return None
    kind = routed.plan.method.authorization_type
    if kind == "COGNITO_USER_POOLS":
        return None  # the token comes first; `user_pool` asks the policy behind it
    decision = resource_decision(routed, None)
    facts = facts_of(decision, method_arn(routed))
    if decision.verdict == "deny" or (decision.verdict == "silent" and kind == "NONE"):
        return denied(routed, None, decision, facts)
    trace.append(Step("admit", "ok", f"admit.{decision.verdict}", facts, declared.source))
    return None


def resource_decision(routed: Routed, identity: Identity | None) -> Decision:
    """What the API's policy says of this call; silent where it has none."""
    api = routed.resolved.deployment.api
    policy = None if api.policy is None else _policy_of(api)
    if policy is None:
        return Decision("silent", ())
    caller = Caller() if identity is None else Caller(identity.arn, identity.account)
    asked = Asked(INVOKE, method_arn(routed), caller, conditions_of(routed, identity))
    return evaluate(policy, asked)


def denied(
    routed: Routed,
    identity: Identity | None,
    decision: Decision,
    facts: dict[str, Fact],
) -> Refusal:
    """Amazon's sentence for a caller that a policy keeps out; the account is masked."""
    who = "anonymous" if identity is None else identity.arn
    message = (
        f"User: {who} is not authorized to perform: {INVOKE} on resource: "
        f"{masked(method_arn(routed))}"
    )
    if decision.verdict == "deny":
        message += " with an explicit deny"
    code = "admit.denied" if decision.verdict == "deny" else "admit.not-allowed"
    api = routed.resolved.deployment.api
    return Refusal(
        "admit",
        code,
        "ACCESS_DENIED",
        facts,
        routed.plan.method.source if api.policy is None else api.policy.source,
        message=message,
        key="Message",
    )


def facts_of(decision: Decision, resource: str) -> dict[str, Fact]:
    """The statements with their verdicts, each as JSON, for the trace."""
    deciding = decision.deciding
    return {
        "resource": resource,
        "verdict": decision.verdict,
        "deciding": None if deciding is None else deciding.index,
        "statements": [
            json.dumps(_judged(each), ensure_ascii=False) for each in decision.statements
        ],
    }


def _judged(judged: Judged) -> dict[str, object]:
    statement = judged.statement
    found: dict[str, object] = {
        "index": statement.index,
        "sid": statement.sid,
        "effect": statement.effect,
        "fits": judged.fits,
        "part": judged.part,
    }
    if judged.condition is not None:
        found["condition"] = f"{judged.condition.operator} {judged.condition.key}"
        found["expected"] = list(judged.condition.values)
        found["actual"] = None if judged.actual is None else list(judged.actual)
    elif judged.part == "resource" and statement.resources is not None:
        found["expected"] = list(statement.resources.patterns)
    elif judged.part == "action" and statement.actions is not None:
        found["expected"] = list(statement.actions.patterns)
    return found


def _policy_of(api: RestApi) -> Policy | None:
    assert api.policy is not None
    return _read(api.policy)


def _read(declared: ResourcePolicy) -> Policy | None:
    """The policy, read once for each declaration; one that is none allows nothing."""
    known = _POLICIES.get(id(declared))
    if known is not None and known[0] is declared:
        return known[1]
    try:
        policy = read(declared.document)
    except PolicyError:
        policy = Policy("", ())
    if len(_POLICIES) > 256:
        _POLICIES.clear()
    _POLICIES[id(declared)] = (declared, policy)
    return policy


_POLICIES: dict[int, tuple[ResourcePolicy, Policy | None]] = {}

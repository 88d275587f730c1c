"""The API's own resource policy: what it forbids, and whether it lets in by itself.

Sources: developer guide, "How API Gateway resource policies affect authorization workflow";
access-control facts, sections 1 and 2. When it is looked at depends on the kind of authorization:

* none: once, and it has to allow;
* a Lambda authorizer: an explicit Deny before the function is asked, the rest together with the
  function's policy (table A, `stages.lambda_authorizer`);
* IAM: only behind the signature, together with the caller's policies (tables A and B,
  `stages.authorize`);
* a user pool: only behind the token, and then it has to allow (`admit_known`).

A private API without a policy lets nobody in (guide, "Private REST APIs").

The sentences say which kind of policy it was: an explicit Deny measured at Amazon in October 2026
(floci-io/floci, design of resource policies), one that nothing allows as pasted by callers of
private APIs and in AWS's knowledge base; before about 2025 they ended with the resource.
"""

from __future__ import annotations

import json
from typing import Literal

from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import INVOKE, conditions_of, masked, method_arn
from inspector.gateway.policy.document import Policy, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Caller, Decision, Judged, evaluate
from inspector.gateway.refusal import Refusal, too_long
from inspector.gateway.results import Routed
from inspector.gateway.trace import Fact, Step
from inspector.model import ResourcePolicy, RestApi, Source

_SILENT = Decision("silent", ())
PolicyKind = Literal["resource", "identity", "session"]


def too_long_an_arn(routed: Routed) -> Refusal | None:
    """414 where authorization has to look at a longer ARN (quota page, also of the policy alone)."""
    deployment = routed.resolved.deployment
    limit = deployment.limits.arn
    if limit is None or (
        routed.plan.method.authorization_type == "NONE" and deployment.api.policy is None
    ):
        return None
    arn = method_arn(routed)
    size = len(arn.encode("utf-8", "surrogateescape"))
    if size <= limit:
        return None
    facts: dict[str, Fact] = {"size": size, "limit": limit, "resource": arn}
    return too_long("admit", "admit.arn-too-long", routed.plan.method.source, facts)


def admit(routed: Routed, trace: list[Step]) -> Refusal | None:
    """What is decided before anybody is asked who calls."""
    api = routed.resolved.deployment.api
    if api.policy is None:
        return _nobody(routed) if api.endpoint_type == "PRIVATE" else None
    kind = routed.plan.method.authorization_type
    if kind in ("AWS_IAM", "COGNITO_USER_POOLS"):
        return None
    return _judged(routed, trace, has_to_allow=kind == "NONE")


def admit_known(routed: Routed, trace: list[Step]) -> Refusal | None:
    """What is decided behind a user pool's token: the policy alone, and it has to allow."""
    if routed.resolved.deployment.api.policy is None:
        return None
    return _judged(routed, trace, has_to_allow=True)


def _judged(routed: Routed, trace: list[Step], *, has_to_allow: bool) -> Refusal | None:
    declared = routed.resolved.deployment.api.policy
    assert declared is not None
    decision = resource_decision(routed, None)
    facts = facts_of(decision, method_arn(routed), declared)
    if decision.verdict == "deny" or (decision.verdict == "silent" and has_to_allow):
        return denied(routed, None, decision, facts)
    source = place_of(declared, decision)
    trace.append(Step("admit", "ok", f"admit.{decision.verdict}", facts, source))
    return None


def _nobody(routed: Routed) -> Refusal:
    facts: dict[str, Fact] = {"resource": method_arn(routed), "verdict": "silent"}
    source = routed.resolved.deployment.api.source
    why = reason("resource", explicit=False)
    return _denial(routed, None, "admit.private", facts, source, why)


def resource_decision(routed: Routed, identity: Identity | None, action: str = INVOKE) -> Decision:
    """What the API's policy says of this call; silent where it has none."""
    api = routed.resolved.deployment.api
    if api.policy is None:
        return _SILENT
    caller = Caller() if identity is None else caller_of(identity)
    asked = Asked(action, method_arn(routed), caller, conditions_of(routed, identity))
    return evaluate(_policy_of(api), asked)


def caller_of(identity: Identity) -> Caller:
    """The signer as a policy's Principal may name him."""
    return Caller(identity.arn, identity.account, identity.caller or None)


def denied(
    routed: Routed,
    identity: Identity | None,
    decision: Decision,
    facts: dict[str, Fact],
    kind: PolicyKind = "resource",
) -> Refusal:
    """Amazon's sentence for a caller whom a policy of this kind keeps out; the account is masked."""
    explicit = decision.verdict == "deny"
    api = routed.resolved.deployment.api
    source = routed.plan.method.source
    if api.policy is not None:
        source = place_of(api.policy, decision)
    code = "admit.denied" if explicit else "admit.not-allowed"
    return _denial(routed, identity, code, facts, source, reason(kind, explicit=explicit))


def reason(kind: PolicyKind, *, explicit: bool, action: str = INVOKE) -> str:
    """The end of a refusal's sentence: which kind of policy forbids it, or fails to allow it."""
    article = "an" if kind == "identity" else "a"
    named = kind if kind == "session" else f"{kind}-based"
    if explicit:
        return f"with an explicit deny in {article} {named} policy"
    return f"because no {named} policy allows the {action} action"


def _denial(
    routed: Routed,
    identity: Identity | None,
    code: str,
    facts: dict[str, Fact],
    source: Source,
    why: str,
) -> Refusal:
    who = "anonymous" if identity is None else identity.arn
    message = (
        f"User: {who} is not authorized to perform: {INVOKE} on resource: "
        f"{masked(method_arn(routed))} {why}"
    )
    return Refusal("admit", code, "ACCESS_DENIED", facts, source, message=message, key="Message")


def place_of(declared: ResourcePolicy, decision: Decision) -> Source:
    """The line that decided: the statement that fits, or where the nearest Allow does not."""
    if decision.deciding is not None:
        return _place(declared, decision.deciding.at)
    nearest = decision.nearest
    return declared.source if nearest is None else _place(declared, nearest.at)


def _place(declared: ResourcePolicy, at: str) -> Source:
    return declared.places.get(at, declared.source)


def facts_of(
    decision: Decision, resource: str, declared: ResourcePolicy | None = None
) -> dict[str, Fact]:
    """The statements with their verdicts, each as JSON, for the trace.

    `declared` tells where they stand, for policies that stand in a definition.
    """
    deciding = decision.deciding
    facts: dict[str, Fact] = {
        "resource": resource,
        "verdict": decision.verdict,
        "deciding": None if deciding is None else deciding.index,
        "statements": rows_of(decision, declared),
    }
    if decision.policy:
        facts["deciding_policy"] = decision.policy
    return facts


def rows_of(decision: Decision, declared: ResourcePolicy | None = None) -> list[str]:
    """The statements with their verdicts, each as JSON."""
    return [json.dumps(_row(each, declared), ensure_ascii=False) for each in decision.statements]


def _row(judged: Judged, declared: ResourcePolicy | None) -> dict[str, object]:
    statement = judged.statement
    found: dict[str, object] = {
        "index": statement.index,
        "sid": statement.sid,
        "effect": statement.effect,
        "fits": judged.fits,
        "part": judged.part,
    }
    if judged.policy:
        found["policy"] = judged.policy
    if judged.fits and statement.conditions:
        found["conditions"] = [
            f"{each.operator} {each.key} {' '.join(each.values)}" for each in statement.conditions
        ]
    if judged.condition is not None:
        found["condition"] = f"{judged.condition.operator} {judged.condition.key}"
        found["expected"] = list(judged.condition.values)
        found["actual"] = None if judged.actual is None else list(judged.actual)
    elif judged.part == "principal" and statement.principals is not None:
        found["excluded"] = statement.principals.excluded
        found["expected"] = [
            f"{kind}: {name}"
            for kind, names in statement.principals.named.items()
            for name in names
        ]
    elif judged.part in ("resource", "action"):
        names = statement.resources if judged.part == "resource" else statement.actions
        assert names is not None
        found["excluded"], found["expected"] = names.excluded, list(names.patterns)
    if declared is not None:
        found["line"] = _place(declared, judged.at).line
    return found


def _policy_of(api: RestApi) -> Policy:
    assert api.policy is not None
    return _read(api.policy)


def _read(declared: ResourcePolicy) -> Policy:
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


_POLICIES: dict[int, tuple[ResourcePolicy, Policy]] = {}

"""IAM authorization of an HTTP API: a good signature of somebody whose policies allow the call.

Sources: access-control facts, section 3 (every failure is 403 Forbidden; the reason is only in the
access log, of which the sentence for an unsigned call is known); captures-2026.md, section 1
(members of `iam`, the literal `aws:PrincipalOrgID` among them; both headers stay in the event).
HTTP APIs have no resource policy, so nobody of another account gets in.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api.access import Access
from inspector.gateway.http_api.arns import conditions_of, route_arn
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.identity import Identity
from inspector.gateway.policy.arns import INVOKE
from inspector.gateway.policy.evaluation import Asked
from inspector.gateway.sigv4.checking import Rejected, Signing, check
from inspector.gateway.stages.admit import caller_of, facts_of
from inspector.gateway.stages.authorize import callers_decision, signature_facts
from inspector.gateway.trace import Fact, Step

_NO_FORM = "The request for the IAM Authorizer doesn't match the format that API Gateway expects."
#: What is wrong with a call that is not signed at all, or in another form.
_FORMLESS = frozenset(
    {"missing-token", "no-equal-sign", "lacks-parts", "no-algorithm", "algorithm"}
)


def ask(matched: Matched, trace: list[Step]) -> Generator[Effect, Reply, Matched | HttpRefusal]:
    """The request with its signer, or why it is refused."""
    staged = matched.staged
    api, stage = staged.deployment.api, staged.deployment.stage.name
    signing = Signing(api.region, "execute-api", stage, staged.environment.time_ms, (api.host,))
    found = yield from check(staged.request, signing)
    if isinstance(found, Rejected):
        facts = signature_facts(found)
        facts["access_log_error"] = _NO_FORM if found.code in _FORMLESS else facts["sentence"]
        return _refused(matched, f"authorize.signature-{found.code}", facts)
    identity = found.identity
    arn = route_arn(matched)
    asked = Asked(INVOKE, arn, caller_of(identity), conditions_of(matched, identity))
    own, _ = callers_decision(identity, asked)
    facts = facts_of(own, arn)
    facts["caller"], facts["same_account"] = identity.arn, identity.account == api.account
    facts["decided_by"] = "identity-policy"
    if own.verdict == "deny":
        return _refused(matched, "authorize.denied", facts)
    if own.verdict == "silent" or identity.account != api.account:
        return _refused(matched, "authorize.not-allowed", facts)
    trace.append(Step("authorize", "ok", "authorize.signed", facts, matched.plan.route.source))
    return replace(matched, access=Access("iam", _members(identity), identity=identity))


def _refused(matched: Matched, code: str, facts: dict[str, Fact]) -> HttpRefusal:
    return HttpRefusal("authorize", code, "ACCESS_DENIED", facts, matched.plan.route.source)


def _members(identity: Identity) -> dict[str, object]:
    who = identity.caller or identity.access_key
    return {
        "accessKey": identity.access_key,
        "accountId": identity.account,
        "callerId": who,
        "cognitoIdentity": None,
        "principalOrgId": identity.organization or "aws:PrincipalOrgID",
        "userArn": identity.arn,
        "userId": who,
    }

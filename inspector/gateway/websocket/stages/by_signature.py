"""IAM authorization of a handshake: a good signature of somebody whose policies allow `$connect`.

Sources: websocket.md, section 7 (`arn:…:API/STAGE/$connect`); access-control facts, section 3
(sentences of signatures, as REST APIs have them: of WebSocket APIs nobody recorded them). A
WebSocket API has no resource policy, so nobody of another account gets in.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway.access import Access
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.policy.arns import INVOKE, masked
from inspector.gateway.policy.evaluation import Asked
from inspector.gateway.sigv4.checking import Rejected, Signing, check
from inspector.gateway.stages.admit import caller_of, facts_of, reason
from inspector.gateway.stages.authorize import callers_decision, signature_facts
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.arns import conditions_of, route_arn
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen


def ask(
    chosen: Chosen, plan: SocketPlan, trace: list[Step]
) -> Generator[Effect, Reply, Chosen | SocketRefusal]:
    """The handshake with its signer, or why it is refused."""
    joined = chosen.joined
    api, stage = joined.deployment.api, joined.deployment.stage.name
    signing = Signing(api.region, "execute-api", stage, joined.environment.time_ms, (api.host,))
    found = yield from check(joined.request, signing)
    source = plan.route.source
    if isinstance(found, Rejected):
        missing = found.error_type == "MissingAuthenticationTokenException"
        return SocketRefusal(
            "authorize",
            f"authorize.signature-{found.code}",
            "MISSING_AUTHENTICATION_TOKEN" if missing else "INVALID_SIGNATURE",
            signature_facts(found),
            source,
            said=found.message,
        )
    identity = found.identity
    arn = route_arn(chosen)
    asked = Asked(INVOKE, arn, caller_of(identity), conditions_of(chosen, identity))
    own, kind = callers_decision(identity, asked)
    facts: dict[str, Fact] = facts_of(own, arn)
    facts["caller"], facts["same_account"] = identity.arn, identity.account == api.account
    facts["decided_by"] = f"{kind}-policy"
    if own.verdict != "allow" or identity.account != api.account:
        explicit = own.verdict == "deny"
        code = "authorize.denied" if explicit else "authorize.not-allowed"
        said = (
            f"User: {identity.arn} is not authorized to perform: {INVOKE} on resource: "
            f"{masked(arn)} {reason(kind, explicit=explicit)}"
        )
        return SocketRefusal("authorize", code, "ACCESS_DENIED", facts, source, said=said)
    trace.append(Step("authorize", "ok", "authorize.signed", facts, source))
    return replace(chosen, access=Access(identity=identity))

"""IAM methods and client certificates: who signed, whose policies, which certificate (29 to 33)."""

from __future__ import annotations

from inspector.gateway import narration
from inspector.gateway.explain import commands, policies
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.demands import demanded, policy_source
from inspector.gateway.explain.explanation import Cause, Try
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step


def certificate(case: Case, step: Step) -> Cause:
    """A custom domain that asks for a certificate: none was shown, or it is not trusted."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="client certificate")
    for name in ("subject", "issuer", "truststore", "detail"):
        if step.facts.get(name):
            cause.evidence.append(Evidence(name, str(step.facts[name])))
    declared = (
        None if step.source is None else case.places.at(step.source, "MutualTlsAuthentication")
    )
    return cause.line(declared, step.source)


def signature(case: Case, step: Step) -> Cause:
    """An IAM method: the signature, then the caller's policies."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    cause.part = "signature"
    facts = step.facts
    for name in ("access_key", "scope", "signed_headers", "mistake", "mistake_detail", "canonical",
                 "caller", "same_account", "resource"):  # fmt: skip
        value = facts.get(name)
        if value is not None:
            text = ", ".join(value) if isinstance(value, list) else str(value)
            cause.evidence.append(Evidence(name.replace("_", " "), text))
    header = case.header("authorization")
    if step.code == "authorize.signature-no-equal-sign" and header is not None:
        kind = header.partition(" ")[0]
        cause.sentence += (
            f" The {kind} header was read as a signature because the method asks for AWS_IAM."
        )
    if step.code.startswith("authorize.signature-"):
        region = None if case.api is None else case.api.region
        cause.tries.append(
            Try("sign", "sign the request", command=commands.sign(case), region=region)
        )
        cause.remedy = cause.remedy or (
            "Sign the request for execute-api (`inspector sign`), or ask for no AWS_IAM here."
        )
        cause.line(demanded(case))
        return cause
    own = policies.judged(facts)
    resource = policies.judged(facts, "resource_policy")
    cause.checks = [
        *policies.checks(own, "authorize"),
        *policies.checks(resource, "authorize"),
    ]
    cause.part = "caller"
    denying = [each for each in resource if each["effect"] == "Deny" and each["fits"]]
    policy = policy_source(case)
    if denying:
        cause.line(
            *policies.lines(case, policy, resource, {**facts, "deciding": denying[0]["index"]})
        )
    cause.line(demanded(case))
    cause.line(*policies.lines(case, policy, resource, {**facts, "deciding": None}))
    return cause

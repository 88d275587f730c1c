"""A function that Amazon's gateway itself may not invoke: which permission, role or policy says so."""

from __future__ import annotations

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause
from inspector.gateway.granting import SERVICE
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step

CODES = (
    "no-permission", "permission-elsewhere", "role-not-trusting", "role-lacks", "role-denied",
    "caller-denied",
)  # fmt: skip


def ungranted(case: Case, step: Step) -> Cause:
    """The line that should have let it in, then the whole of what holds the line."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    facts, at = step.facts, case.places.at
    code = step.code.partition(".")[2]
    keys: tuple[str, ...] = {
        "role-not-trusting": ("AssumeRolePolicyDocument",),
        "role-lacks": ("Policies", "ManagedPolicyArns"),
        "role-denied": ("Policies",),
    }.get(code, ("SourceArn", "SourceAccount"))
    if code == "no-permission":
        keys = ("Principal",) if facts.get("principal") != SERVICE else ("Action",)
    elif "qualifier" in facts or "permitted_qualifier" in facts:
        keys = ("FunctionName",)
    cause.line(*(at(step.source, key) for key in keys), step.source)
    for name in ("function", "source_arn", "permitted", "qualifier", "permitted_qualifier",
                 "principal", "action", "role", "caller"):  # fmt: skip
        if facts.get(name) is not None:
            cause.evidence.append(Evidence(name.replace("_", " "), str(facts[name])))
    return cause

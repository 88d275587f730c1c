"""The words for a function that Amazon's gateway itself may not invoke."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]


def _elsewhere(facts: Facts) -> str:
    if "permitted_qualifier" in facts or "qualifier" in facts:
        wanted, given = facts.get("qualifier", "none"), facts.get("permitted_qualifier", "none")
        if wanted != given:
            return (
                f"The policy of function {facts['function']} permits the call for qualifier {given}, "
                f"and it is called with {wanted}."
            )
    return (
        f"The policy of function {facts['function']} permits calls from {facts['permitted']}, and "
        f"this one comes from {facts['source_arn']}."
    )


_SENTENCES: Mapping[str, Word] = {
    "no-permission": lambda f: (
        f"The policy of function {f['function']} does not let API Gateway invoke it: it permits "
        f"{f['action']} to {f['principal']}."
    ),
    "permission-elsewhere": _elsewhere,
    "role-not-trusting": lambda f: (
        f"The role {f['role']} does not trust apigateway.amazonaws.com, so that it is not assumed."
    ),
    "role-lacks": lambda f: f"The role {f['role']} may not invoke {f['function']}.",
    "role-denied": lambda f: f"A policy of the role {f['role']} denies invoking {f['function']}.",
    "caller-denied": lambda f: (
        f"The function is invoked with the caller's own rights, and a policy of {f['caller']} "
        f"denies it."
    ),
}
_PERMIT = (
    "Add AWS::Lambda::Permission with Action lambda:InvokeFunction, Principal "
    "apigateway.amazonaws.com and SourceArn {source_arn} (or …/*)."
)
_REMEDIES: Mapping[str, Word] = {
    "no-permission": lambda f: _PERMIT.format(source_arn=f["source_arn"]),
    "permission-elsewhere": lambda f: _PERMIT.format(source_arn=f["source_arn"]),
    "role-not-trusting": lambda _: (
        "Let its AssumeRolePolicyDocument allow sts:AssumeRole for the service "
        "apigateway.amazonaws.com."
    ),
    "role-lacks": lambda f: f"Allow it lambda:InvokeFunction on {f['function']}.",
    "role-denied": lambda _: "Remove the Deny, or use another role.",
    "caller-denied": lambda _: "Change that policy in the file of keys, or name a role.",
}

SENTENCES: Mapping[str, Word] = {
    f"{stage}.{code}": word
    for stage in ("integrate", "authorize")
    for code, word in _SENTENCES.items()
}
REMEDIES: Mapping[str, Word] = {
    f"{stage}.{code}": word
    for stage in ("integrate", "authorize")
    for code, word in _REMEDIES.items()
}

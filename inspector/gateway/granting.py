"""Whether Amazon's gateway would be allowed to invoke a function, as far as a definition says.

Sources: captures-2026, section 6 (recorded: a role needs API Gateway in its trust and the right to
invoke, and then no policy of the function; without a role the function's own policy has to permit
it; any of these missing is 500 without a call, and so is a caller who is denied it), API reference
(Permission). A role that no definition declares, and a function of which none says who may invoke
it, are taken as good: they may be arranged elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway.identity import Identity
from inspector.gateway.policy.document import Policy, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Caller, Verdict, evaluate
from inspector.gateway.policy.matching import action_like, arn_like
from inspector.model import Grants, Permission, Role, Source

SERVICE = "apigateway.amazonaws.com"
#: Asks for the caller's own credentials.
CALLER = "arn:aws:iam::*:user/*"
_ASSUME, _INVOKE = "sts:AssumeRole", "lambda:InvokeFunction"
#: Managed policies that say nothing of Lambda; of others nobody knows here what they allow.
_WITHOUT = ("AWSLambdaBasicExecutionRole", "AmazonAPIGatewayPushToCloudWatchLogs",
            "AWSXRayDaemonWriteAccess")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ungranted:
    """Why not. `code` for the trace; `source` the line that should have allowed it."""

    code: str
    facts: Mapping[str, str]
    source: Source | None = None


def ungranted(
    grants: Grants | None,
    function: str,
    credentials: str | None,
    called_as: Iterable[str],
    identity: Identity | None = None,
) -> Ungranted | None:
    """What is missing, None where all is there or unknown.

    `function` as the integration names it, `called_as` the ARNs under which Lambda may be told
    that the call comes from, the one to permit first.
    """
    if credentials == CALLER:
        return _of_caller(identity, function)
    if grants is None:
        return None
    if credentials:
        role = grants.roles.get(credentials)
        return None if role is None else _of_role(role, function)
    name, qualifier = named(function)
    permissions = grants.permissions.get(name)
    return None if not permissions else _of_function(permissions, name, qualifier, list(called_as))


def roles_of_functions_lacking(grants: Grants | None, action: str, resource: str) -> list[Role]:
    """The roles that functions may run with, where none of them may do this; else none.

    A role with a managed policy of which nothing is known here may be able to do it.
    """
    roles = [] if grants is None else [each for each in grants.roles.values() if _for_lambda(each)]
    return [] if any(_can(each, action, resource) for each in roles) else roles


def _for_lambda(role: Role) -> bool:
    trusting = Asked(_ASSUME, role.arn, Caller(service="lambda.amazonaws.com"))
    return evaluate(_read(role.trust), trusting).verdict == "allow"


def _can(role: Role, action: str, resource: str) -> bool:
    verdicts = [
        evaluate(_read(each), Asked(action, resource, Caller(arn=role.arn))).verdict
        for each in role.policies
    ]
    known = all(each.rpartition("/")[2] in _WITHOUT for each in role.managed)
    return "deny" not in verdicts and ("allow" in verdicts or not known)


def named(function: str) -> tuple[str, str | None]:
    """A function's name and its qualifier, from its ARN or from both with a colon."""
    _, found, rest = function.partition(":function:")
    name, _, qualifier = (rest if found else function).partition(":")
    return name, qualifier or None


def _of_function(
    permissions: Iterable[Permission], name: str, qualifier: str | None, called_as: list[str]
) -> Ungranted | None:
    nearest: Permission | None = None
    for each in (listed := list(permissions)):
        if each.principal in (SERVICE, "*") and action_like(each.action, _INVOKE):
            nearest = nearest or each
            if each.qualifier == qualifier and _comes_from(each, called_as):
                return None
    facts = {"function": name, "source_arn": called_as[0]}
    if qualifier is not None:
        facts["qualifier"] = qualifier
    if nearest is None:
        # The action counts where the service is right, else the service.
        other = next((each for each in listed if each.principal == SERVICE), listed[0])
        facts |= {"principal": other.principal, "action": other.action}
        return Ungranted("no-permission", facts, other.source)
    if nearest.qualifier != qualifier:
        facts["permitted_qualifier"] = nearest.qualifier or "none"
    facts["permitted"] = nearest.source_arn or "anything"
    return Ungranted("permission-elsewhere", facts, nearest.source)


def _comes_from(permission: Permission, called_as: list[str]) -> bool:
    account = permission.source_account
    if account is not None and all(arn.split(":")[4] != account for arn in called_as):
        return False
    pattern = permission.source_arn
    return pattern is None or any(arn_like(pattern, arn) for arn in called_as)


def _of_role(role: Role, function: str) -> Ungranted | None:
    trusting = Asked(_ASSUME, role.arn, Caller(service=SERVICE))
    trust = _read(role.trust)
    # A trust policy names no resource.
    if evaluate(trust, trusting).verdict != "allow":
        return Ungranted("role-not-trusting", {"role": role.arn}, role.source)
    verdicts = [_may(_read(each), function) for each in role.policies]
    if "deny" in verdicts:
        return Ungranted("role-denied", {"role": role.arn, "function": function}, role.source)
    known = all(each.rpartition("/")[2] in _WITHOUT for each in role.managed)
    if "allow" not in verdicts and known:
        return Ungranted("role-lacks", {"role": role.arn, "function": function}, role.source)
    return None


def _of_caller(identity: Identity | None, function: str) -> Ungranted | None:
    """The caller's own rights: his keys were given for calling APIs, so only a Deny counts."""
    if identity is None:
        return None
    for text in (*identity.policies, *identity.session_policies):
        if _may(_read(json.loads(text)), function) == "deny":
            facts = {"caller": identity.arn, "function": function}
            return Ungranted("caller-denied", facts)
    return None


def _may(policy: Policy, function: str) -> Verdict:
    return evaluate(policy, Asked(_INVOKE, function)).verdict


def _read(document: Mapping[str, Any]) -> Policy:
    try:
        return read(document)
    except PolicyError:
        return Policy("", ())

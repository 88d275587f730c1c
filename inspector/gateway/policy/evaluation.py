"""One policy against one request: statement by statement, an explicit Deny before any Allow.

Source: IAM user guide, "Policy evaluation logic"; access-control facts, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.gateway.policy.conditions import Context, UnknownOperatorError, filled, holds
from inspector.gateway.policy.document import Condition, Policy, Principals, Statement
from inspector.gateway.policy.matching import action_like, arn_like, like

Verdict = Literal["allow", "deny", "silent"]
Part = Literal["principal", "action", "resource", "condition"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `arn` None: nobody is known, only `*` covers the caller."""

    arn: str | None = None
    account: str | None = None
    service: str | None = None
    federated: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `context` by lower-case condition key."""

    action: str
    resource: str
    caller: Caller = Caller()
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement. `fits` whether it applies; else `part` is the first that does not fit.

    `condition` is the one that failed, `actual` what the request had for it.
    """

    statement: Statement
    fits: bool
    part: Part | None = None
    condition: Condition | None = None
    actual: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says. `deciding` is the statement that settled it, None for `silent`."""

    verdict: Verdict
    statements: tuple[Judged, ...]
    deciding: Statement | None = None


def evaluate(policy: Policy, asked: Asked) -> Decision:
    """Judge every statement; the first Deny that fits decides, else the first Allow."""
    judged = tuple(judge(statement, asked) for statement in policy.statements)
    for effect, verdict in _ORDER:
        for each in judged:
            if each.fits and each.statement.effect == effect:
                return Decision(verdict, judged, each.statement)
    return Decision("silent", judged)


_ORDER: tuple[tuple[str, Verdict], ...] = (("Deny", "deny"), ("Allow", "allow"))


def judge(statement: Statement, asked: Asked) -> Judged:
    """Whether one statement covers what is asked, and if not, why."""
    if statement.principals is not None and not _covers(statement.principals, asked.caller):
        return Judged(statement, fits=False, part="principal")
    actions = statement.actions
    if actions is not None:
        found = any(action_like(pattern, asked.action) for pattern in actions.patterns)
        if found == actions.excluded:
            return Judged(statement, fits=False, part="action")
    resources = statement.resources
    if resources is not None:
        patterns = [filled(pattern, asked.context) for pattern in resources.patterns]
        found = any(resource_like(pattern, asked.resource) for pattern in patterns)
        if found == resources.excluded:
            return Judged(statement, fits=False, part="resource")
    failed = _failed(statement.conditions, asked.context)
    if failed is not None:
        actual = asked.context.get(failed.key.lower())
        return Judged(statement, fits=False, part="condition", condition=failed, actual=actual)
    return Judged(statement, fits=True)


def resource_like(pattern: str, resource: str) -> bool:
    """A resource pattern; `execute-api:/stage/GET/path` is short for the API's own ARN."""
    if pattern.startswith("execute-api:/"):
        rest = resource.split(":", 5)[-1]
        return like(pattern.removeprefix("execute-api:/"), rest.partition("/")[2])
    return arn_like(pattern, resource)


def _failed(conditions: Iterable[Condition], context: Context) -> Condition | None:
    for condition in conditions:
        try:
            if not holds(condition, context):
                return condition
        except UnknownOperatorError:
            return condition
    return None


def _covers(principals: Principals, caller: Caller) -> bool:
    found = any(
        _is(kind, pattern, caller)
        for kind, patterns in principals.named.items()
        for pattern in patterns
    )
    return found != principals.excluded


def _is(kind: str, pattern: str, caller: Caller) -> bool:
    if kind == "AWS":
        return pattern == "*" or _is_account(pattern, caller) or _is_arn(pattern, caller)
    known: Mapping[str, str | None] = {"Service": caller.service, "Federated": caller.federated}
    value = known.get(kind)
    return value is not None and pattern in ("*", value)


def _is_account(pattern: str, caller: Caller) -> bool:
    """An account as a number, or as its root's ARN: everybody in it."""
    if caller.account is None:
        return False
    root = pattern.startswith("arn:") and pattern.endswith(f"::{caller.account}:root")
    return root or pattern == caller.account


def _is_arn(pattern: str, caller: Caller) -> bool:
    """A user, a role or a session. A role's sessions act as the role; no wildcards here."""
    if caller.arn is None:
        return False
    return pattern in (caller.arn, role_of(caller.arn))


def role_of(arn: str) -> str | None:
    """The role's ARN of a session `arn:aws:sts::A:assumed-role/ROLE/SESSION`."""
    head, found, rest = arn.partition(":assumed-role/")
    if not found:
        return None
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.split('/')[0]}"

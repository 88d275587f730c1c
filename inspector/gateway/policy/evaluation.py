"""One policy against one request: statement by statement, an explicit Deny before any Allow.

Source: IAM user guide, "Policy evaluation logic"; access-control facts, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.gateway.policy.conditions import Context, UnknownOperatorError, filled, holds
from inspector.gateway.policy.document import Condition, Policy, Principals, Statement
from inspector.gateway.policy.matching import action_like, resource_like

Verdict = Literal["allow", "deny", "silent"]
Part = Literal["principal", "action", "resource", "condition"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `arn` None: nobody is known, only `*` covers the caller.

    `unique_id` is a principal's unchanging id (`AIDA…`, `AROA…:session`).
    """

    arn: str | None = None
    account: str | None = None
    unique_id: str | None = None
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

    `condition` is the one that failed, `actual` what the request had for it; `policy` counts the
    documents where several are judged together.
    """

    statement: Statement
    fits: bool
    part: Part | None = None
    condition: Condition | None = None
    actual: tuple[str, ...] | None = None
    policy: int = 0

    @property
    def at(self) -> str:
        """What decided about it, as a JSON pointer: the part that does not fit, or the whole."""
        statement = self.statement
        elements = {
            "principal": statement.principals,
            "action": statement.actions,
            "resource": statement.resources,
            "condition": self.condition,
        }
        element = None if self.part is None else elements[self.part]
        return statement.at if element is None else element.at


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says. `deciding` is the statement that settled it, None for `silent`."""

    verdict: Verdict
    statements: tuple[Judged, ...]
    deciding: Statement | None = None
    policy: int = 0

    @property
    def nearest(self) -> Judged | None:
        """Of the Allow statements that do not fit, the one that came closest."""
        missed = [each for each in self.statements if each.statement.effect == "Allow"]
        return max(missed, key=lambda each: _PARTS.index(each.part), default=None)


#: The order in which a statement's parts are looked at.
_PARTS: tuple[Part | None, ...] = ("principal", "action", "resource", "condition", None)


def evaluate(policy: Policy, asked: Asked) -> Decision:
    """Judge every statement; the first Deny that fits decides, else the first Allow."""
    return evaluate_all((policy,), asked)


def evaluate_all(policies: Iterable[Policy], asked: Asked) -> Decision:
    """All policies of one caller as if they were one."""
    judged = tuple(
        judge(statement, asked, variables=policy.has_variables, policy=number)
        for number, policy in enumerate(policies)
        for statement in policy.statements
    )
    for effect, verdict in _ORDER:
        for each in judged:
            if each.fits and each.statement.effect == effect:
                return Decision(verdict, judged, each.statement, each.policy)
    return Decision("silent", judged)


_ORDER: tuple[tuple[str, Verdict], ...] = (("Deny", "deny"), ("Allow", "allow"))


def judge(statement: Statement, asked: Asked, *, variables: bool = True, policy: int = 0) -> Judged:
    """Whether one statement covers what is asked, and if not, why."""
    part, condition = _misfit(statement, asked, variables=variables)
    actual = None if condition is None else asked.context.get(condition.key.lower())
    return Judged(statement, part is None, part, condition, actual, policy)


def _misfit(
    statement: Statement, asked: Asked, *, variables: bool
) -> tuple[Part | None, Condition | None]:
    """The first part that does not fit, and the condition where it is one."""
    if statement.principals is not None and not _covers(statement.principals, asked.caller):
        return "principal", None
    actions = statement.actions
    if actions is not None:
        found = any(action_like(pattern, asked.action) for pattern in actions.patterns)
        if found == actions.excluded:
            return "action", None
    resources = statement.resources
    if resources is not None:
        patterns: Iterable[str] = resources.patterns
        if variables:
            patterns = (filled(pattern, asked.context) for pattern in patterns)
        found = any(resource_like(pattern, asked.resource) for pattern in patterns)
        if found == resources.excluded:
            return "resource", None
    for condition in statement.conditions:
        try:
            met = holds(condition, asked.context, variables=variables)
        except UnknownOperatorError:
            met = False
        if not met:
            return "condition", condition
    return None, None


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
    own = (caller.unique_id or "").partition(":")[0]
    return pattern in (caller.arn, role_of(caller.arn)) or (bool(own) and pattern == own)


def role_of(arn: str) -> str | None:
    """The role's ARN of a session `arn:aws:sts::A:assumed-role/ROLE/SESSION`."""
    head, found, rest = arn.partition(":assumed-role/")
    if not found:
        return None
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.split('/')[0]}"

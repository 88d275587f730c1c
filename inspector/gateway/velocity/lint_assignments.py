"""Lint of `#set`: assignments that never take effect."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from inspector.gateway.velocity.findings import Finding, Level, finding, text_of
from inspector.gateway.velocity.lint_facts import (
    COMPUTED,
    Facts,
    bare,
    everything,
    is_plain_target,
    root_of,
    takes_values,
)
from inspector.gateway.velocity.lint_names import ENGINE_VARIABLES, OVERRIDES, VARIABLES
from inspector.gateway.velocity.nodes import Node, NodeKind

_NO_EFFECT: Final = "no-effect"


def assignment_findings(root: Node, facts: Facts) -> Iterator[Finding]:
    """Findings about every `#set`."""
    for node in everything(root):
        if node.kind is NodeKind.SET:
            yield from _target(node.children[0], facts)
            yield from _value(node.children[1], facts)
            yield from _never_read(node, facts)


def _target(target: Node, facts: Facts) -> Iterator[Finding]:
    name = root_of(target)
    if not target.children:
        if not takes_values(target):
            yield finding(
                target,
                _NO_EFFECT,
                f"`#set({text_of(target)} = ...)` assigns nothing.",
                f"Write `#set(${name} = ...)`, without braces or exclamation mark.",
            )
        return
    if name in {"input", "util"}:
        reason = f"`${name}` cannot be changed: the assignment is dropped."
        yield finding(target, _NO_EFFECT, reason, "Keep the value in a variable of your own.")
    elif name == "context" and name not in facts.assigned:
        yield from _override(target)
    elif name not in facts.assigned and name not in facts.named and name not in VARIABLES:
        yield finding(
            target,
            _NO_EFFECT,
            f"`${name}` is never set: assigning to a member of it does nothing.",
            f"Start with `#set(${name} = {{}})`.",
        )


def _override(target: Node) -> Iterator[Finding]:
    """`$context.responseOverride.headers.x` and its like, which nothing reads."""
    path = [_member(step) for step in target.children]
    known = OVERRIDES.get(path[0] or "")
    if known is None:
        close = get_close_matches(path[0] or "", OVERRIDES, n=1)
        if close:
            yield _wrong_override(target, path[0] or "", f"$context.{close[0]}")
        return
    member = path[1] if len(path) > 1 else None
    if member is None or member in known:
        return
    close = get_close_matches(member, known, n=1, cutoff=0.5)
    if len(path) > 2 or close:  # one level below is a value to carry along
        mend = f"$context.{path[0]}.{close[0]}" if close else ", ".join(known)
        yield _wrong_override(target, member, mend)


def _wrong_override(target: Node, member: str, mend: str) -> Finding:
    return finding(
        target,
        _NO_EFFECT,
        f"`{member}` is no override: API Gateway does not look at it.",
        f"Use {mend}.",
    )


def _member(step: Node) -> str | None:
    """The name of one step, written as a property or as `["name"]`; None where it is computed."""
    if step.kind is NodeKind.IDENTIFIER:
        return step.first.image
    inner = step.children[0] if step.children else None
    if inner is not None and inner.kind is NodeKind.STRING and "$" not in inner.first.image:
        return inner.first.image[1:-1]
    return None


def _value(value: Node, facts: Facts) -> Iterator[Finding]:
    operation = bare(value)
    if operation.kind not in COMPUTED or operation.kind is NodeKind.ADD:
        return
    left, right = (bare(each) for each in operation.children)
    sign = operation.kind.value
    divides = operation.kind in {NodeKind.DIVIDE, NodeKind.MODULO}
    if divides and right.kind is NodeKind.INTEGER and int(right.first.image) == 0:
        reason = "Division by zero gives no value: the variable keeps its old one."
        yield finding(value, _NO_EFFECT, reason, "Divide by something else.")
    for operand in (left, right):
        kind = facts.type_of(operand)
        if kind in {"String", "List", "Map", "Boolean"}:
            yield finding(
                value,
                _NO_EFFECT,
                f"`{sign}` of a {kind} gives no value: the variable keeps its old one.",
                "Convert text first: `#set($i = 0)` and `$i.parseInt($text)`.",
            )
            return


def _never_read(node: Node, facts: Facts) -> Iterator[Finding]:
    target = node.children[0]
    name = root_of(target)
    if not is_plain_target(target) or not takes_values(target) or facts.evaluates:
        return
    if name in facts.read or name in VARIABLES or name in ENGINE_VARIABLES or _calls(node):
        return
    reason = f"`${name}` is set here and never read."
    yield finding(node, "never-read", reason, "Remove it, or use it.", Level.NOTE)


def _calls(node: Node) -> bool:
    """Whether the value may be there for what a method does, as in `#set($x = $list.add(1))`."""
    return any(each.kind is NodeKind.METHOD for each in everything(node.children[1]))

"""Lint of references: members that do not exist, variables that nothing sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inspector.gateway.velocity.findings import Finding, finding
from inspector.gateway.velocity.lint_facts import (
    Facts,
    arguments,
    everything,
    is_target,
    method_name,
    root_of,
)
from inspector.gateway.velocity.lint_names import (
    ANY_TYPE,
    BY_TYPE,
    INPUT_METHODS,
    INPUT_PROPERTIES,
    UTIL_METHODS,
    Table,
    suggestion,
)
from inspector.gateway.velocity.nodes import Node, NodeKind, StringData

_HYPHENED: Final = re.compile(r"(.+?)-(\d[\w-]*|)$")
_INTERPOLATED: Final = re.compile(r"(?<!^)\$!?\{?([A-Za-z_][\w-]*)")
_HOSTS: Final = {"input": INPUT_METHODS, "util": UTIL_METHODS}


def reference_findings(root: Node, facts: Facts) -> Iterator[Finding]:
    """Findings about every reference, those inside string literals too."""
    for node in everything(root):
        if node.kind is NodeKind.REFERENCE and root_of(node):
            yield from _variable(node, facts)
            yield from _members(node, facts)


def _variable(node: Node, facts: Facts) -> Iterator[Finding]:
    name = root_of(node)
    if facts.known(name) or is_target(node):
        return
    hyphened = _HYPHENED.match(name)
    if hyphened and facts.known(hyphened[1]):
        yield finding(
            node,
            "hyphen",
            f"`${name}` is one name: a hyphen belongs to names.",
            f"Write `${hyphened[1]} - {hyphened[2] or 'x'}` with blanks round the minus.",
        )
        return
    known = dict.fromkeys([*facts.assigned, *facts.named, "input", "util", "context"])
    known["stageVariables"] = None
    yield finding(
        node,
        "undefined-variable",
        f"Nothing sets `${name}`: it prints nothing on AWS.",
        f"Set it first, or remove it.{suggestion(name, known)}",
    )


def _members(node: Node, facts: Facts) -> Iterator[Finding]:
    name = root_of(node)
    steps = node.children
    if name in _HOSTS and name not in facts.assigned and steps:
        found = list(_host_member(name, steps[0], facts))
        yield from found
        if found:
            return
    for index, step in enumerate(steps):
        if step.kind is NodeKind.METHOD and not (index == 0 and name in _HOSTS):
            yield from _method(step, _owner(node, index, facts))
        elif step.kind is NodeKind.IDENTIFIER and step.first.image in {"length", "size"}:
            yield from _size_property(step, _owner(node, index, facts))


def _owner(node: Node, index: int, facts: Facts) -> str | None:
    """The type of what step `index` of a reference is asked of."""
    found = facts.type_of_prefix(node, index)
    return "List" if found == "Range" else found


def _host_member(variable: str, step: Node, facts: Facts) -> Iterator[Finding]:
    methods = _HOSTS[variable]
    if step.kind is not NodeKind.METHOD:
        member = step.first.image
        if variable == "input" and member in INPUT_PROPERTIES:
            return
        mend = f"`${variable}` has {_listed(methods)}.{suggestion(member, methods)}"
        if member in methods:
            mend = f"Call it: `${variable}.{member}(...)`."
        yield finding(step, "unknown-member", f"`${variable}.{member}` does not exist.", mend)
        return
    name, given = method_name(step), arguments(step)
    if name not in methods:
        mend = f"`${variable}` has {_listed(methods)}.{suggestion(name, methods)}"
        yield finding(step, "unknown-member", f"`${variable}.{name}(...)` does not exist.", mend)
    elif len(given) not in methods[name]:
        yield finding(
            step,
            "unknown-member",
            f"`${variable}.{name}` does not take {_arguments(len(given))}.",
            f"It takes {_counts(methods[name])}.",
        )
    elif variable == "input" and given:
        yield from _single_quoted_path(given[0], facts)


def _single_quoted_path(argument: Node, facts: Facts) -> Iterator[Finding]:
    data = argument.data
    if not isinstance(data, StringData) or argument.first.image[0] != "'":
        return
    inner = _INTERPOLATED.search(data.text)
    if inner and facts.known(inner[1]) and inner[1] != "null":
        yield finding(
            argument,
            "not-interpolated",
            f"Single quotes keep `{inner[0]}` from being replaced by its value.",
            "Use double quotes for this path.",
        )


def _method(step: Node, owner: str | None) -> Iterator[Finding]:
    name, count = method_name(step), len(arguments(step))
    table: Table = BY_TYPE.get(owner or "", ANY_TYPE)
    if count in table.get(name, ()):
        return
    whose = f"A {owner} has no" if owner in BY_TYPE else "No value that a template can hold has a"
    if name in table:
        mend = f"`{name}` takes {_counts(table[name])}."
        reason = f"{whose} method `{name}` of {_arguments(count)}: the call comes to nothing."
    else:
        mend = f"Use one of Java's methods.{suggestion(name, table)}"
        reason = f"{whose} method `{name}`: the call comes to nothing."
    yield finding(step, "unknown-method", reason, mend)


def _size_property(step: Node, owner: str | None) -> Iterator[Finding]:
    method = {"String": "length()", "List": "size()", "Array": "size()", "Set": "size()"}
    if owner in method:
        yield finding(
            step,
            "unknown-member",
            f"A {owner} has no property `{step.first.image}`.",
            f"Call `.{method[owner]}`.",
        )


def _listed(methods: Table) -> str:
    return ", ".join(name for name in methods if not name.startswith("get"))


def _arguments(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def _counts(counts: frozenset[int]) -> str:
    ordered = sorted(counts)
    if len(ordered) > 3:  # a list of all would not help
        return f"{ordered[0]} or more"
    return " or ".join(map(str, ordered))

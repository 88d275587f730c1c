"""Lint of templates, without running them: what does not exist, does nothing or is never true."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.findings import Finding, Level
from inspector.gateway.velocity.lint_assignments import assignment_findings
from inspector.gateway.velocity.lint_balance import directive_findings, fault_findings
from inspector.gateway.velocity.lint_conditions import condition_findings
from inspector.gateway.velocity.lint_facts import Facts
from inspector.gateway.velocity.lint_output import output_findings
from inspector.gateway.velocity.lint_references import reference_findings
from inspector.gateway.velocity.parser import MacroNames
from inspector.gateway.velocity.prepare import prepare
from inspector.gateway.velocity.program import MAX_TEMPLATE_BYTES
from inspector.gateway.velocity.source import Source

_RULES: Final = (
    reference_findings,
    assignment_findings,
    condition_findings,
    output_findings,
    directive_findings,
)


def lint(template: str) -> list[Finding]:
    """Everything found in a template, in the order of the text.

    Never raises for what a template holds: one that does not parse is a finding of level `ERROR`.
    """
    found = _size(template)
    try:
        root = prepare(Source(template), MacroNames()).root
    except TemplateError as error:
        found += fault_findings(template, error)
    except RecursionError:
        message = "The template is nested too deeply."
        found.append(Finding("syntax", Level.ERROR, 1, 1, 0, 0, message, "Nest it less."))
    else:
        facts = Facts(root)
        for rule in _RULES:
            found += rule(root, facts)
    return sorted(set(found), key=lambda each: (each.line, each.column, each.rule, each.reason))


def _size(template: str) -> list[Finding]:
    size = len(template.encode("utf-8", "replace"))
    if size <= MAX_TEMPLATE_BYTES:
        return []
    reason = f"The template has {size:,} bytes; API Gateway accepts {MAX_TEMPLATE_BYTES:,}."
    mend = "Shorten it, or do the work in the backend."
    return [Finding("too-large", Level.ERROR, 1, 1, 0, 0, reason, mend)]


__all__ = ["Finding", "Level", "lint"]

"""The template language of mapping templates: Apache Velocity 1.7, as Amazon runs it.

    template = parse(text)                          # TemplateSyntaxError, with line and column
    program = compile_template(template, "amazon")  # or "velocity"; keep it, it may run again
    rendered = program.render(variables, Budget())  # TemplateError, with line and column
    rendered.output, rendered.variables

`variables` is a dict of plain values (see `inspector.gateway.java.values`) and `Host`s; a run changes
it. Mode "amazon", the default, makes the empty string of every null or invalid reference, wherever it
stands; "velocity" is stock 1.7 (facts/velocity.md, "What AWS really does"). `render(collect=True)` also
gives `rendered.unresolved`: the references that came to nothing, marked `tested` where a condition hung
on one, which in Amazon's mode is inferred, not recorded.

`stepper.Session` runs a template step by step; nothing of it is in the way of `Program.render`.
"""

from __future__ import annotations

from inspector.gateway.velocity.errors import (
    BudgetExceededError,
    TemplateError,
    TemplateSyntaxError,
)
from inspector.gateway.velocity.program import (
    MAX_TEMPLATE_BYTES,
    Mode,
    Program,
    Rendered,
    Template,
    compile_template,
    parse,
)
from inspector.gateway.velocity.runtime import Budget, Unresolved

__all__ = [
    "MAX_TEMPLATE_BYTES",
    "Budget",
    "BudgetExceededError",
    "Mode",
    "Program",
    "Rendered",
    "Template",
    "TemplateError",
    "TemplateSyntaxError",
    "Unresolved",
    "compile_template",
    "parse",
]

"""Mapping templates inside the pipeline: what they see, and what they leave behind.

Sources: facts 57-60 (what a response template still sees, overrides carried over), 75 (an empty
body is `{}`), 105-107 (overrides of the answer).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from inspector.gateway import context
from inspector.gateway.limits import AMAZONS
from inspector.gateway.mapping.context import override_of, recorded_order
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.results import Overrides, Routed
from inspector.gateway.trace import Fact
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.program import Program, compile_template
from inspector.gateway.velocity.runtime import Budget
from inspector.model import Template

_NOTHING: Mapping[str, object] = {}
#: `$context` other than with plain members behind it: passed on, searched, listed.
_WALKED = re.compile(r"\$!?\{?context\}?(?!\}?\.[A-Za-z][\w.]*(?![\w.(\[]))")


@dataclass(frozen=True, slots=True)
class Output:
    """What a template rendered, and the override maps as it left them."""

    text: str
    overrides: Overrides


@dataclass(frozen=True, slots=True)
class Failed:
    """A template that could not be rendered, with facts for the trace."""

    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class Rendering:
    """A template with all that it can ask for: what a debugger runs, as often as it likes."""

    template: Template
    routed: Routed
    body: str
    overrides: Overrides | None = None

    def variables(self) -> dict[str, object]:
        """Fresh variables for one run, with the whole `$context`, whatever the template asks for."""
        members = recorded_order(context.of_routed(self.routed))
        inputs = _inputs(self.routed, self.body, members)
        return inputs.variables(deepcopy(dict(_carried(self.overrides))))


@lru_cache(maxsize=4096)
def program_of(text: str) -> Program:
    """The template compiled, once for each text. Raises `TemplateError`."""
    return compile_template(text)


def render(
    template: Template, routed: Routed, body: str, overrides: Overrides | None
) -> Output | Failed:
    """Render a template of this request; `overrides` are those of the request template."""
    if _is_plain(template.text):
        return Output(template.text, overrides or Overrides())
    inputs = _inputs(routed, body, _context(template.text, routed))
    variables = inputs.variables(_carried(overrides))
    try:
        limits = routed.resolved.deployment.limits
        budget = None if limits is AMAZONS else Budget(iterations=limits.foreach)
        output = program_of(template.text).render(variables, budget).output
    except TemplateError as error:
        return Failed(_facts(error))
    left = variables["context"]
    if not _may_override(template.text):
        return Output(output, overrides or Overrides())
    return Output(
        output,
        Overrides(override_of(left, "requestOverride"), override_of(left, "responseOverride")),
    )


def _is_plain(text: str) -> bool:
    """Whether nothing in a template can be anything but text: no reference, directive or escape."""
    return "$" not in text and "#" not in text and "\\" not in text


def _may_override(text: str) -> bool:
    """Whether a template can get at the override maps: by name, or by walking through `$context`."""
    return "Override" in text or "#evaluate" in text or _WALKED.search(text) is not None


def _carried(overrides: Overrides | None) -> Mapping[str, object]:
    if overrides is None:
        return _NOTHING
    return {"requestOverride": overrides.request, "responseOverride": overrides.response}


def _inputs(routed: Routed, body: str, members: Mapping[str, object]) -> TemplateInputs:
    client = routed.client
    return TemplateInputs(
        body,
        client.path_parameters,
        client.query_values,
        client.header_values,
        members,
        routed.resolved.deployment.stage.variables,
    )


def _context(text: str, routed: Routed) -> dict[str, object]:
    """`$context`, made only for templates that can ask for it: it costs more than a small template."""
    if "context" not in text and "#evaluate" not in text:
        return {}
    return recorded_order(context.of_routed(routed))


def _facts(error: TemplateError) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"error": str(error)}
    if error.line is not None:
        facts["template_line"] = error.line
        facts["template_column"] = error.column
    return facts

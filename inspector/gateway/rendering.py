"""Mapping templates inside the pipeline: what they see, and what they leave behind.

Sources: facts 57-60 (what a response template still sees, overrides carried over), 75 (an empty
body is `{}`), 105-107 (overrides of the answer).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

from inspector.gateway import context
from inspector.gateway.mapping.context import override_of, recorded_order
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.results import Overrides, Routed
from inspector.gateway.trace import Fact
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.program import Program, compile_template
from inspector.model import Template

_NOTHING: Mapping[str, object] = {}


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
    """A template about to be rendered, with all that it can ask for."""

    template: Template
    inputs: TemplateInputs
    carried: Mapping[str, object]
    routed: Routed

    def variables(self) -> dict[str, object]:
        """Fresh variables for one run."""
        return self.inputs.variables(deepcopy(dict(self.carried)))


_watching: ContextVar[list[Rendering] | None] = ContextVar("renderings", default=None)


@contextmanager
def watched() -> Iterator[list[Rendering]]:
    """The templates that are rendered meanwhile, in their order: how a debugger gets at them."""
    found: list[Rendering] = []
    token = _watching.set(found)
    try:
        yield found
    finally:
        _watching.reset(token)


@lru_cache(maxsize=4096)
def program_of(text: str) -> Program:
    """The template compiled, once for each text. Raises `TemplateError`."""
    return compile_template(text)


def render(
    template: Template, routed: Routed, body: str, overrides: Overrides | None
) -> Output | Failed:
    """Render a template of this request; `overrides` are those of the request template."""
    inputs = _inputs(routed, body, _context(template.text, routed))
    carried: Mapping[str, object] = _NOTHING
    if overrides is not None:
        carried = {"requestOverride": overrides.request, "responseOverride": overrides.response}
    watching = _watching.get()
    if watching is not None:
        whole = _inputs(routed, body, recorded_order(context.of_routed(routed)))
        watching.append(Rendering(template, whole, deepcopy(dict(carried)), routed))
    variables = inputs.variables(carried)
    try:
        output = program_of(template.text).render(variables).output
    except TemplateError as error:
        return Failed(_facts(error))
    left = variables["context"]
    return Output(
        output,
        Overrides(override_of(left, "requestOverride"), override_of(left, "responseOverride")),
    )


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

"""Mapping templates of WebSocket events: which one, what it sees, what it makes.

Sources: websocket.md, sections 3 and 5 (guide: the template selection expression gives a key of the
templates; `$input.body`, `$input.json(x)`, `$input.path(x)`, `$context`, `$stageVariables`, `$util`).
`$default` stands for all other keys, also where there is no expression. Behind it comes
`application/json`, the key of the mock in the guide's example, which has no expression, and of the
CDK's, whose expression selects `$default`: inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from inspector.gateway.limits import AMAZONS
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.rendering import program_of
from inspector.gateway.trace import Fact
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.runtime import Budget
from inspector.gateway.websocket import context
from inspector.gateway.websocket.deploy import DEFAULT
from inspector.gateway.websocket.results import Chosen
from inspector.gateway.websocket.selection import Look, NotJsonError, Selection
from inspector.model import Template

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class SocketRendering:
    """A template with all that it can ask for: what is run, and what a debugger runs again."""

    template: Template
    key: str
    chosen: Chosen
    body: str

    def variables(self) -> dict[str, object]:
        """Fresh variables for one run."""
        joined = self.chosen.joined
        client = joined.client
        return TemplateInputs(
            self.body,
            {},
            client.query_values,
            client.header_values,
            context.of_chosen(self.chosen),
            joined.deployment.stage.variables,
        ).variables({})


@dataclass(frozen=True, slots=True)
class Failed:
    """A template that could not be rendered, with facts for the trace."""

    facts: dict[str, Fact]


def template_for(
    templates: Mapping[str, Template], selection: Selection | None, body: bytes, look: Look
) -> tuple[str, Template] | None:
    """The key and the template that an expression selects; None where there is none for it."""
    key = DEFAULT
    if selection is not None:
        with suppress(NotJsonError):
            key = selection.value(body, look)
    for each in (key, DEFAULT, _JSON):
        found = templates.get(each)
        if found is not None:
            return each, found
    return None


def render(rendering: SocketRendering) -> str | Failed:
    """The text that a template makes."""
    limits = rendering.chosen.joined.deployment.limits
    budget = None if limits is AMAZONS else Budget(iterations=limits.foreach)
    try:
        return program_of(rendering.template.text).render(rendering.variables(), budget).output
    except TemplateError as error:
        facts: dict[str, Fact] = {"error": str(error)}
        if error.line is not None:
            facts["template_line"] = error.line
            facts["template_column"] = error.column
        return Failed(facts)

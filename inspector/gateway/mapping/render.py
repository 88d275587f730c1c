"""Rendering a mapping template: variables in, text and overrides out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inspector.gateway.mapping.context import override_of
from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.velocity.program import Program
from inspector.gateway.velocity.runtime import Budget, Unresolved

_OVERRIDES: Final = ("requestOverride", "responseOverride")


@dataclass(frozen=True, slots=True)
class MappingResult:
    """What a mapping template made.

    `request_override` has the maps path, header and querystring, `response_override` header and, if
    the template set it, status; values are whatever was assigned: text, numbers, lists (facts
    105-107 say what API Gateway makes of them). Members of other names are kept too (fact 60).
    """

    output: str
    request_override: dict[str, object]
    response_override: dict[str, object]
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def overrides(self) -> dict[str, object]:
        """Both, as `render` takes them for a later template of the same exchange."""
        maps = (self.request_override, self.response_override)
        return dict(zip(_OVERRIDES, maps, strict=True))


def render(
    program: Program,
    inputs: TemplateInputs,
    *,
    budget: Budget | None = None,
    overrides: Mapping[str, object] | None = None,
    collect: bool = False,
) -> MappingResult:
    """Render once. Raises `TemplateError`, with line and column.

    `overrides` are `MappingResult.overrides` of the request template when this is the response
    template (facts 58-60); `collect` fills `unresolved`. Without a budget the default one holds.
    """
    granted = Budget() if budget is None else budget
    variables = inputs.variables(
        overrides or {}, amazon=program.mode == "amazon", max_visits=granted.nodes
    )
    rendered = program.render(variables, granted, collect=collect)
    context = rendered.variables.get("context")
    return MappingResult(
        rendered.output,
        override_of(context, "requestOverride"),
        override_of(context, "responseOverride"),
        rendered.unresolved,
    )

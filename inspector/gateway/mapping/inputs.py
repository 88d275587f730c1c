"""What a template is given, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from inspector.gateway.jsonpath.paths import UNLIMITED
from inspector.gateway.mapping.context import context_variable
from inspector.gateway.mapping.request import Input
from inspector.gateway.mapping.util import UTIL

_NONE: Final[Mapping[str, object]] = {}


@dataclass(frozen=True, slots=True)
class TemplateInputs:
    """The request, or the backend's answer, as a template sees it.

    `body` is text already decoded (None for none at all). The parameter maps hold one value a name,
    in the order in which `$input.params()` shall list them; header names are looked up as sent
    (fact 83). `context` and `stage_variables` keep their order too: `recorded_order` puts the
    members of a REST API's context into Amazon's.
    """

    body: str | None = ""
    path: Mapping[str, object] = field(default_factory=dict)
    querystring: Mapping[str, object] = field(default_factory=dict)
    header: Mapping[str, object] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    stage_variables: Mapping[str, object] = field(default_factory=dict)

    def variables(
        self,
        overrides: Mapping[str, object] = _NONE,
        *,
        amazon: bool = True,
        max_visits: float = UNLIMITED,
    ) -> dict[str, object]:
        """`input`, `util`, `context` and `stageVariables`, fresh for one rendering.

        `amazon` makes the maps below `$context` print nothing (fact 100); `max_visits` bounds what
        one JSONPath may look at.
        """
        return {
            "input": Input(self.body, (self.path, self.querystring, self.header), max_visits),
            "util": UTIL,
            "context": context_variable(self.context, overrides, quiet=amazon),
            "stageVariables": dict(self.stage_variables),
        }

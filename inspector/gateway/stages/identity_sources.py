"""The parts of a request that a Lambda authorizer is asked about, and its cache is keyed by.

Source: access-control facts, section 4: each must be there and not empty, whether results are
cached or not (recorded: request0-*); a query name counts with its case, a header's does not.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.gateway import context
from inspector.gateway.results import Routed

_REQUEST = "method.request."


@dataclass(frozen=True, slots=True)
class IdentitySource:
    """One source, and what the request has for it."""

    expression: str
    value: str | None

    @property
    def present(self) -> bool:
        """Whether it is there and not empty."""
        return bool(self.value)


def read(routed: Routed, declared: str | None) -> list[IdentitySource]:
    """The sources of an authorizer, in their declared order."""
    names = [part.strip() for part in (declared or "").split(",") if part.strip()]
    return [IdentitySource(name, _value(routed, name)) for name in names]


def _value(routed: Routed, expression: str) -> str | None:
    if expression.startswith(f"{_REQUEST}header."):
        name = expression.removeprefix(f"{_REQUEST}header.")
        return routed.resolved.request.headers.get(name)
    if expression.startswith(f"{_REQUEST}querystring."):
        return routed.client.query_values.get(expression.removeprefix(f"{_REQUEST}querystring."))
    if expression.startswith("stageVariables."):
        variables = routed.resolved.deployment.stage.variables
        return variables.get(expression.removeprefix("stageVariables."))
    if expression.startswith("context."):
        return context.look_up(context.of_routed(routed), expression.removeprefix("context."))
    return None

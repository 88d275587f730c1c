"""The parts of a handshake that an authorizer wants to be there.

Source: captures-2026.md, section 2a (recorded: of a header twice 400, of a query the last value
counts; a header's name goes without case).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.gateway.context import look_up
from inspector.gateway.websocket import context
from inspector.gateway.websocket.results import Chosen

_HEADER, _QUERY = "route.request.header.", "route.request.querystring."


@dataclass(frozen=True, slots=True)
class Given:
    """One source, and what the handshake has for it."""

    expression: str
    value: str | None
    repeated: bool = False


def read(chosen: Chosen, declared: Iterable[str]) -> list[Given]:
    """The sources of an authorizer, in their declared order."""
    return [_given(chosen, expression) for expression in declared]


def _given(chosen: Chosen, expression: str) -> Given:
    joined = chosen.joined
    if expression.startswith(_HEADER):
        values = joined.request.headers.all(expression.removeprefix(_HEADER))
        return Given(expression, values[-1] if values else None, repeated=len(values) > 1)
    if expression.startswith(_QUERY):
        return Given(expression, joined.client.query_values.get(expression.removeprefix(_QUERY)))
    if expression.startswith("stageVariables."):
        variables = joined.deployment.stage.variables
        return Given(expression, variables.get(expression.removeprefix("stageVariables.")))
    if expression.startswith("context."):
        found = look_up(context.of_chosen(chosen), expression.removeprefix("context."))
        return Given(expression, found)
    return Given(expression, None)

"""The parts of a request that an authorizer of an HTTP API is asked about.

Sources: access-control facts, section 5 (recorded): a source that is there and empty is accepted,
only an absent one is not; query names count with their case; repeated query values are joined.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.gateway.context import look_up
from inspector.gateway.http_api.context import of_matched
from inspector.gateway.http_api.results import Matched
from inspector.gateway.query import all_values

_HEADER, _QUERY = "$request.header.", "$request.querystring."
_CONTEXT, _VARIABLE = "$context.", "$stageVariables."


@dataclass(frozen=True, slots=True)
class IdentitySource:
    """One source, and what the request has for it; None where it is absent."""

    expression: str
    value: str | None


def read(matched: Matched, declared: tuple[str, ...]) -> list[IdentitySource]:
    """The sources in their declared order (Amazon's own order varies: recorded)."""
    return [IdentitySource(each, _value(matched, each)) for each in declared]


def _value(matched: Matched, expression: str) -> str | None:
    staged = matched.staged
    if expression.startswith(_HEADER):
        values = staged.request.headers.all(expression.removeprefix(_HEADER))
        return ",".join(values) if values else None
    if expression.startswith(_QUERY):
        found = all_values(matched.client.query).get(expression.removeprefix(_QUERY))
        return None if found is None else ",".join(found)
    if expression.startswith(_CONTEXT):
        return look_up(of_matched(matched), expression.removeprefix(_CONTEXT))
    if expression.startswith(_VARIABLE):
        return staged.deployment.stage.variables.get(expression.removeprefix(_VARIABLE))
    return None

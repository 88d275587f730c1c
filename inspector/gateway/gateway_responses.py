"""A refusal becomes the API's gateway response.

Sources: facts 17-23 (types, inheritance, parameters; recorded). A type with an entry of its own
inherits nothing from DEFAULT_4XX or DEFAULT_5XX (20). Templates here know plain substitution
only (developer guide, "Gateway responses in API Gateway").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from inspector.gateway.context import look_up
from inspector.gateway.java.utf16 import printable
from inspector.gateway.parameters import Scope, as_text, compile_expression
from inspector.gateway.refusal import RESPONSE_TYPES, Refusal
from inspector.message import Field
from inspector.model import GatewayResponse, RestApi, Template

#: What Amazon answers where the API has no template of its own.
BUILT_IN_TEMPLATE = '{"message":$context.error.messageString}'

_REFERENCE = re.compile(
    r"\$(\{)?(context|stageVariables|method\.request\.(?:header|path|querystring|body))"
    r"((?:\.[A-Za-z_][\w-]*)*)(?(1)\})"
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A gateway response ready to be sent, and the definition's entry that shaped it, if any."""

    status: int
    content_type: str
    headers: tuple[Field, ...]
    body: bytes
    declared: GatewayResponse | None


def declared_for(api: RestApi, response_type: str) -> GatewayResponse | None:
    """The entry that shapes a type: its own, else DEFAULT_4XX or DEFAULT_5XX (facts 19, 20)."""
    own = api.gateway_responses.get(response_type)
    if own is not None:
        return own
    status = RESPONSE_TYPES[response_type].status
    return None if status is None else api.gateway_responses.get(f"DEFAULT_{status // 100}XX")


def render(
    api: RestApi,
    refusal: Refusal,
    scope: Scope,
    accept: str | None,
) -> Rendered:
    """The answer for a refusal; `accept` (the client's) chooses among templates."""
    declared = declared_for(api, refusal.response_type) if refusal.customizable else None
    built_in = RESPONSE_TYPES[refusal.response_type]
    status = refusal.status or built_in.status or 500
    if declared is not None and declared.status is not None:
        status = declared.status
    if declared is None or not declared.templates:
        body = _built_in_body(refusal, spaced=built_in.spaced)
        content_type = "application/json"
    else:
        content_type, template = _choose(declared.templates, accept)
        body = _substitute(template.text, scope, _with_error(scope.context(), refusal))
    headers = _headers(declared, scope)
    return Rendered(status, content_type, headers, printable(body).encode(), declared)


def _built_in_body(refusal: Refusal, *, spaced: bool) -> str:
    return f'{{"{refusal.key}":{" " if spaced else ""}{json.dumps(refusal.text)}}}'


def _choose(table: Mapping[str, Template], accept: str | None) -> tuple[str, Template]:
    wanted = (accept or "").partition(",")[0].partition(";")[0].strip().lower()
    for media_type in (wanted, "application/json"):
        if media_type in table:
            return media_type, table[media_type]
    return next(iter(table.items()))


def _with_error(context: dict[str, object], refusal: Refusal) -> dict[str, object]:
    message = refusal.text
    error = {
        "message": message,
        "messageString": json.dumps(message),
        "responseType": refusal.response_type,
        "validationErrorString": refusal.facts.get("validation_error"),
    }
    return {**context, "error": error}


def _substitute(template: str, scope: Scope, context: dict[str, object]) -> str:
    def value(found: re.Match[str]) -> str:
        root, members = found[2], found[3].lstrip(".")
        if root == "context":
            text = look_up(context, members)
        elif root == "stageVariables":
            text = scope.stage_variables.get(members)
        else:
            text = as_text(compile_expression(f"{root}.{members}" if members else root)(scope))
        return "" if text is None else text

    return _REFERENCE.sub(value, template)


def _headers(declared: GatewayResponse | None, scope: Scope) -> tuple[Field, ...]:
    if declared is None:
        return ()
    fields = []
    for mapping in declared.parameters:
        prefix, _, name = mapping.target.rpartition("header.")
        value = as_text(compile_expression(mapping.expression)(scope))
        if prefix and value is not None:
            fields.append((name, value))
    return tuple(fields)

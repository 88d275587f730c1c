"""Which parameter mappings Amazon accepts (facts 23, 129; the mapping reference of the guide).

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

from __future__ import annotations

import re

from inspector.definitions.diagnostics import Notes
from inspector.definitions.openapi.place import Place
from inspector.model import Integration, Method, Mock, ParameterMapping

_ANYWHERE = r"'.*'|(?:context|stageVariables)\..+"
_REQUEST = re.compile(
    rf"(?:{_ANYWHERE}|method\.request\.body(?:[.\[].*)?"
    r"|method\.request\.(?:multivalue)?(?:header|querystring)\..+|method\.request\.path\..+)\Z",
    re.DOTALL,
)
_RESPONSE = re.compile(
    rf"(?:{_ANYWHERE}|integration\.response\.body(?:[.\[].*)?"
    r"|integration\.response\.(?:multivalue)?header\..+)\Z",
    re.DOTALL,
)
_REQUEST_TARGET = re.compile(
    r"integration\.request\.(?:multivalue)?(?:header|querystring|path)\..+\Z"
)
_RESPONSE_TARGET = re.compile(r"method\.response\.(?:multivalue)?header\..+\Z")
_PLACEHOLDER = re.compile(r"(?<!\$)\{([^{}]+?)\+?\}")


def check_mappings(method: Method, place: Place, notes: Notes) -> None:
    """Note what Amazon refuses in the mappings of a method, and sources it does not declare."""
    integration = method.integration
    if integration is None:
        return
    for mapping in integration.request_parameters:
        if _REQUEST_TARGET.match(mapping.target) and _REQUEST.match(mapping.expression):
            _check_source(method, mapping, notes)
        else:
            _refuse(mapping, "put integration", _REQUEST_TARGET, place, notes)
    for response in integration.responses:
        declared = method.responses.get(response.status)
        for mapping in response.parameters:
            if not (_RESPONSE_TARGET.match(mapping.target) and _RESPONSE.match(mapping.expression)):
                _refuse(mapping, "put integration response", _RESPONSE_TARGET, place, notes)
            elif declared is None or mapping.target not in declared.parameters:
                _undeclared(mapping, mapping.target, f"response {response.status}", notes)
    _check_placeholders(integration, place, notes)


def _check_source(method: Method, mapping: ParameterMapping, notes: Notes) -> None:
    expression = mapping.expression
    if expression.startswith("method.request.") and not expression.startswith(
        "method.request.body"
    ):
        source = expression.replace(".multivalue", ".", 1)
        if source not in method.request_parameters:
            _undeclared(mapping, expression, "method", notes)


def _refuse(
    mapping: ParameterMapping, action: str, target: re.Pattern[str], place: Place, notes: Notes
) -> None:
    culprit = mapping.expression if target.match(mapping.target) else mapping.target
    reason = (
        "Invalid mapping expression specified: Validation Result: warnings : [], "
        f"errors : [Invalid mapping expression specified: {culprit}]"
    )
    remedy = (
        "Literals stand in single quotes: \"'text'\"; sources are such as method.request.header.X."
    )
    notes.error("mapping-expression", place.unable(action, reason), mapping.source, remedy)


def _undeclared(mapping: ParameterMapping, name: str, holder: str, notes: Notes) -> None:
    """Amazon refuses these when they are put one by one; our readers go on."""
    message = f"Invalid mapping expression parameter specified: {name}"
    remedy = f"Declare it among the {holder}'s parameters or headers; here the mapping is applied."
    notes.warning("undeclared-parameter", message, mapping.source, remedy)


def _check_placeholders(integration: Integration, place: Place, notes: Notes) -> None:
    if isinstance(integration, Mock):
        return
    targets = {mapping.target for mapping in integration.request_parameters}
    for name in _PLACEHOLDER.findall(integration.uri):
        if f"integration.request.path.{name}" not in targets:
            message = f"nothing fills {{{name}}} in the URI of {place.method} {place.path}"
            remedy = (
                f"Map integration.request.path.{name}, for example to method.request.path.{name}."
            )
            notes.warning("uri-placeholder", message, integration.source, remedy)

"""What Amazon refuses in an integration of an HTTP API, whichever file declares it.

Sources: developer guide, "Transforming API requests and responses" (keys, values, reserved headers)
and the API reference, CreateIntegration. The sentences are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inspector.definitions.diagnostics import Notes
from inspector.definitions.openapi.extensions import guess
from inspector.gateway.http_api.expressions import complaint
from inspector.gateway.http_api.parameter_mapping import TARGET, is_reserved
from inspector.gateway.http_api.subtypes import REGION, SUBTYPES
from inspector.model import HTTP_TIMEOUT_MS, HttpApiIntegration, ParameterMapping

_SHORTEST_MS = 50
_STATUS = re.compile(r"[1-5][0-9]{2}\Z")
_KEYS = "append|overwrite|remove:header.NAME or querystring.NAME, overwrite:path"
_ANSWER_KEYS = "append|overwrite|remove:header.NAME, overwrite:statuscode"


def check_http_integration(integration: HttpApiIntegration, key: str, notes: Notes) -> None:
    """Note what is wrong with the integration of the route `key`."""
    if not _SHORTEST_MS <= integration.timeout_ms <= HTTP_TIMEOUT_MS:
        bounds = f"{_SHORTEST_MS} to {HTTP_TIMEOUT_MS} ms"
        message = f"{key} waits {integration.timeout_ms} ms; Amazon allows {bounds}"
        notes.error("timeout", message, integration.source, "Set a time within these bounds.")
    if integration.type == "HTTP_PROXY" and integration.subtype is not None:
        message = f"{key}: only an AWS_PROXY integration has a subtype"
        notes.error("integration-subtype", message, integration.source, "Set the type AWS_PROXY.")
    if integration.subtype is None:
        _check(integration.request_parameters, _KEYS, "statuscode", key, notes)
    else:
        _check_subtype(integration, integration.subtype, key, notes)
    for status, mappings in integration.response_parameters.items():
        if not _STATUS.match(status):
            message = f"{key}: response parameters are by status code, not {status!r}"
            notes.error("response-parameters", message, integration.source, "Write 200 to 599.")
        _check(mappings, _ANSWER_KEYS, "path", key, notes)


def _check_subtype(integration: HttpApiIntegration, name: str, key: str, notes: Notes) -> None:
    """Sentences in part Amazon's (aws/aws-cdk#26328, hashicorp/terraform-provider-aws#17348)."""
    subtype = SUBTYPES.get(name)
    if subtype is None:
        message = f"{key}: the integration subtype {name!r} is unknown"
        notes.error("integration-subtype", message, integration.source, guess(name, [*SUBTYPES]))
        return
    given = {each.target: each for each in integration.request_parameters}
    for target, mapping in given.items():
        parameter = subtype.parameters.get(target)
        if parameter is None and target != REGION:
            message = f"{key}: Parameter: {target} does not fit schema for Operation: {name}."
            remedy = guess(target, [*subtype.parameters, REGION])
            notes.error("service-parameter", message, mapping.source, remedy)
        reason = complaint(mapping.expression)
        static = parameter is not None and parameter.kind == "map" and "$" not in mapping.expression
        if reason is not None or static:
            message = (
                f"{key}: Invalid selection expression specified: Validation Result: warnings : [], "
                f"errors : [Invalid source: {mapping.expression} specified for destination: {target}]"
            )
            remedy = f"{reason or 'A map cannot be static'}."
            notes.error("mapping-expression", message, mapping.source, remedy)
    missing = [each for each in subtype.required if each not in given]
    if missing:
        message = f"{key}: {name} lacks {', '.join(missing)}"
        remedy = "Set them under the integration's request parameters."
        notes.error("service-parameter", message, integration.source, remedy)
    if integration.credentials is None:
        message = f"{key}: {name} needs credentials, the role that calls the service"
        notes.warning("no-credentials", message, integration.source, "Set the role's ARN.")


def _check(
    mappings: Iterable[ParameterMapping], keys: str, foreign: str, key: str, notes: Notes
) -> None:
    of_response = foreign == "path"
    for mapping in mappings:
        match = TARGET.match(mapping.target)
        wrong = match is None or match["whole"] == foreign
        if wrong or (of_response and match is not None and match["place"] == "querystring"):
            message = f"{key}: Invalid mapping expression specified: {mapping.target}"
            notes.error("mapping-key", message, mapping.source, f"Keys are {keys}.")
            continue
        assert match is not None
        if match["place"] == "header" and is_reserved(match["name"]):
            message = f"{key}: Operations on header {match['name']} are restricted"
            remedy = "The header is reserved: no mapping may append, overwrite or remove it."
            notes.error("reserved-header", message, mapping.source, remedy)
        reason = complaint(mapping.expression, of_response=of_response)
        if reason is not None:
            message = f"{key}: Invalid mapping expression specified: {mapping.expression}"
            notes.error("mapping-expression", message, mapping.source, f"{reason}.")

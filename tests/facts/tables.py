"""Cases of kind `gateway_response_table`: what GetGatewayResponses lists of an API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.gateway.gateway_responses import BUILT_IN_TEMPLATE, declared_for
from inspector.gateway.refusal import RESPONSE_TYPES
from inspector.model import GatewayResponse, RestApi
from tests.facts.compare import checks, differs
from tests.facts.shortfall import Shortfall

_BUILT_IN = {"application/json": BUILT_IN_TEMPLATE}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Each type with what it inherits (facts 17 to 21)."""
    # An API without methods cannot be deployed; its table can be read all the same.
    bundle = Bundle({"api.json": json.dumps(case["api"])}, Options(api_type="rest"))
    api = read(bundle).definition.rest_apis[0]
    entries = {kind: declared_for(api, kind) for kind in RESPONSE_TYPES}
    statuses = {kind: _status(kind, entry) for kind, entry in entries.items()}
    templates = {kind: _templates(entry) for kind, entry in entries.items()}
    parameters = {
        kind: {} if entry is None else {each.target: each.expression for each in entry.parameters}
        for kind, entry in entries.items()
    }

    def of_templates(wanted: Mapping[str, Any]) -> Iterator[Shortfall]:
        """By type, or one table for all types that have no entry of their own."""
        if wanted.keys() <= RESPONSE_TYPES.keys():
            yield from _compared("responseTemplates", wanted, templates)
            return
        for kind, entry in entries.items():
            if entry is None:
                yield from differs(f"responseTemplates of {kind}", dict(wanted), templates[kind])

    def inherited(wanted: Any) -> Iterator[Shortfall]:
        found = {kind: _inherits(api, kind) and bool(parameters[kind]) for kind in entries}
        if isinstance(wanted, list):
            yield from differs("inherits_parameters", sorted(wanted),
                               sorted(kind for kind, yes in found.items() if yes))  # fmt: skip
            return
        told: Mapping[str, Any] = wanted if isinstance(wanted, dict) else {}
        if not told.keys() <= RESPONSE_TYPES.keys():
            # The parameters themselves: those of every type that inherits some.
            for kind, yes in found.items():
                if yes:
                    yield from differs(f"parameters of {kind}", dict(told), parameters[kind])
            return
        for kind, value in told.items():
            got = parameters[kind] if isinstance(value, dict) else found[kind]
            yield from differs(f"inherits_parameters of {kind}", value, got)

    yield from checks(
        case["expect"],
        {
            "statusCodes": lambda wanted: _compared("statusCodes", wanted, statuses),
            "responseTemplates": of_templates,
            "responseParameters": lambda wanted: _compared("parameters", wanted, parameters),
            "inherits_parameters": inherited,
        },
    )


def _status(kind: str, entry: GatewayResponse | None) -> str | None:
    status = entry.status if entry is not None and entry.status else RESPONSE_TYPES[kind].status
    return None if status is None else str(status)


def _templates(entry: GatewayResponse | None) -> dict[str, str]:
    if entry is None or not entry.templates:
        return _BUILT_IN
    return {media_type: each.text for media_type, each in entry.templates.items()}


def _inherits(api: RestApi, kind: str) -> bool:
    return kind not in api.gateway_responses and declared_for(api, kind) is not None


def _compared(what: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> Iterator[Shortfall]:
    for kind, value in wanted.items():
        yield from differs(f"{what} of {kind}", value, got.get(kind))

"""Integrations of HTTP APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice
from inspector.definitions.cursor import Cursor
from inspector.definitions.http_integration_rules import (
    CLOUDFORMATION,
    ONLY_PROXIES,
    check_http_integration,
    where_in,
    whole,
)
from inspector.model import HTTP_TIMEOUT_MS, HttpApiIntegration, ParameterMapping

_PAYLOADS = ("1.0", "2.0")


def read_integrations(parts: Parts, api: Part) -> dict[str, HttpApiIntegration]:
    """The integrations of an API by id."""
    return {
        each.id: _integration(parts, each)
        for each in parts.of_api(api.id, f"{V2}Integration")
        if _is_proxy(parts, each)
    }


def check_integrations(parts: Parts, integrations: Mapping[str, HttpApiIntegration]) -> None:
    """What is wrong with each, told by the name that the template gives it."""
    for each in integrations.values():
        part = parts.by_id(each.id, f"{V2}Integration")
        name, where = each.id, whole(each.source)
        if part is not None:
            name, where = part.logical_id, where_in(part.cursor, CLOUDFORMATION, part.source)
        check_http_integration(each, name, parts.template.notes, where)


def _is_proxy(parts: Parts, part: Part) -> bool:
    """Whether the integration's type is one that HTTP APIs have; noted where it is not."""
    holder = part.cursor.get("IntegrationType")
    if holder is None or holder.text not in ("AWS", "HTTP", "MOCK"):
        return True
    remedy = "Use AWS_PROXY (with a subtype for a service of AWS) or HTTP_PROXY."
    parts.template.notes.error("integration-type", ONLY_PROXIES, holder.source, remedy)
    return False


def _integration(parts: Parts, part: Part) -> HttpApiIntegration:
    context, cursor = parts.context, part.cursor
    kind = choice(parts, cursor, "IntegrationType", ("AWS_PROXY", "HTTP_PROXY")) or "HTTP_PROXY"
    tls = cursor.get("TlsConfig")
    subtype = parts.text(part, "IntegrationSubtype")
    context.unenforced_of(cursor, "CredentialsArn" if subtype else None, "ConnectionId")
    responses = context.mapping(cursor, "ResponseParameters")
    timeout = context.integer(cursor, "TimeoutInMillis")
    connection = choice(parts, cursor, "ConnectionType", ("INTERNET", "VPC_LINK"))
    payload = choice(parts, cursor, "PayloadFormatVersion", _PAYLOADS)
    return HttpApiIntegration(
        id=part.id,
        type=cast("Any", kind),
        source=part.source,
        uri=parts.text(part, "IntegrationUri"),
        method=parts.text(part, "IntegrationMethod"),
        subtype=subtype,
        payload_version=cast("Any", payload or "1.0"),
        request_parameters=mappings(cursor.get("RequestParameters")),
        response_parameters={
            status: _response_mappings(parts, value) for status, value in responses
        },
        timeout_ms=HTTP_TIMEOUT_MS if timeout is None else timeout,
        tls_server_name=context.text(tls, "ServerNameToVerify") if tls is not None else None,
        connection_type=cast("Any", connection or "INTERNET"),
        connection_id=parts.text(part, "ConnectionId"),
        credentials=parts.text(part, "CredentialsArn"),
        description=parts.text(part, "Description"),
    )


def mappings(holder: Cursor | None) -> tuple[ParameterMapping, ...]:
    """Target and expression of each entry of a mapping."""
    if holder is None:
        return ()
    return tuple(
        ParameterMapping(target, value.text, value.source) for target, value in holder.entries()
    )


def _response_mappings(parts: Parts, value: Cursor) -> tuple[ParameterMapping, ...]:
    """A mapping, or the reference's list of `{Destination, Source}` under ResponseParameters."""
    listed = value.get("ResponseParameters")
    if listed is None or not listed.is_list:
        return mappings(value)
    return tuple(
        ParameterMapping(
            parts.context.text(item, "Destination") or "",
            parts.context.text(item, "Source") or "",
            item.source,
        )
        for item in listed.items()
    )

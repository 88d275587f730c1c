"""Authorizers of HTTP APIs."""

from __future__ import annotations

from typing import Any, cast

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, choice
from inspector.model import HttpAuthorizer, HttpRequestAuthorizer, JwtAuthorizer

_PAYLOADS = ("1.0", "2.0")


def read_authorizers(parts: Parts, api: Part) -> dict[str, HttpAuthorizer]:
    """The authorizers of an API by what they are called here."""
    found: dict[str, HttpAuthorizer] = {}
    names = authorizer_names(parts, api.id)
    for part in parts.of_api(api.id, f"{V2}Authorizer"):
        name = names[part.id]
        kind = choice(parts, part.cursor, "AuthorizerType", ("JWT", "REQUEST"))
        jwt = part.cursor.get("JwtConfiguration")
        check_settings(parts, part, kind)
        if kind == "JWT":
            found[name] = JwtAuthorizer(
                name=name,
                source=part.source,
                identity_source=parts.context.texts(part.cursor, "IdentitySource"),
                issuer=(parts.context.text(jwt, "Issuer") if jwt is not None else None) or "",
                audience=parts.context.texts(jwt, "Audience") if jwt is not None else (),
            )
        elif kind == "REQUEST":
            found[name] = _request_authorizer(parts, part, name)
    return found


def check_settings(parts: Parts, part: Part, kind: str | None) -> None:
    """An authorizer wants what its type checks with; without it nobody could ever pass."""
    wanted = {"JWT": "JwtConfiguration", "REQUEST": "AuthorizerUri"}.get(kind or "")
    given = part.cursor.get("AuthorizerType")
    if wanted is None or given is None or part.cursor.get(wanted) is not None:
        return
    message = f"{part.logical_id}: an authorizer of type {kind} needs {wanted}"
    remedy = f"Add {wanted}, or correct the type."
    parts.template.notes.error("authorizer", message, given.source, remedy)


def authorizer_names(parts: Parts, api_id: str) -> dict[str, str]:
    """What each authorizer is called here, by its id: its name, where no other has the same."""
    found: dict[str, str] = {}
    for part in parts.of_api(api_id, f"{V2}Authorizer"):
        name = parts.text(part, "Name") or part.logical_id
        found[part.id] = part.logical_id if name in found.values() else name
    return found


def _request_authorizer(parts: Parts, part: Part, name: str) -> HttpRequestAuthorizer:
    payload = choice(parts, part.cursor, "AuthorizerPayloadFormatVersion", _PAYLOADS)
    return HttpRequestAuthorizer(
        name=name,
        source=part.source,
        uri=parts.text(part, "AuthorizerUri") or "",
        identity_source=parts.context.texts(part.cursor, "IdentitySource"),
        payload_version=cast("Any", payload or "1.0"),
        simple_responses=bool(parts.context.flag(part.cursor, "EnableSimpleResponses")),
        ttl_seconds=parts.context.integer(part.cursor, "AuthorizerResultTtlInSeconds"),
        credentials=parts.text(part, "AuthorizerCredentialsArn"),
    )

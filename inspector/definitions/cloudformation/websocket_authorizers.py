"""Authorizers of WebSocket APIs: functions that decide on `$connect`, and nothing is kept.

Sources: captures-2026.md, section 2a (what is refused, in Amazon's sentences; that answers are not
cached; that IdentityValidationExpression is stored and not enforced); that other types are refused,
badmintoncryer/cdk-preflight, by deploying. An identity source may hold several, joined by commas
(CloudFormation reference, Authorizer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.definitions.cloudformation.http_authorizers import (
    authorizer_names,
    check_settings,
)
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.cursor import Cursor
from inspector.model import HttpRequestAuthorizer

_SOURCE = re.compile(
    r"(route\.request\.(querystring|header)|stageVariables|context)\.[a-zA-Z0-9._-]+\Z"
)
_SOURCES = (
    "The sources must be separated by comma, and each source must be either a request parameter, "
    "matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching "
    "'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching "
    "'context.[a-zA-Z0-9._-]+'"
)
#: What only HTTP APIs have, and what to do instead. An empty version is taken.
_FOREIGN = {
    "AuthorizerResultTtlInSeconds": "Drop it: answers are not kept, each connection asks anew.",
    "EnableSimpleResponses": "Drop it: the function answers with a policy.",
    "AuthorizerPayloadFormatVersion": "Drop it: there is one format.",
    "JwtConfiguration": "Drop it: a function has to check the token.",
}


def read_authorizers(parts: Parts, api: Part) -> dict[str, HttpRequestAuthorizer]:
    """The authorizers of an API by what they are called here."""
    names = authorizer_names(parts, api.id)
    found: dict[str, HttpRequestAuthorizer] = {}
    for part in parts.of_api(api.id, f"{V2}Authorizer"):
        _check(parts, part)
        name = names[part.id]
        if parts.text(part, "AuthorizerType") == "REQUEST":
            found[name] = HttpRequestAuthorizer(
                name=name,
                source=part.source,
                uri=parts.text(part, "AuthorizerUri") or "",
                identity_source=tuple(text for text, _ in _sources(part)),
                ttl_seconds=0,
                credentials=parts.text(part, "AuthorizerCredentialsArn"),
            )
    return found


def _check(parts: Parts, part: Part) -> None:
    notes, kind = parts.template.notes, part.cursor.get("AuthorizerType")
    if kind is not None and kind.text != "REQUEST":
        message = "Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis."
        remedy = "Set AuthorizerType: REQUEST and AuthorizerUri: a function has to check the token."
        notes.error("authorizer-type", message, kind.source, remedy)
    elif kind is not None:
        check_settings(parts, part, kind.text)
    for name, remedy in _FOREIGN.items():
        holder = part.cursor.get(name)
        if holder is not None and not holder.is_null and (holder.is_map or holder.text):
            message = f"{name} cannot be set for WEBSOCKET protocol Apis."
            notes.error("authorizer-setting", message, holder.source, remedy)
    for text, holder in _sources(part):
        if not _SOURCE.match(text):
            message = f"Invalid request identity source expression: {holder.text}. {_SOURCES}"
            remedy = "Write route.request.header.NAME or route.request.querystring.NAME."
            notes.error("identity-source", message, holder.source, remedy)
    pattern = part.cursor.get("IdentityValidationExpression")
    if pattern is not None and pattern.text:
        message = "IdentityValidationExpression is kept, and nothing is checked by it"
        remedy = "It is so at Amazon: have the function check the value."
        notes.warning("identity-validation", message, pattern.source, remedy)


def _sources(part: Part) -> Iterator[tuple[str, Cursor]]:
    """Each identity source, with where it is written."""
    holder = part.cursor.get("IdentitySource")
    if holder is None or holder.is_null:
        return
    for item in holder.items() if holder.is_list else (holder,):
        for text in item.text.split(","):
            if text.strip() or "," in item.text:
                yield text.strip(), item

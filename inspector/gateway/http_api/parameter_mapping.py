"""Parameter mapping: what is changed on the way to the integration and on the way back.

Source: developer guide, "Transforming API requests and responses" (http-api.md, section 6): append,
overwrite and remove headers and query parameters, overwrite the path or, by the status that the
integration answered, the status. Every value is read from what came in, not from what another
mapping made; changes are made in the order in which they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import unquote_plus

from inspector.gateway.http_api.expressions import HttpScope, Value, compile_value
from inspector.gateway.query import encode
from inspector.message import Headers
from inspector.model import ParameterMapping, Source

Action = Literal["append", "overwrite", "remove"]
TARGET = re.compile(
    r"(?P<action>append|overwrite|remove):(?:(?P<place>header|querystring)\.(?P<name>.+))\Z"
    r"|overwrite:(?P<whole>path|statuscode)\Z"
)
#: Headers that no mapping may touch; a star stands for any ending.
RESERVED = (
    "access-control-*",
    "apigw-*",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-location",
    "forwarded",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailers",
    "transfer-encoding",
    "upgrade",
    "x-amz-*",
    "x-amzn-*",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "via",
)


def is_reserved(name: str) -> bool:
    """Whether a header may not be mapped."""
    lowered = name.lower()
    return any(
        lowered.startswith(each[:-1]) if each.endswith("*") else lowered == each
        for each in RESERVED
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One compiled mapping. `place` is `header`, `querystring`, `path` or `statuscode`."""

    action: Action
    place: Literal["header", "querystring", "path", "statuscode"]
    name: str
    value: Value
    target: str
    source: Source


@dataclass(frozen=True, slots=True)
class Made:
    """What a change came to: `value` None for a removal, and for a variable that is absent."""

    change: Change
    value: str | None


def compile_changes(mappings: Iterable[ParameterMapping]) -> tuple[Change, ...]:
    """The changes that mappings ask for; what is no mapping is left out (the reader says so)."""
    found = []
    for mapping in mappings:
        match = TARGET.match(mapping.target)
        if match is None:
            continue
        whole = match["whole"]
        found.append(
            Change(
                cast("Action", "overwrite" if whole else match["action"]),
                cast("Literal['header']", whole or match["place"]),
                match["name"] or "",
                compile_value(mapping.expression),
                mapping.target,
                mapping.source,
            )
        )
    return tuple(found)


def made(changes: Iterable[Change], scope: HttpScope) -> list[Made]:
    """The values of all changes, read before anything is changed."""
    return [Made(each, None if each.action == "remove" else each.value(scope)) for each in changes]


def change_headers(headers: Headers, changes: Iterable[Made]) -> Headers:
    """The headers with what was appended, overwritten and removed."""
    for each in changes:
        if each.change.place != "header":
            continue
        name, value = each.change.name, each.value
        if each.change.action == "remove":
            headers = headers.without(name)
        elif value is not None:
            if each.change.action == "overwrite":
                headers = headers.without(name)
            headers = headers.plus(name, value)
    return headers


def change_query(query: str, changes: Iterable[Made]) -> str:
    """The raw query with what was appended, overwritten and removed; the rest stays as sent."""
    parts = [part for part in query.split("&") if part]
    for each in changes:
        if each.change.place != "querystring":
            continue
        name, value = each.change.name, each.value
        if each.change.action == "remove" or (
            each.change.action == "overwrite" and value is not None
        ):
            parts = [part for part in parts if unquote_plus(part.partition("=")[0]) != name]
        if each.change.action != "remove" and value is not None:
            parts.append(f"{encode(name)}={encode(value)}")
    return "&".join(parts)


def overwritten(place: Literal["path", "statuscode"], changes: Iterable[Made]) -> str | None:
    """What the path or the status is overwritten with, None where it stays."""
    found = None
    for each in changes:
        if each.change.place == place and each.value is not None:
            found = each.value
    return found

"""What a request target says to an HTTP API: stage, path and query.

Source: http-api.md, section 1 (developer guide, "Work with routes" and "Stages"): the first
segment is a stage where one has that name, else the `$default` stage gets the whole path.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

DEFAULT_STAGE = "$default"


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """A request target in parts.

    `path` starts with a slash and excludes the stage; `raw_path` includes a named one, never the
    path of an API mapping, which `sent_path` holds; `query` is the raw text after the first `?`
    ("" without one).
    """

    stage: str
    path: str
    raw_path: str
    query: str
    sent_path: str


def location_of(target: str) -> tuple[str, str]:
    """Path and query as they were sent; absolute form is accepted as well."""
    if not target.startswith("/"):
        target = _origin_form(target)
    location, _, query = target.partition("?")
    return location.partition("#")[0], query


def split(target: str, stages: Container[str]) -> HttpTarget:
    """Take `/stage/path?query` apart; absolute form (`http://host/…`) is accepted as well."""
    location, query = location_of(target)
    first, slash, rest = location[1:].partition("/")
    if first != DEFAULT_STAGE and first in stages:
        return HttpTarget(first, slash + rest or "/", location, query, location)
    return HttpTarget(DEFAULT_STAGE, location, location, query, location)


def _origin_form(target: str) -> str:
    scheme, separator, rest = target.partition("://")
    if not separator or not scheme.isalpha():
        return "/" + target
    start = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    found = rest[start:]
    return found if found.startswith("/") else "/" + found

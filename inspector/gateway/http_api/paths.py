"""What a request target says to an HTTP API: stage, path and query.

Sources: http-api.md, section 1 (developer guide, "Work with routes" and "Stages"): the first
segment is a stage where one has that name, else the `$default` stage gets the whole path. That the
path is decoded, in 2.0 events and in path variables, is asserted against the real service by the
integration tests of Amazon's own Lambda test tool (aws/aws-lambda-dotnet, LambdaTestTool-v2), which
also find the path of a 1.0 event as it was sent; that a decoded `?` ends it was captured by
hotsock/voker (pull request 8). Hence routes are matched with the decoded path here.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import unquote

DEFAULT_STAGE = "$default"


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """A request target in parts.

    `path` starts with a slash, is decoded and excludes the stage; `raw_path` is decoded and
    includes a named stage, never the path of an API mapping; `sent_path` is all of it as it was
    sent, `inner_path` as sent without stage or mapping; `query` is the raw text after the first
    `?` ("" without one); `base_path` is the path of the API mapping that led here ("" without one).
    """

    stage: str
    path: str
    raw_path: str
    query: str
    sent_path: str
    inner_path: str
    base_path: str = ""


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
        path = slash + rest or "/"
        return HttpTarget(first, decoded(path), decoded(location), query, location, path)
    path = decoded(location)
    return HttpTarget(DEFAULT_STAGE, path, path, query, location, location)


def led(stage: str, path: str, location: str, query: str, base_path: str) -> HttpTarget:
    """The target of a request to a custom domain: `path` is what the mapping left of `location`."""
    return HttpTarget(stage, decoded(path), decoded(path), query, location, path, base_path)


def decoded(path: str) -> str:
    """Percent-decoded, up to a `?` that comes out of it; what is no encoding stays."""
    return unquote(path).partition("?")[0] if "%" in path else path


def _origin_form(target: str) -> str:
    scheme, separator, rest = target.partition("://")
    if not separator or not scheme.isalpha():
        return "/" + target
    start = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    found = rest[start:]
    return found if found.startswith("/") else "/" + found

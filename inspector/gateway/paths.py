"""What a request target says: stage, path and query, split as Amazon splits them.

Sources: facts 30-36 (recorded, test_lambda_aws_proxy_integration). Slashes before the stage fold
into one and leave no trace; slashes directly after the stage fold for routing and the event's
path but stay in `$context.path`; those further inside stay everywhere. Nothing is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A request target in parts.

    `path` starts with one slash and excludes the stage, `context_path` includes it; `query` is
    the raw text after the first `?` ("" without one). `event_path` is what functions are told:
    `path`, but behind a custom domain the path as it was sent.
    """

    stage: str
    path: str
    context_path: str
    query: str
    through_domain: bool = False

    @property
    def event_path(self) -> str:
        """The `path` of an event."""
        return self.context_path if self.through_domain else self.path


def location_of(target: str) -> tuple[str, str]:
    """The path as it was sent, with one slash before it, and the query behind it."""
    if not target.startswith("/"):
        target = _origin_form(target)
    location, _, query = target.partition("?")
    return "/" + location.partition("#")[0].lstrip("/"), query


def split(target: str) -> Target:
    """Take `/stage/path?query` apart. Absolute form (`http://host/…`) is accepted as well."""
    if not target.startswith("/"):
        target = _origin_form(target)
    location, _, query = target.partition("?")
    location = location.partition("#")[0]
    bare = location.lstrip("/")
    stage, slash, rest = bare.partition("/")
    return Target(
        stage=stage,
        path="/" + rest.lstrip("/"),
        context_path=f"/{stage}{slash}{rest}",
        query=query,
    )


def _origin_form(target: str) -> str:
    scheme, separator, rest = target.partition("://")
    if not separator or not scheme.isalpha():
        return "/" + target
    for position, character in enumerate(rest):
        if character in "/?#":
            return rest[position:] if character == "/" else "/" + rest[position:]
    return "/"

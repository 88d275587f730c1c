"""The integration URI: stage variables filled in once, path placeholders at each request.

Sources: facts 10, 117, 149, 151, 243. A missing stage variable leaves nothing; an unknown
`{x}` stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([^}]*)\}")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
#: What a placeholder's value keeps: it comes from a path as it stood there, or from elsewhere.
_KEPT = "/%:@!$&'()*+,;=~"
_NEEDS_QUOTING = re.compile(r"[^A-Za-z0-9._/%:@!$&'()*+,;=~-]")


@dataclass(frozen=True, slots=True)
class UriTemplate:
    """A URI taken apart. `pieces` alternate between literal text and placeholder names."""

    declared: str
    origin: str
    host: str
    pieces: tuple[str, ...]
    query: str

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """The path and the query for one request."""
        if len(self.pieces) == 1 and "{" not in self.query:
            return self.pieces[0], self.query
        path = "".join(
            piece if index % 2 == 0 else _value(values, piece)
            for index, piece in enumerate(self.pieces)
        )
        query = _PLACEHOLDER.sub(lambda found: _value(values, found[1]), self.query)
        return path, query


def stage_variables_in(uri: str) -> list[str]:
    """The names of the stage variables that a URI asks for."""
    return _STAGE_VARIABLE.findall(uri)


def fill_stage_variables(uri: str, variables: Mapping[str, str]) -> str:
    """`${stageVariables.x}` replaced; other `${…}` stay (fact 151)."""
    return _STAGE_VARIABLE.sub(lambda found: variables.get(found[1], ""), uri)


def parse(uri: str, variables: Mapping[str, str]) -> UriTemplate | None:
    """The URI of an HTTP integration made ready, None where it has no host to go to (fact 10)."""
    filled = fill_stage_variables(uri, variables)
    scheme, separator, rest = filled.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return None
    location, _, query = rest.partition("?")
    authority, slash, path = location.partition("/")
    host = authority.rpartition("@")[2]
    if not host or host.startswith(":") or "{" in host:
        return None
    pieces = pieces_of((slash + path) or "/")
    return UriTemplate(uri, f"{scheme.lower()}://{authority}", host, pieces, query)


def pieces_of(path: str) -> tuple[str, ...]:
    """A path as `UriTemplate.pieces`."""
    return tuple(_PLACEHOLDER.split(path))


def _value(values: Mapping[str, str], name: str) -> str:
    value = values.get(name)
    if value is None:
        return "{" + name + "}"
    return quote(value, safe=_KEPT, errors="replace") if _NEEDS_QUOTING.search(value) else value

"""The path before the paths: Swagger's basePath, OpenAPI's first server, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from inspector.definitions.bundle import BasePathMode
from inspector.definitions.openapi.context import Context
from inspector.model import Source

_STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_EXECUTE_API = re.compile(r"([a-z0-9]{4,20})\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\Z")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class BasePath:
    """The base path's segments, where it is written, and the host beside it."""

    segments: tuple[str, ...]
    source: Source
    host: str

    @property
    def execute_api(self) -> tuple[str, str] | None:
        """API id and region, where the host is Amazon's own, as in an export."""
        match = _EXECUTE_API.match(self.host)
        return (match.group(1), match.group(2)) if match else None

    def prefix(self, mode: BasePathMode) -> tuple[str, ...]:
        """The segments that go before every path (fact 273)."""
        if mode == "prepend":
            return self.segments
        return self.segments[1:] if mode == "split" else ()

    def stage(self, mode: BasePathMode) -> str | None:
        """The stage that the part not prepended suggests, None if it suggests none."""
        rest = {"ignore": self.segments[-1:], "split": self.segments[:1]}.get(mode, ())
        return rest[0] if rest and _STAGE_NAME.match(rest[0]) else None


def read_base_path(context: Context) -> BasePath:
    """From `host` and `basePath`, or from `servers`.

    There the first variable called basePath is it, else the path of the first URL.
    """
    root = context.root
    if context.swagger:
        holder = root.get("basePath")
        path = context.text(root, "basePath") or ""
        source = holder.source if holder is not None else root.source
        return BasePath(_segments(path), source, (context.text(root, "host") or "").lower())
    servers = root.get("servers")
    declared = list(servers.items()) if servers is not None else []
    server = next(iter(declared), None)
    if server is None or server.get("url") is None:
        return BasePath((), root.source, "")
    values = {
        name: context.text(variable, "default") or ""
        for name, variable in context.mapping(server, "variables")
    }
    url = _VARIABLE.sub(
        lambda match: values.get(match.group(1), ""), context.text(server, "url") or ""
    )
    holder = server.get("url")
    source = holder.source if holder is not None else server.source
    try:
        parts = urlsplit(url)
        path, host = parts.path, parts.hostname or ""
    except ValueError:
        context.notes.warning("server-url", f"{url!r} is no URL; ignored", source)
        path, host = "", ""
    for each in declared:
        variable = each.at("/variables/basePath")
        if variable is not None:
            # It counts even where no URL refers to it (recorded; guide, "basePath property").
            return BasePath(_segments(context.text(variable, "default") or ""), source, host)
    return BasePath(_segments(path), source, host)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(segment for segment in path.split("/") if segment)

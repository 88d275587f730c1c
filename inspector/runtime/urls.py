"""Where a backend's URL leads, split and never re-encoded; and `--backend NAME=URL`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from inspector.runtime.failures import BackendError

_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """A server to connect to; `prefix` stands before every path (from `--backend`)."""

    host: str
    port: int
    tls: bool
    prefix: str = ""


class Places:
    """From the URL as declared to the server that stands in for it, if the user named one.

    `names` maps `host` or `host:port` of a declared URL to the URL that is called instead; the
    request itself keeps the declared name, in its Host header and in its effect.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {name.lower(): url for name, url in names.items()}
        for url in self._names.values():
            _origin(url)
        self._find = lru_cache(maxsize=1024)(self._origin)

    def find(self, url: str) -> tuple[Origin, str]:
        """The server and the target (`/path?query`) for a URL, the target exactly as written.

        Raises `BackendError` for something that is no HTTP URL.
        """
        start = url.find("/", url.find("://") + 3)
        question = url.find("?")
        if start < 0 or 0 <= question < start:
            start = question
        base, target = (url, "/") if start < 0 else (url[:start], url[start:])
        origin = self._find(base)
        if target.startswith("?"):
            target = "/" + target
        return origin, origin.prefix + target

    def _origin(self, base: str) -> Origin:
        authority = base.partition("://")[2].rpartition("@")[2].lower()
        host = authority if authority.endswith("]") else authority.rpartition(":")[0] or authority
        instead = self._names.get(authority) or self._names.get(host)
        return _origin(instead or base)


def _origin(url: str) -> Origin:
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _PORTS:
        raise BackendError("other", f"not an http or https URL: {url}")
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.rpartition("@")[2].rpartition(":")
    if not colon or port.endswith("]"):
        host, port = authority.rpartition("@")[2], ""
    if not host or (port and not (port.isdecimal() and int(port) < 65536)):
        raise BackendError("other", f"no host, or no such port: {url}")
    prefix = (slash + path).partition("?")[0].rstrip("/")
    number = int(port) if port else _PORTS[scheme]
    return Origin(host.strip("[]"), number, scheme == "https", prefix)

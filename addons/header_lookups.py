"""mitmproxy's look-ups of headers, in one pass instead of by way of an exception.

It looks a dozen names up for an exchange, most of them absent: its `get` then raises a `KeyError`
inside, and all names of the message are lower-cased for each. That is 30 µs an exchange. What is
found stays the same, as a test compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mitmproxy.http import Headers

_make = Headers.__init__
_get = Headers.get


def look_up_at_once() -> None:
    """From here on, for the whole process."""
    known: Any = Headers
    known.__init__, known.get, known.__contains__ = made, got, contains


def made(self: Headers, fields: Iterable[tuple[bytes, bytes]] = (), **headers: str) -> None:
    """`Headers(...)`: fields that are a tuple already are neither copied nor checked."""
    if headers or type(fields) is not tuple:
        _make(self, fields, **headers)
    else:
        self.fields = fields


def got(self: Headers, key: str | bytes, default: Any = None) -> Any:
    """`Headers.get`: the values of a name, folded into one."""
    if type(key) is not str:
        return _get(self, key, default)
    name = key.encode("utf-8", "surrogateescape").lower()
    size = len(name)
    found = [value for each, value in self.fields if len(each) == size and each.lower() == name]
    return b", ".join(found).decode("utf-8", "surrogateescape") if found else default


def contains(self: Headers, key: object) -> bool:
    """`key in headers`. Raises `TypeError` for what is no name, as mitmproxy does."""
    found: Any = got(self, key, _get)  # type: ignore[arg-type]
    return found is not _get

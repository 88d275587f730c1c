"""How HTTP APIs spell header names.

Sources: captures-2026.md, section 4 (a function's `x-probe` goes out as `X-Probe`, recorded);
http-api.md, sections 3 and 4 (2.0 events in lower case; 1.0 events half canonical, recorded for
authorizers).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
#: Names that a 1.0 event has in canonical spelling beside all that begin with `x-`.
_CANONICAL_IN_EVENTS = frozenset({"content-length", "content-type", "host", "user-agent"})


@lru_cache(maxsize=1024)
def canonical(name: str) -> str:
    """`x-probe` → `X-Probe`; a name that is no token stays as it is."""
    if not _TOKEN.match(name):
        return name
    return "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))


@lru_cache(maxsize=1024)
def in_event_of_format_one(name: str) -> str:
    """The spelling in an event of format 1.0."""
    lowered = name.lower()
    if lowered.startswith("x-") or lowered in _CANONICAL_IN_EVENTS:
        return canonical(lowered)
    return lowered

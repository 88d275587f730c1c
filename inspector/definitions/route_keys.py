"""Which route keys Amazon accepts for an HTTP API.

Source: captures-2026.md, section 4 (the regular expression and the sentence around it, recorded);
developer guide, "Work with routes" (`{proxy+}` only at the end; `$default`; ANY). A slash at the
end is refused, as users report it (forum.serverless.com, topic 12717).
"""

from __future__ import annotations

import re

from inspector.definitions.diagnostics import Notes
from inspector.model import Source

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
PART = r"^(\{[\w.:-]+\+?\}|[a-zA-Z0-9.:_-]+)$"
_PART = re.compile(PART)


def check_route_key(key: str, source: Source, notes: Notes) -> bool:
    """Note what is wrong with the key of a route; whether it can be used."""
    if key == "$default":
        return True
    method, blank, path = key.partition(" ")
    if not blank or method not in METHODS or not path.startswith("/"):
        message = (
            "The provided route key is not formatted properly for HTTP protocol. Format should be "
            '"[HTTP METHOD] /[RESOURCE PATH]" or "$default"'
        )
        remedy = f"It is {key!r}; the methods are {', '.join(METHODS)}."
        notes.error("route-key", message, source, remedy)
        return False
    if path != "/" and path.endswith("/"):
        remedy = f"Drop the slash; a route {path}{{proxy+}} catches {path} too."
        notes.error("route-key", f"a route's path cannot end in a slash: {path}", source, remedy)
        return False
    parts = path[1:].split("/") if path != "/" else []
    if not all(_PART.match(part) for part in parts):
        message = (
            "One or more path parts appear to be invalid. Parts are validated against this "
            f"regular expression: {PART}"
        )
        notes.error("route-key", message, source, f"Correct the path {path}.")
        return False
    if any(part.endswith("+}") for part in parts[:-1]):
        message = f"a greedy variable must be the last part of a path: {path}"
        notes.error("route-key", message, source, "Move it to the end, or drop the plus.")
        return False
    return True

"""Query strings, read and written as Amazon does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote_plus

Pairs = tuple[tuple[str, str], ...]

_NEEDS_ENCODING = re.compile(r"[^A-Za-z0-9._~-]")


def parse(raw: str) -> Pairs:
    """Names and values in order, form-decoded: `+` is a blank, `%2B` a plus (fact 41)."""
    if not raw:
        return ()
    pairs = []
    for part in raw.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        if "%" in part or "+" in part:
            name, value = unquote_plus(name), unquote_plus(value)
        pairs.append((name, value))
    return tuple(pairs)


def last_values(pairs: Pairs) -> dict[str, str]:
    """One value a name: the last (fact 42)."""
    return dict(pairs)


def all_values(pairs: Pairs) -> dict[str, list[str]]:
    """Every value of each name, in order (fact 42)."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def write(pairs: Iterable[tuple[str, str]]) -> str:
    """`name=value&…` with everything but unreserved characters percent-encoded."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)


def encode(text: str) -> str:
    """Percent-encode whatever RFC 3986 does not call unreserved; half a surrogate pair as `?`."""
    return quote(text, safe="~", errors="replace") if _NEEDS_ENCODING.search(text) else text

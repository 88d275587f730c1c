"""Paths and queries as they are signed."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

Pair = tuple[str, str]
_SLASHES = re.compile("/{2,}")


def encoded(text: str | bytes, safe: str = "") -> str:
    """Every byte but letters, digits and `-._~` as %XX (RFC 3986, upper case)."""
    raw = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return quote(raw, safe=safe + "~")


def decoded(text: str, *, plus: bool = True) -> bytes:
    """Text of a query as bytes; a plus is a blank unless `plus` is off."""
    raw = text.replace("+", " ") if plus else text
    return unquote_to_bytes(raw.encode("utf-8", "surrogateescape"))


def pairs(query: str) -> list[Pair]:
    """Names and values of a query, decoded."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((_text(decoded(name)), _text(decoded(value))))
    return found


def canonical_query(query: str, *, plus: bool = True, in_order: bool = True) -> str:
    """Encoded anew and sorted by name, then value; without a signature that is in it."""
    found = []
    for part in query.split("&"):
        if not part:
            continue
        name, _, value = part.partition("=")
        pair = (encoded(decoded(name, plus=plus)), encoded(decoded(value, plus=plus)))
        if pair[0] != "X-Amz-Signature":
            found.append(pair)
    if in_order:
        found.sort()
    return "&".join(f"{name}={value}" for name, value in found)


def normalized(path: str) -> str:
    """Without empty and dot segments (RFC 3986, 5.2.4), a slash at the end kept."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    ends = segments[-1] in ("", ".", "..") and bool(kept)
    return "/" + "/".join(kept) + ("/" if ends else "")


def collapsed(path: str) -> str:
    """Doubled slashes as one, nothing else changed."""
    return _SLASHES.sub("/", path)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")

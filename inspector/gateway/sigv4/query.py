"""Paths and queries as they are signed.

Text of a message is latin-1 (see `inspector.message`): `octets` are the bytes that were sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

Pair = tuple[str, str]


def octets(text: str) -> bytes:
    """The bytes of a text of a message; of any other text those of UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def encoded(text: str | bytes, safe: str = "") -> str:
    """Every byte but letters, digits and `-._~` as %XX (RFC 3986, upper case)."""
    return quote(octets(text) if isinstance(text, str) else text, safe=safe + "~")


def decoded(text: str, *, plus: bool = True) -> bytes:
    """Text of a query as bytes; a plus is a blank unless `plus` is off."""
    return unquote_to_bytes(octets(text.replace("+", " ") if plus else text))


def pairs(query: str) -> list[Pair]:
    """Names and values of a query, decoded."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((_text(decoded(name)), _text(decoded(value))))
    return found


def canonical_query(query: str, *, without: tuple[str, ...] = ()) -> str:
    """Encoded anew and sorted by name, then value; without a signature that is in it.

    `without` names further parameters to leave out.
    """
    found = [(encoded(decoded(name)), encoded(decoded(value))) for name, value in raw_pairs(query)]
    found.sort()
    return joined(pair for pair in found if pair[0] != "X-Amz-Signature" and pair[0] not in without)


def raw_pairs(query: str) -> list[Pair]:
    """Names and values as they were sent."""
    split = (part.partition("=") for part in query.split("&") if part)
    return [(name, value) for name, _, value in split]


def joined(found: Iterable[Pair]) -> str:
    """Pairs as a query."""
    return "&".join(f"{name}={value}" for name, value in found)


def normalized(path: str) -> str:
    """Without empty and dot segments, a slash at the end kept.

    RFC 3986, 5.2.4, but that `/a/.` is `/a`, as Amazon's own botocore has it.
    """
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    ends = segments[-1] == "" and bool(kept)
    return "/" + "/".join(kept) + ("/" if ends else "")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")

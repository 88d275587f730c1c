"""Queries that a client may have signed instead of the right one."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.sigv4.query import Pair, decoded, encoded, joined, raw_pairs
from inspector.gateway.sigv4.spellings import as_message_text, lower_hex, spellings

#: A mistake's name, what was assumed, and the query that it makes.
WrongQuery = tuple[str, str, str]
#: Parameters beyond which other spellings are not tried: a query is a stranger's.
MANY = 100


def wrong_queries(right: str, sent: str) -> Iterator[WrongQuery]:
    """`right` is the canonical query, `sent` what stands in the request."""
    pairs = [each for each in raw_pairs(sent) if each[0] != "X-Amz-Signature"]
    if not pairs:
        return
    usual = [(encoded(decoded(name)), encoded(decoded(value))) for name, value in pairs]
    yield from _orders(usual)
    yield "query-left-out", "", ""
    as_sent = joined(pairs)
    yield "query-as-sent", as_sent, as_sent
    yield "query-as-sent", "sorted", joined(sorted(pairs))
    if len(pairs) <= MANY:
        yield from _spelt(pairs)
    yield from _repeated(usual)
    token = [each for each in usual if each[0] != "X-Amz-Security-Token"]
    if len(token) < len(usual):
        yield "token-added-later", "", joined(sorted(token))
    bare = "&".join(name if not value else f"{name}={value}" for name, value in sorted(usual))
    yield "query-empty-value", "an empty value without its =", bare
    twice = [(encoded(name), encoded(value)) for name, value in usual]
    yield "query-encoded-twice", "", joined(sorted(twice))
    yield "query-lower-hex", "", lower_hex(right)


def _orders(usual: list[Pair]) -> Iterator[WrongQuery]:
    yield "query-unsorted", joined(usual), joined(usual)
    whole = "&".join(sorted(f"{name}={value}" for name, value in usual))
    yield "query-unsorted", "sorted with the = in it", whole
    for detail, key in (
        ("sorted by name alone", lambda pair: pair[0]),
        ("sorted without case", lambda pair: (pair[0].lower(), pair[1].lower())),
    ):
        yield "query-unsorted", detail, joined(sorted(usual, key=key))


def _spelt(pairs: list[Pair]) -> Iterator[WrongQuery]:
    """The same spelling for every name and value, in order and as sent."""
    literal_plus = [_each(pair, plus=False) for pair in pairs]
    signed = [(encoded(name), encoded(value)) for name, value in literal_plus]
    yield "plus-in-query", "", joined(sorted(signed))
    bare = [_each(pair) for pair in pairs]
    texts = [(as_message_text(name), as_message_text(value)) for name, value in bare]
    yield "query-not-encoded", "", joined(sorted(texts))
    found: dict[tuple[str, str], list[Pair]] = {}
    for name, value in bare:
        names = {(each.name, each.detail): each.text for each in spellings(name, "")}
        values = {(each.name, each.detail): each.text for each in spellings(value, "")}
        for kind in dict.fromkeys((*names, *values)):
            found.setdefault(kind, [])
    for kind, spelt in found.items():
        spelt.extend((_as(kind, name), _as(kind, value)) for name, value in bare)
        yield f"query-{kind[0]}", kind[1], joined(sorted(spelt))
        yield f"query-{kind[0]}", f"{kind[1]}, unsorted".strip(", "), joined(spelt)


def _each(pair: Pair, *, plus: bool = True) -> tuple[bytes, bytes]:
    return decoded(pair[0], plus=plus), decoded(pair[1], plus=plus)


def _as(kind: tuple[str, str], plain: bytes) -> str:
    """One text in a spelling; a text that has none of that kind is encoded as usual."""
    for each in spellings(plain, ""):
        if (each.name, each.detail) == kind:
            return each.text
    return encoded(plain)


def _repeated(usual: list[Pair]) -> Iterator[WrongQuery]:
    """A client that keeps its parameters in a map has one value for each name."""
    last = dict(usual)
    if len(last) == len(usual):
        return
    yield "query-one-value", "the last of each name", joined(sorted(last.items()))
    yield "query-one-value", "the first of each name", joined(sorted(dict(reversed(usual)).items()))
    values: dict[str, list[str]] = {}
    for name, value in usual:
        values.setdefault(name, []).append(value)
    for comma in (",", "%2C"):
        together = ((name, comma.join(each)) for name, each in values.items())
        yield "query-one-value", f"values joined by {comma}", joined(sorted(together))

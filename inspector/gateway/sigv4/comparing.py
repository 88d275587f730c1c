"""A client's canonical request beside ours, part by part, with the first byte that differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from inspector.gateway.sigv4.client_log import ClientCanonical


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of both. `ours` or `client` is None where that side has no such line.

    `at` is the first character that differs, counted from 0; None where both are the same.
    """

    part: str
    ours: str | None
    client: str | None
    at: int | None

    @property
    def same(self) -> bool:
        """Whether both sides have this line alike."""
        return self.at is None


def compare(ours: ClientCanonical, client: ClientCanonical) -> tuple[Compared, ...]:
    """Method, path, query, each header by its name, the names that are signed, the payload."""
    return tuple(_compared(part, one, other) for part, one, other in _lines(ours, client))


def closest(
    ours: ClientCanonical, clients: Sequence[ClientCanonical]
) -> tuple[Compared, ...] | None:
    """The comparison with the one that differs least, the last of several; None without any."""
    best: tuple[Compared, ...] | None = None
    for client in clients:
        found = compare(ours, client)
        if best is None or _differences(found) <= _differences(best):
            best = found
    return best


def _differences(found: Iterable[Compared]) -> int:
    return sum(not each.same for each in found)


_Line = tuple[str, str | None, str | None]


def _lines(ours: ClientCanonical, client: ClientCanonical) -> Iterator[_Line]:
    yield "method", ours.method, client.method
    yield "path", ours.path, client.path
    yield "query", ours.query, client.query
    left = list(client.headers)
    for name, value in ours.headers:
        theirs = next((pair for pair in left if pair[0] == name), None)
        if theirs is not None:
            left.remove(theirs)
        yield f"header {name}", value, None if theirs is None else theirs[1]
    for name, value in left:
        yield f"header {name}", None, value
    yield "signed headers", ours.signed, client.signed
    yield "payload", ours.payload, client.payload


def _compared(part: str, ours: str | None, client: str | None) -> Compared:
    if ours == client:
        return Compared(part, ours, client, None)
    one, other = ours or "", client or ""
    pairs = enumerate(zip(one, other, strict=False))
    at = next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
    return Compared(part, ours, client, at)

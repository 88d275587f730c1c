"""HTTP messages as values: what a client sent, what it is answered.

Text is latin-1 both ways, so any byte that a peer sent survives a round trip unchanged
(RFC 9110 section 5.5 leaves the bytes above ASCII opaque).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in the order sent: repeated names kept, case kept, looked up without case."""

    fields: tuple[Field, ...] = ()

    @classmethod
    def of(cls, fields: Iterable[Field]) -> Headers:
        """Headers from any iterable of (name, value) pairs."""
        return cls(tuple(fields))

    def get(self, name: str, default: str | None = None) -> str | None:
        """The last value of `name` (Amazon takes the last of a repeated header), else `default`."""
        wanted, length = name.lower(), len(name)
        for field, value in reversed(self.fields):
            # Comparing lengths first spares most of the lower-casing on the hot path.
            if len(field) == length and field.lower() == wanted:
                return value
        return default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of `name`, in order."""
        wanted = name.lower()
        return tuple(value for field, value in self.fields if field.lower() == wanted)

    def without(self, *names: str) -> Headers:
        """The same headers less every field of these names."""
        gone = {name.lower() for name in names}
        return Headers(tuple(pair for pair in self.fields if pair[0].lower() not in gone))

    def plus(self, name: str, value: str) -> Headers:
        """The same headers with one field more at the end."""
        return Headers((*self.fields, (name, value)))

    def replacing(self, name: str, value: str) -> Headers:
        """The same headers with `name` holding just `value`, where it first stood or at the end."""
        wanted = name.lower()
        kept: list[Field] = []
        placed = False
        for pair in self.fields:
            if pair[0].lower() != wanted:
                kept.append(pair)
            elif not placed:
                kept.append((name, value))
                placed = True
        if not placed:
            kept.append((name, value))
        return Headers(tuple(kept))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. `target` as on the wire, in origin form: `/stage/path?query`."""

    method: str
    target: str
    headers: Headers = Headers()
    body: bytes = b""

    @property
    def host(self) -> str:
        """The Host header, without which a request still has a (blank) host."""
        return self.headers.get("host") or ""


@dataclass(frozen=True, slots=True)
class Response:
    """What a client is answered, or what a backend answered us."""

    status: int
    headers: Headers = Headers()
    body: bytes = b""

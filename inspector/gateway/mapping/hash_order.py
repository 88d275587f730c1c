"""The order in which a `java.util.HashMap` lists its keys.

The recorded orders of `$context.keySet()`, of `$context.identity.keySet()` and of the override maps
are those of HashMaps (facts 96, 97, 99), so that is how the maps are put together here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_SMALLEST_TABLE: Final = 16
_LOAD_FACTOR: Final = 0.75


def hash_order(keys: Iterable[str]) -> list[str]:
    """`keys`, given in the order of their insertion, as a HashMap iterates them."""
    return list(_ordered(tuple(keys)))


@lru_cache(maxsize=1024)  # the same few sets of keys at every request of an API
def _ordered(keys: tuple[str, ...]) -> tuple[str, ...]:
    inserted = list(dict.fromkeys(keys))
    table = _SMALLEST_TABLE
    while len(inserted) > table * _LOAD_FACTOR:
        table *= 2
    return tuple(sorted(inserted, key=lambda key: _spread(string_hash(key)) & (table - 1)))


def string_hash(text: str) -> int:
    """`String.hashCode()` as unsigned 32 bits."""
    value = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & 0xFFFFFFFF
    return value


def _spread(value: int) -> int:
    return value ^ (value >> 16)

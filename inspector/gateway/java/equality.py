"""`equals`, `hashCode`, `compareTo` and the keys of maps."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from struct import pack, unpack
from typing import Final

from inspector.gateway.java.errors import class_cast, null_pointer
from inspector.gateway.java.numbers import wrap_int
from inspector.gateway.java.types import class_name
from inspector.gateway.java.utf16 import units
from inspector.gateway.java.values import (
    BoxedKey,
    Char,
    Entry,
    EntrySet,
    JavaArray,
    JavaClass,
    KeySet,
    Values,
    unboxed,
)

_MASK: Final = 0xFFFFFFFF


def equals(left: object, right: object) -> bool:
    """`left.equals(right)`; two nulls are equal."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    if isinstance(left, str):
        return isinstance(right, str) and left == right
    if isinstance(left, bool) or isinstance(right, bool):
        return isinstance(left, bool) and isinstance(right, bool) and left == right
    if isinstance(left, dict):
        return isinstance(right, dict) and _equal_maps(left, right)
    if isinstance(left, list) and not isinstance(left, JavaArray):
        return (
            isinstance(right, list)
            and not isinstance(right, JavaArray)
            and len(left) == len(right)
            and all(map(equals, left, right))
        )
    if isinstance(left, KeySet | EntrySet):
        return isinstance(right, KeySet | EntrySet) and _equal_sets(left, right)
    if isinstance(left, Entry):
        return (
            isinstance(right, Entry)
            and equals(unboxed(left.key), unboxed(right.key))
            and equals(left.value, right.value)
        )
    return _equal_scalars(left, right)


def _equal_scalars(left: object, right: object) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple() or (left == right == 0 and _scale(left, right))
    if isinstance(left, int | float):
        same = class_name(left) == class_name(right)
        if isinstance(left, float) and same:
            return pack("d", left) == pack("d", right) or (left != left and right != right)
        return same and left == right
    if isinstance(left, Char | JavaClass):
        return left == right
    return False


def _scale(left: Decimal, right: Decimal) -> bool:
    return left.as_tuple().exponent == right.as_tuple().exponent


def _equal_maps(left: dict[object, object], right: dict[object, object]) -> bool:
    if len(left) != len(right):
        return False
    return all(key in right and equals(value, right[key]) for key, value in left.items())


def _equal_sets(left: KeySet | EntrySet, right: KeySet | EntrySet) -> bool:
    if len(left) != len(right):
        return False
    if isinstance(left, KeySet) and isinstance(right, KeySet):
        return all(key in right.owner for key in left.owner)
    others = list(right)
    return all(any(equals(item, other) for other in others) for item in left)


def boxed(key: object) -> object:
    """A key as the dict behind a map holds it."""
    kind = type(key)
    if kind is str or kind is int:
        return key
    return BoxedKey(key, hash_code(key))


def hash_code(value: object) -> int:
    """`hashCode()`; 0 for null. Objects without one of their own answer 0, as they have no address here."""
    if value is None:
        return 0
    if isinstance(value, str):
        return string_hash(value)
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int | float | Decimal):
        return _number_hash(value)
    if isinstance(value, dict):
        return wrap_int(sum(_pair_hash(unboxed(key), item) for key, item in value.items()))
    if isinstance(value, Entry):
        return _pair_hash(unboxed(value.key), value.value)
    if isinstance(value, list) and not isinstance(value, JavaArray):
        return _sequence_hash(value)
    if isinstance(value, KeySet | EntrySet):
        return wrap_int(sum(map(hash_code, value)))
    if isinstance(value, Char):
        return ord(value.value)
    return 0


def string_hash(text: str) -> int:
    """`String.hashCode()`."""
    total = 0
    for char in units(text):
        total = (total * 31 + ord(char)) & _MASK
    return wrap_int(total)


def _sequence_hash(items: Iterable[object]) -> int:
    total = 1
    for item in items:
        total = (total * 31 + hash_code(item)) & _MASK
    return wrap_int(total)


def _pair_hash(key: object, value: object) -> int:
    return hash_code(key) ^ hash_code(value)


def _number_hash(value: int | float | Decimal) -> int:
    name = class_name(value)
    if isinstance(value, Decimal):
        sign, digits, exponent = value.as_tuple()
        whole = int("".join(map(str, digits))) * (-1 if sign else 1)
        return wrap_int(31 * _big_hash(whole) + (-exponent if isinstance(exponent, int) else 0))
    if isinstance(value, int):
        if name == "java.math.BigInteger":
            return _big_hash(value)
        return _long_hash(value) if name == "java.lang.Long" else int(value)
    if name == "java.lang.Float":
        return int(unpack(">i", pack(">f", value))[0])
    return _long_hash(unpack(">q", pack(">d", value if value == value else float("nan")))[0])


def _long_hash(value: int) -> int:
    value &= 0xFFFFFFFFFFFFFFFF
    return wrap_int((value ^ (value >> 32)) & _MASK)


def _big_hash(value: int) -> int:
    total, rest = 0, abs(value)
    words = []
    while rest:
        words.append(rest & _MASK)
        rest >>= 32
    for word in reversed(words):
        total = (31 * total + word) & _MASK
    return wrap_int(total * (-1 if value < 0 else 1))


def compare(left: object, right: object) -> int:
    """`left.compareTo(right)` by natural order. Raises `JavaError` where Java does."""
    if left is None or right is None:
        raise null_pointer()
    if isinstance(left, str) and isinstance(right, str):
        return compare_strings(left, right)
    names = class_name(left), class_name(right)
    if names[0] != names[1] or not isinstance(left, bool | int | float | Decimal | Char):
        raise class_cast(f"class {names[1]} cannot be cast to class {names[0]}")
    a, b = (left.value, right.value) if isinstance(right, Char) else (left, right)  # type: ignore[union-attr]
    return (a > b) - (a < b)  # type: ignore[operator]  # both are of one class


def compare_strings(left: str, right: str) -> int:
    """`String.compareTo`: the difference of the first characters that differ, else of the lengths."""
    a, b = units(left), units(right)
    for x, y in zip(a, b, strict=False):
        if x != y:
            return ord(x) - ord(y)
    return len(a) - len(b)


class NaturalOrder:
    """A sort key that compares as Java's natural order does."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __lt__(self, other: NaturalOrder) -> bool:
        return compare(self.value, other.value) < 0


def is_values(value: object) -> bool:
    """Whether this is `map.values()`, which has no equality of its own."""
    return isinstance(value, Values)

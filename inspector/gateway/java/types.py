"""Java's classes of template values, and which of them stand in for which."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from inspector.gateway.java.values import (
    INT_MAX,
    INT_MIN,
    LONG_MAX,
    LONG_MIN,
    ArrayList,
    BigInteger,
    Byte,
    Char,
    Entry,
    EntrySet,
    Float,
    JavaClass,
    KeySet,
    Long,
    Short,
    SubList,
    Values,
)

OBJECT: Final = "java.lang.Object"
STRING: Final = "java.lang.String"
BOOLEAN: Final = "java.lang.Boolean"
CHARACTER: Final = "java.lang.Character"
INTEGER: Final = "java.lang.Integer"
LONG: Final = "java.lang.Long"
BIG_INTEGER: Final = "java.math.BigInteger"
DOUBLE: Final = "java.lang.Double"
BIG_DECIMAL: Final = "java.math.BigDecimal"
MAP: Final = "java.util.LinkedHashMap"
LIST: Final = "java.util.ArrayList"
JSON_ARRAY: Final = "net.minidev.json.JSONArray"

_BY_TYPE: Final[dict[type, str]] = {
    str: STRING,
    bool: BOOLEAN,
    float: DOUBLE,
    Decimal: BIG_DECIMAL,
    dict: MAP,
    list: JSON_ARRAY,
} | {
    kind: kind.java_class
    for kind in (
        ArrayList, SubList, Byte, Short, Long, BigInteger, Float, Char, JavaClass, Entry, KeySet,
        Values, EntrySet,
    )
}  # fmt: skip

_NUMBER: Final = ("java.lang.Number", "java.lang.Comparable", OBJECT)
_COLLECTION: Final = ("java.util.Collection", "java.lang.Iterable", OBJECT)
_LIST: Final = (
    "java.util.AbstractList",
    "java.util.AbstractCollection",
    "java.util.List",
    *_COLLECTION,
)
_SET: Final = (
    "java.util.AbstractSet",
    "java.util.AbstractCollection",
    "java.util.Set",
    *_COLLECTION,
)

_ABOVE: Final[dict[str, frozenset[str]]] = {
    name: frozenset((name, *above))
    for name, above in {
        STRING: ("java.lang.CharSequence", "java.lang.Comparable", OBJECT),
        BOOLEAN: ("java.lang.Comparable", OBJECT),
        CHARACTER: ("java.lang.Comparable", OBJECT),
        "java.lang.Byte": _NUMBER,
        "java.lang.Short": _NUMBER,
        INTEGER: _NUMBER,
        LONG: _NUMBER,
        BIG_INTEGER: _NUMBER,
        DOUBLE: _NUMBER,
        "java.lang.Float": _NUMBER,
        BIG_DECIMAL: _NUMBER,
        MAP: ("java.util.HashMap", "java.util.AbstractMap", "java.util.Map", OBJECT),
        LIST: _LIST,
        "java.util.ArrayList$SubList": _LIST,
        JSON_ARRAY: (LIST, *_LIST),
        "java.util.LinkedHashMap$Entry": ("java.util.Map$Entry", OBJECT),
        "java.util.LinkedHashMap$LinkedKeySet": _SET,
        "java.util.LinkedHashMap$LinkedEntrySet": _SET,
        "java.util.LinkedHashMap$LinkedValues": ("java.util.AbstractCollection", *_COLLECTION),
        "java.util.ArrayList$Itr": ("java.util.Iterator", OBJECT),
        "java.util.LinkedHashMap$LinkedKeyIterator": ("java.util.Iterator", OBJECT),
        "java.util.LinkedHashMap$LinkedValueIterator": ("java.util.Iterator", OBJECT),
        "java.util.LinkedHashMap$LinkedEntryIterator": ("java.util.Iterator", OBJECT),
        "[Ljava.lang.String;": ("[Ljava.lang.Object;", "[Ljava.lang.CharSequence;", OBJECT),
    }.items()
}


def class_name(value: object) -> str:
    """The Java class of a value that is not null."""
    kind = type(value)
    if kind is int:
        if INT_MIN <= value <= INT_MAX:  # type: ignore[operator]  # mypy does not narrow by type()
            return INTEGER
        return LONG if LONG_MIN <= value <= LONG_MAX else BIG_INTEGER  # type: ignore[operator]
    known = _BY_TYPE.get(kind)
    return known if known is not None else str(getattr(value, "java_class", OBJECT))


def ancestors(name: str, value: object = None) -> frozenset[str]:
    """A class with all that it extends and implements.

    A subclass of dict or list with a name of its own (Amazon's `$context` maps) is still a map or list.
    """
    known = _ABOVE.get(name)
    if known is not None:
        return known
    if isinstance(value, dict):
        return _ABOVE[MAP] | {name}
    if isinstance(value, list) and not name.startswith("["):
        return _ABOVE[LIST] | {name}
    return frozenset((name, OBJECT))


def related(left: object, right: object) -> bool:
    """Whether one value's class is the other's or above it: only then does `==` ask `equals`."""
    left_name, right_name = class_name(left), class_name(right)
    return (
        left_name == right_name
        or left_name in ancestors(right_name, right)
        or right_name in ancestors(left_name, left)
    )

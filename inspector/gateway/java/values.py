"""Java values that Python has no type of its own for.

| Java                             | Python                                                |
| -------------------------------- | ----------------------------------------------------- |
| null, Boolean, String            | `None`, `bool`, `str`                                 |
| Integer, Long, BigInteger        | `int`: the range tells which                          |
| the same, of a smaller value     | `Long`, `BigInteger` (also `Byte`, `Short`)           |
| Double, Float, BigDecimal        | `float`, `Float`, `decimal.Decimal`                   |
| LinkedHashMap                    | `dict`; keys that are no str or int are `BoxedKey`s   |
| JSONArray                        | `list` itself (see `jsonpath.values`)                 |
| ArrayList                        | `ArrayList`                                           |
| arrays, views, iterators         | the classes below                                     |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from inspector.gateway.java.errors import JavaError, out_of_bounds

INT_MIN: Final = -(2**31)
INT_MAX: Final = 2**31 - 1
LONG_MIN: Final = -(2**63)
LONG_MAX: Final = 2**63 - 1


class Byte(int):
    """A `java.lang.Byte`."""

    java_class: ClassVar[str] = "java.lang.Byte"


class Short(int):
    """A `java.lang.Short`."""

    java_class: ClassVar[str] = "java.lang.Short"


class Long(int):
    """A `java.lang.Long` whose value an Integer could hold."""

    java_class: ClassVar[str] = "java.lang.Long"


class BigInteger(int):
    """A `java.math.BigInteger` whose value a Long could hold."""

    java_class: ClassVar[str] = "java.math.BigInteger"


class Float(float):
    """A `java.lang.Float`; the value is already rounded to 32 bits."""

    java_class: ClassVar[str] = "java.lang.Float"


def long(value: int) -> int:
    """A Long of any value."""
    return Long(value) if INT_MIN <= value <= INT_MAX else int(value)


def big(value: int) -> int:
    """A BigInteger of any value."""
    return BigInteger(value) if LONG_MIN <= value <= LONG_MAX else int(value)


class Char:
    """A `java.lang.Character`: one UTF-16 unit."""

    __slots__ = ("value",)
    java_class: ClassVar[str] = "java.lang.Character"

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Char) and other.value == self.value

    def __hash__(self) -> int:
        return hash(("char", self.value))

    def __str__(self) -> str:
        return self.value


class JavaClass:
    """What `.class` answers: a name to print, and no way into anything."""

    __slots__ = ("name",)
    java_class: ClassVar[str] = "java.lang.Class"

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JavaClass) and other.name == self.name

    def __hash__(self) -> int:
        return hash(("class", self.name))

    @property
    def simple_name(self) -> str:
        """The name without its package."""
        if self.name.startswith("["):
            element = {"[C": "char", "[B": "byte", "[I": "int"}.get(self.name)
            return (element or self.name[2:-1].rpartition(".")[2]) + "[]"
        return self.name.rpartition(".")[2].rpartition("$")[2]

    def __str__(self) -> str:
        return f"class {self.name}"


class ArrayList(list[object]):
    """A `java.util.ArrayList`: what a template's `[...]` makes."""

    java_class: ClassVar[str] = "java.util.ArrayList"


class SubList(ArrayList):
    """`list.subList(from, to)`: changes reach the list it was taken from."""

    java_class: ClassVar[str] = "java.util.ArrayList$SubList"

    def __init__(self, parent: list[object], start: int, stop: int) -> None:
        super().__init__(parent[start:stop])
        self._parent = parent
        self._start = start
        self._stop = stop

    def write_back(self) -> None:
        """Carry a change over to the list below."""
        self._parent[self._start : self._stop] = self
        self._stop = self._start + len(self)
        if isinstance(self._parent, SubList):
            self._parent.write_back()


class JavaArray(list[object]):
    """A Java array: no list, though templates may ask it for `size()` and `get(i)`."""

    def __init__(self, items: Iterable[object], java_class: str) -> None:
        super().__init__(items)
        self.java_class = java_class


class BoxedKey:
    """A map's key that Python would mix up with another: `true`, `1` and `1.0` are three keys in Java."""

    __slots__ = ("hashed", "value")

    def __init__(self, value: object, hashed: int) -> None:
        self.value = value
        self.hashed = hashed

    def __hash__(self) -> int:
        return self.hashed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BoxedKey) and equal_keys(self.value, other.value)

    def __str__(self) -> str:
        return key_text(self.value)


def equal_keys(left: object, right: object) -> bool:
    """Whether two keys are one; set by `equality` (which needs the classes above)."""
    from inspector.gateway.java.equality import equals  # noqa: PLC0415  # the two need each other

    return equals(left, right)


def key_text(value: object) -> str:
    """How a key prints."""
    from inspector.gateway.java.text import to_text  # noqa: PLC0415  # the two need each other

    return to_text(value)


class Entry:
    """A `Map.Entry` of a LinkedHashMap, live."""

    __slots__ = ("key", "owner")
    java_class: ClassVar[str] = "java.util.LinkedHashMap$Entry"

    def __init__(self, owner: dict[object, object], key: object) -> None:
        self.owner = owner
        self.key = key  # as the dict holds it: boxed or not

    @property
    def value(self) -> object:
        """The value that the map holds now."""
        return self.owner.get(self.key)


class View:
    """What a map shows of itself: `keySet()`, `values()` or `entrySet()`, live."""

    __slots__ = ("owner",)
    java_class: ClassVar[str] = "java.util.Collection"

    def __init__(self, owner: dict[object, object]) -> None:
        self.owner = owner

    def __len__(self) -> int:
        return len(self.owner)

    def __iter__(self) -> Iterator[object]:
        raise NotImplementedError


class KeySet(View):
    """`map.keySet()`."""

    __slots__ = ()
    java_class: ClassVar[str] = "java.util.LinkedHashMap$LinkedKeySet"

    def __iter__(self) -> Iterator[object]:
        return (unboxed(key) for key in self.owner)


class Values(View):
    """`map.values()`."""

    __slots__ = ()
    java_class: ClassVar[str] = "java.util.LinkedHashMap$LinkedValues"

    def __iter__(self) -> Iterator[object]:
        return iter(self.owner.values())


class EntrySet(View):
    """`map.entrySet()`."""

    __slots__ = ()
    java_class: ClassVar[str] = "java.util.LinkedHashMap$LinkedEntrySet"

    def __iter__(self) -> Iterator[object]:
        owner = self.owner
        return (Entry(owner, key) for key in owner)


def unboxed(key: object) -> object:
    """A key as Java sees it."""
    return key.value if type(key) is BoxedKey else key


class Cursor:
    """A `java.util.Iterator` over a list, a view or an array, which notices a change below it."""

    __slots__ = ("_expected", "_index", "_items", "_removable", "_sized", "java_class")

    def __init__(self, sized: list[object] | View | dict[object, object]) -> None:
        base: list[object] | dict[object, object]
        if isinstance(sized, list):
            self._items = sized
            base = sized
            self.java_class = "java.util.ArrayList$Itr"
        else:
            view = sized if isinstance(sized, View) else Values(sized)
            self._items = list(view)
            base = view.owner
            self.java_class = _ITERATORS[type(view)]
        self._sized = base
        self._expected = len(base)
        self._index = 0
        self._removable: int | None = None

    @classmethod
    def at(
        cls,
        sized: list[object] | View | dict[object, object],
        items: list[object],
        index: int,
        size: int,
    ) -> Cursor:
        """An iterator in the midst: it was made when there were `size` elements, and gave `index`."""
        cursor = cls(sized)
        cursor._items = items
        cursor._index = index
        cursor._expected = size
        return cursor

    def has_next(self) -> bool:
        """Java compares the cursor with the size of the list as it is now."""
        return self._index != len(self._items)

    def next(self) -> object:
        """The next element; raises `JavaError` at the end or after a change."""
        if len(self._sized) != self._expected:
            raise JavaError("java.util.ConcurrentModificationException")
        if self._index >= len(self._items):
            raise JavaError("java.util.NoSuchElementException")
        self._removable = self._index
        self._index += 1
        return self._items[self._index - 1]

    def remove(self) -> None:
        """Remove what `next` gave last."""
        if self._removable is None:
            raise JavaError("java.lang.IllegalStateException")
        if isinstance(self._sized, list):
            del self._sized[self._removable]
            self._index = self._removable
        else:
            keys = list(self._sized)
            del self._sized[keys[self._removable - (len(self._items) - len(keys))]]
        self._expected = len(self._sized)
        self._removable = None


_ITERATORS: Final[dict[type, str]] = {
    KeySet: "java.util.LinkedHashMap$LinkedKeyIterator",
    Values: "java.util.LinkedHashMap$LinkedValueIterator",
    EntrySet: "java.util.LinkedHashMap$LinkedEntryIterator",
}


def element(items: list[object], index: int) -> object:
    """`items.get(index)`."""
    if not 0 <= index < len(items):
        raise out_of_bounds(index, len(items))
    return items[index]

"""The methods of ArrayList, JSONArray, arrays and iterators."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from inspector.gateway.java.equality import NaturalOrder, equals, hash_code
from inspector.gateway.java.errors import (
    JavaError,
    class_cast,
    null_pointer,
    out_of_bounds,
    unsupported,
)
from inspector.gateway.java.overloads import Function
from inspector.gateway.java.text import to_text
from inspector.gateway.java.values import ArrayList, Cursor, JavaArray, SubList, View, element, long
from inspector.gateway.jsonpath.writer import json_text

Items = list[object]


def _changed(items: Items) -> None:
    if isinstance(items, SubList):
        items.write_back()


def _index_of(items: Items, value: object) -> int:
    return next((i for i, item in enumerate(items) if equals(value, item)), -1)


def _last_index_of(items: Items, value: object) -> int:
    return next((i for i in reversed(range(len(items))) if equals(value, items[i])), -1)


def collection(value: object) -> list[object]:
    """The elements of an argument that must be a collection."""
    if value is None:
        raise null_pointer()
    return list(value)  # type: ignore[call-overload, no-any-return]  # the signature says so


def _add(items: Items, value: object) -> bool:
    items.append(value)
    _changed(items)
    return True


def _insert(items: Items, index: int, value: object) -> str:
    if not 0 <= index <= len(items):
        message = f"Index: {index}, Size: {len(items)}"
        raise JavaError("java.lang.IndexOutOfBoundsException", message)
    items.insert(index, value)
    _changed(items)
    return ""


def _set(items: Items, index: int, value: object) -> object:
    old = element(items, index)
    items[index] = value
    _changed(items)
    return old


def _remove_at(items: Items, index: int) -> object:
    old = element(items, index)
    del items[index]
    _changed(items)
    return old


def _remove(items: Items, value: object) -> bool:
    index = _index_of(items, value)
    if index >= 0:
        del items[index]
        _changed(items)
    return index >= 0


def _clear(items: Items) -> str:
    items.clear()
    _changed(items)
    return ""


def _add_all(items: Items, others: object) -> bool:
    more = collection(others)
    items.extend(more)
    _changed(items)
    return bool(more)


def _insert_all(items: Items, index: int, others: object) -> bool:
    if not 0 <= index <= len(items):
        message = f"Index: {index}, Size: {len(items)}"
        raise JavaError("java.lang.IndexOutOfBoundsException", message)
    more = collection(others)
    items[index:index] = more
    _changed(items)
    return bool(more)


def _keep(items: Items, wanted: Callable[[object], bool]) -> bool:
    kept = [item for item in items if wanted(item)]
    different = len(kept) != len(items)
    if different:
        items[:] = kept
        _changed(items)
    return different


def _holds(others: Items, value: object) -> bool:
    return any(equals(value, other) for other in others)


def _remove_all(items: Items, others: object) -> bool:
    unwanted = collection(others)
    return _keep(items, lambda item: not _holds(unwanted, item))


def _retain_all(items: Items, others: object) -> bool:
    wanted = collection(others)
    return _keep(items, lambda item: _holds(wanted, item))


def contains_all(items: Iterable[object], others: object) -> bool:
    """`items.containsAll(others)`."""
    mine = list(items)
    return all(_holds(mine, other) for other in collection(others))


def _sort(items: Items, comparator: object) -> str:
    items.sort(key=NaturalOrder)
    _changed(items)
    return ""


def _sub_list(items: Items, start: int, stop: int) -> SubList:
    if start < 0:
        raise JavaError("java.lang.IndexOutOfBoundsException", f"fromIndex = {start}")
    if stop > len(items):
        raise JavaError("java.lang.IndexOutOfBoundsException", f"toIndex = {stop}")
    if start > stop:
        message = f"fromIndex({start}) > toIndex({stop})"
        raise JavaError("java.lang.IllegalArgumentException", message)
    return SubList(items, start, stop)


def _list_cursor(items: Items, start: int = 0) -> Cursor:
    if not 0 <= start <= len(items):
        raise JavaError("java.lang.IndexOutOfBoundsException", f"Index: {start}")
    cursor = Cursor(items)
    for _ in range(start):
        cursor.next()
    cursor.java_class = "java.util.ArrayList$ListItr"
    return cursor


def to_array(items: Iterable[object]) -> JavaArray:
    """`toArray()`."""
    return JavaArray(items, "[Ljava.lang.Object;")


def _to_array_like(items: Iterable[object], like: object) -> JavaArray:
    if not isinstance(like, JavaArray):
        raise null_pointer()
    return JavaArray(items, like.java_class)


def _no_function(_: object, function: object) -> object:
    """Templates have no functions to pass: what they can pass is null."""
    raise null_pointer()


def _nothing(*_: object) -> str:
    return ""


def _append(items: Items, value: object) -> Items:
    items.append(value)
    return items


def _merge(items: Items, other: object) -> None:
    raise class_cast("not mergeable")


COLLECTION_METHODS: Final[dict[str, Function]] = {
    "size()": len,
    "isEmpty()": lambda items: len(items) == 0,
    "contains(Object)": lambda items, value: _holds(list(items), value),
    "containsAll(Collection)": contains_all,
    "iterator()": Cursor,
    "toArray()": to_array,
    "toArray(Object[])": _to_array_like,
    "toString()": to_text,
    "forEach(Consumer)": _no_function,
    "stream()": lambda items: Stream(items),
}

LIST_METHODS: Final[dict[str, Function]] = {
    **COLLECTION_METHODS,
    "get(int)": element,
    "set(int,Object)": _set,
    "add(Object)": _add,
    "add(int,Object)": _insert,
    "addAll(Collection)": _add_all,
    "addAll(int,Collection)": _insert_all,
    "remove(int)": _remove_at,
    "remove(Object)": _remove,
    "removeAll(Collection)": _remove_all,
    "retainAll(Collection)": _retain_all,
    "clear()": _clear,
    "indexOf(Object)": _index_of,
    "lastIndexOf(Object)": _last_index_of,
    "subList(int,int)": _sub_list,
    "listIterator()": _list_cursor,
    "listIterator(int)": _list_cursor,
    "sort(Comparator)": _sort,
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "clone()": lambda items: type(items)(items),
    "ensureCapacity(int)": _nothing,
    "trimToSize()": _nothing,
}

JSON_ARRAY_METHODS: Final[dict[str, Function]] = {
    **LIST_METHODS,
    "toJSONString()": to_text,
    "toJSONString(List)": lambda _, items: json_text(items),
    "merge(Object)": _merge,
}

ARRAY_METHODS: Final[dict[str, Function]] = {
    # Velocity shows an array as a list of fixed size.
    "size()": len,
    "isEmpty()": lambda items: len(items) == 0,
    "get(int)": lambda items, index: _array_element(items, index),
    "set(int,Object)": lambda items, index, value: _array_set(items, index, value),
    "contains(Object)": _holds,
    "indexOf(Object)": _index_of,
    "lastIndexOf(Object)": _last_index_of,
    "subList(int,int)": lambda items, start, stop: _sub_list(ArrayList(items), start, stop),
    "iterator()": Cursor,
    "toArray()": to_array,
    "containsAll(Collection)": contains_all,
    "clear()": lambda items: _refused(items),
    "add(Object)": lambda _, __: _refused([None]),
    "add(int,Object)": lambda _, __, ___: _refused([None]),
    "addAll(Collection)": lambda _, more: _refused(more) or False,
    "remove(int)": lambda _, __: _refused([None]),
    "remove(Object)": lambda items, value: (
        _refused([value] if _holds(items, value) else []) or False
    ),
}


def _refused(concerned: object) -> str:
    """What an array does not do, unless there is nothing to do."""
    if concerned is None:
        raise null_pointer()
    if list(concerned):  # type: ignore[call-overload]  # some collection
        raise unsupported()
    return ""


def _array_element(items: Items, index: int) -> object:
    if not 0 <= index < len(items):
        raise JavaError(
            "java.lang.ArrayIndexOutOfBoundsException", out_of_bounds(index, len(items)).message
        )
    return items[index]


def _array_set(items: Items, index: int, value: object) -> object:
    old = _array_element(items, index)
    items[index] = value
    return old


ITERATOR_METHODS: Final[dict[str, Function]] = {
    "hasNext()": Cursor.has_next,
    "next()": Cursor.next,
    "remove()": lambda cursor: cursor.remove() or "",
}


class Stream:
    """A `java.util.stream.Stream`, of which templates can use what needs no function."""

    def __init__(self, items: Iterable[object], pipeline: str = "ReferencePipeline") -> None:
        self.items = list(items)
        self.java_class = f"java.util.stream.{pipeline}$Head"


def _distinct(items: Items) -> Items:
    kept: Items = []
    for item in items:
        if not _holds(kept, item):
            kept.append(item)
    return kept


STREAM_METHODS: Final[dict[str, Function]] = {
    "count()": lambda s: long(len(s.items)),
    "equals(Object)": lambda s, other: s is other,
    "distinct()": lambda s: Stream(_distinct(s.items)),
    "sorted()": lambda s: Stream(sorted(s.items, key=NaturalOrder)),
    "limit(long)": lambda s, n: Stream(s.items[: max(n, 0)]),
    "skip(long)": lambda s, n: Stream(s.items[max(n, 0) :]),
    "toList()": lambda s: ArrayList(s.items),
    "toArray()": lambda s: to_array(s.items),
    "iterator()": lambda s: Cursor(ArrayList(s.items)),
}

__all__ = ["ARRAY_METHODS", "ITERATOR_METHODS", "JSON_ARRAY_METHODS", "LIST_METHODS", "View"]

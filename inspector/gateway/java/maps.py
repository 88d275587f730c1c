"""The methods of LinkedHashMap, its views and its entries."""

from __future__ import annotations

from typing import Final

from inspector.gateway.java.equality import boxed, equals, hash_code
from inspector.gateway.java.errors import null_pointer, unsupported
from inspector.gateway.java.lists import COLLECTION_METHODS, collection
from inspector.gateway.java.overloads import Function
from inspector.gateway.java.text import to_text
from inspector.gateway.java.values import Entry, EntrySet, KeySet, Values, View, unboxed

Members = dict[object, object]


def get(members: Members, key: object) -> object:
    """`members.get(key)`."""
    return members.get(key if type(key) is str else boxed(key))


def put(members: Members, key: object, value: object) -> object:
    """`members.put(key, value)`: the value that was there before."""
    place = key if type(key) is str else boxed(key)
    old = members.get(place)
    members[place] = value
    return old


def _get_or_default(members: Members, key: object, default: object) -> object:
    return members.get(boxed(key), default)


def _put_all(members: Members, others: object) -> str:
    if not isinstance(others, dict):
        raise null_pointer()
    members.update(others)
    return ""


def _put_if_absent(members: Members, key: object, value: object) -> object:
    old = get(members, key)
    if old is None:
        members[boxed(key)] = value
    return old


def _remove(members: Members, key: object) -> object:
    return members.pop(boxed(key), None)


def _remove_pair(members: Members, key: object, value: object) -> bool:
    place = boxed(key)
    if place in members and equals(members[place], value):
        del members[place]
        return True
    return False


def _replace(members: Members, key: object, value: object) -> object:
    place = boxed(key)
    if place not in members:
        return None
    return put(members, key, value)


def _replace_pair(members: Members, key: object, old: object, new: object) -> bool:
    place = boxed(key)
    if place not in members or not equals(members[place], old):
        return False
    members[place] = new
    return True


def _clear(members: Members) -> str:
    members.clear()
    return ""


def _no_function(*_: object) -> object:
    """Templates have no functions to pass: what they can pass is null."""
    raise null_pointer()


MAP_METHODS: Final[dict[str, Function]] = {
    "size()": len,
    "isEmpty()": lambda m: not m,
    "get(Object)": get,
    "put(Object,Object)": put,
    "containsKey(Object)": lambda m, key: boxed(key) in m,
    "containsValue(Object)": lambda m, value: any(equals(value, each) for each in m.values()),
    "getOrDefault(Object,Object)": _get_or_default,
    "keySet()": KeySet,
    "values()": Values,
    "entrySet()": EntrySet,
    "putAll(Map)": _put_all,
    "putIfAbsent(Object,Object)": _put_if_absent,
    "remove(Object)": _remove,
    "remove(Object,Object)": _remove_pair,
    "replace(Object,Object)": _replace,
    "replace(Object,Object,Object)": _replace_pair,
    "clear()": _clear,
    "clone()": dict,
    "forEach(java.util.function.BiConsumer)": _no_function,
    "merge(Object,Object,java.util.function.BiFunction)": _no_function,
    "compute(Object,java.util.function.BiFunction)": _no_function,
    "computeIfAbsent(Object,Function)": _no_function,
    "computeIfPresent(Object,java.util.function.BiFunction)": _no_function,
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "toString()": to_text,
}


def _set_value(entry: Entry, value: object) -> object:
    old = entry.value
    entry.owner[entry.key] = value
    return old


ENTRY_METHODS: Final[dict[str, Function]] = {
    "getKey()": lambda entry: unboxed(entry.key),
    "getValue()": lambda entry: entry.value,
    "setValue(Object)": _set_value,
    "equals(Object)": equals,
    "hashCode()": hash_code,
    "toString()": to_text,
}


def _discard(view: View, value: object) -> bool:
    for key, item in zip(list(view.owner), list(view), strict=True):
        if equals(value, item):
            del view.owner[key]
            return True
    return False


def _filter(view: View, others: object, *, keep: bool) -> bool:
    wanted = collection(others)
    different = False
    for key, item in zip(list(view.owner), list(view), strict=True):
        if any(equals(item, other) for other in wanted) is not keep:
            del view.owner[key]
            different = True
    return different


def _refuse(*_: object) -> object:
    raise unsupported()


def _clear_view(view: View) -> str:
    view.owner.clear()
    return ""


VALUES_METHODS: Final[dict[str, Function]] = {
    **COLLECTION_METHODS,
    "add(Object)": _refuse,
    "addAll(Collection)": lambda _, others: _refuse() if collection(others) else False,
    "remove(Object)": _discard,
    "removeAll(Collection)": lambda view, others: _filter(view, others, keep=False),
    "retainAll(Collection)": lambda view, others: _filter(view, others, keep=True),
    "clear()": _clear_view,
    "equals(Object)": equals,
    "hashCode()": hash_code,
}

SET_METHODS: Final[dict[str, Function]] = {
    **VALUES_METHODS,
    "equals(Object)": equals,
    "hashCode()": hash_code,
}

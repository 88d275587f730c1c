"""Every method and property that a template may use, by the class of the receiver.

This is the allow-list: what is not in it does not exist, whatever Java has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inspector.gateway.java.chars import CHAR_METHODS
from inspector.gateway.java.equality import hash_code
from inspector.gateway.java.errors import illegal_argument
from inspector.gateway.java.fractions import (
    BIG_DECIMAL_METHODS,
    BOOLEAN_METHODS,
    DOUBLE_METHODS,
    FLOAT_METHODS,
)
from inspector.gateway.java.integers import (
    BIG_INTEGER_METHODS,
    BYTE_METHODS,
    INTEGER_METHODS,
    LONG_METHODS,
    SHORT_METHODS,
)
from inspector.gateway.java.lists import (
    ARRAY_METHODS,
    ITERATOR_METHODS,
    JSON_ARRAY_METHODS,
    LIST_METHODS,
    STREAM_METHODS,
    Stream,
)
from inspector.gateway.java.maps import (
    ENTRY_METHODS,
    MAP_METHODS,
    SET_METHODS,
    VALUES_METHODS,
    put,
)
from inspector.gateway.java.overloads import Function, Method, Overloads
from inspector.gateway.java.strings import STRING_METHODS
from inspector.gateway.java.text import to_text
from inspector.gateway.java.types import class_name
from inspector.gateway.java.values import (
    ArrayList,
    Char,
    Cursor,
    Entry,
    EntrySet,
    JavaArray,
    JavaClass,
    KeySet,
    SubList,
    Values,
)

_OBJECT: Final[dict[str, Function]] = {
    "getClass()": lambda value: JavaClass(class_name(value)),
    "toString()": to_text,
    "hashCode()": hash_code,
    "equals(Object)": lambda value, other: value is other,
}
_CLASS: Final[dict[str, Function]] = {
    "getName()": lambda each: each.name,
    "getSimpleName()": lambda each: each.simple_name,
    "getTypeName()": lambda each: each.name,
    "hashCode()": hash_code,
    "toString()": str,
}

_BY_CLASS: Final[dict[str, Overloads]] = {
    name: Overloads(table, _OBJECT)
    for name, table in {
        "java.lang.String": STRING_METHODS,
        "java.lang.Boolean": BOOLEAN_METHODS,
        "java.lang.Character": CHAR_METHODS,
        "java.lang.Integer": INTEGER_METHODS,
        "java.lang.Long": LONG_METHODS,
        "java.lang.Byte": BYTE_METHODS,
        "java.lang.Short": SHORT_METHODS,
        "java.math.BigInteger": BIG_INTEGER_METHODS,
        "java.lang.Double": DOUBLE_METHODS,
        "java.lang.Float": FLOAT_METHODS,
        "java.math.BigDecimal": BIG_DECIMAL_METHODS,
        "java.lang.Class": _CLASS,
    }.items()
}
_MAP: Final = Overloads(MAP_METHODS, _OBJECT)
_LIST: Final = Overloads(LIST_METHODS, _OBJECT)
_NONE: Final = Overloads(_OBJECT)
_BY_TYPE: Final[dict[type, Overloads]] = {
    str: _BY_CLASS["java.lang.String"],
    bool: _BY_CLASS["java.lang.Boolean"],
    float: _BY_CLASS["java.lang.Double"],
    dict: _MAP,
    list: Overloads(JSON_ARRAY_METHODS, _OBJECT),
    ArrayList: _LIST,
    SubList: _LIST,
    JavaArray: Overloads(ARRAY_METHODS, _OBJECT),
    Entry: Overloads(ENTRY_METHODS, _OBJECT),
    KeySet: Overloads(SET_METHODS, _OBJECT),
    EntrySet: Overloads(SET_METHODS, _OBJECT),
    Values: Overloads(VALUES_METHODS, _OBJECT),
    Cursor: Overloads(ITERATOR_METHODS, _OBJECT),
    Stream: Overloads(STREAM_METHODS, _OBJECT),
    JavaClass: _BY_CLASS["java.lang.Class"],
    Char: _BY_CLASS["java.lang.Character"],
}


_METHODS_BY_NAME: Final[dict[str, Overloads]] = {
    **_BY_CLASS,
    **{
        str(kind.java_class): found
        for kind, found in _BY_TYPE.items()
        if hasattr(kind, "java_class")
    },
    "java.util.LinkedHashMap": _MAP,
    "java.util.HashMap": _MAP,
    "net.minidev.json.JSONArray": _BY_TYPE[list],
    "org.apache.velocity.runtime.directive.ForeachScope": _MAP,
}


def methods_of(value: object) -> Overloads:
    """The methods of a value's class."""
    found = _BY_TYPE.get(type(value))
    if found is not None:
        return found
    if isinstance(value, dict):
        return _MAP
    if isinstance(value, list):
        return _LIST
    return _BY_CLASS.get(class_name(value), _NONE)


def find_method(value: object, name: str, arguments: list[object]) -> Method | None:
    """The method that `$value.name(arguments)` calls, or None where there is none."""
    found = methods_of(value).find(name, arguments)
    if found is None and type(value) is JavaClass:
        return _class_method(value.name, name, arguments)
    return found


def _class_method(class_of: str, name: str, arguments: list[object]) -> Method | None:
    """Velocity takes a method of the class that a Class stands for, and Java refuses all but statics."""
    found = _METHODS_BY_NAME.get(class_of, _NONE).find(name, arguments)
    if found is None or is_static(class_of, found):
        return found

    def refuse(*_: object) -> object:
        raise illegal_argument("object is not an instance of declaring class")

    refused = Method("()", refuse)
    refused.parameters, refused.variable = found.parameters, found.variable
    return refused


_STATICS: Final = {
    "java.lang.String": frozenset({"valueOf", "copyValueOf", "join", "format"}),
    "java.math.BigInteger": frozenset({"valueOf"}),
    "java.math.BigDecimal": frozenset({"valueOf"}),
}
_OF_BOXES: Final = frozenset(
    {
        "compareTo", "equals", "getClass", "byteValue", "shortValue", "intValue", "longValue",
        "floatValue", "doubleValue", "booleanValue", "charValue",
    }
)  # fmt: skip


def is_static(class_of: str, method: Method) -> bool:
    """Whether a method belongs to its class: what of the boxes asks no receiver, and a few others."""
    if class_of in _STATICS:
        return method.name in _STATICS[class_of]
    return (
        class_of.startswith("java.lang.")
        and method.name not in _OF_BOXES
        and bool(method.parameters)
    )


Getter = Callable[[object], object]


def _getter(method: Method) -> Getter:
    if method.parameters:

        def refuse(_: object) -> object:
            raise illegal_argument("wrong number of arguments")

        return refuse
    return method.function


def _flipped(name: str) -> str:
    first = name[:1]
    return (first.upper() if first.islower() else first.lower()) + name[1:]


_GETTERS: Final[dict[tuple[int, str, str], Getter | None]] = {}


def find_getter(value: object, name: str, prefix: str = "get") -> Getter | None:
    """`getName` or `getname`, the way Velocity looks for a property; `prefix` may be `is`."""
    methods = methods_of(value)
    key = (id(methods), name, prefix)
    try:
        return _GETTERS[key]
    except KeyError:
        method = methods.find(prefix + name, []) or methods.find(prefix + _flipped(name), [])
        getter = _getter(method) if method else None
        if len(_GETTERS) < 10_000:
            _GETTERS[key] = getter
        return getter


def get_property(value: object, name: str) -> object:
    """`$value.name` of a value that is no host: None where it has no such property."""
    if isinstance(value, dict):
        getter = find_getter(value, name)
        return value.get(name) if getter is None else getter(value)
    if type(value) is JavaArray:  # Velocity wraps arrays where methods are called, and there only
        return JavaClass(value.java_class) if name in {"class", "Class"} else None
    getter = find_getter(value, name)
    if getter is not None:
        return getter(value)
    method = methods_of(value).find("get", [name])
    if method is not None:
        return method.call(0, value, [name])
    getter = find_getter(value, name, "is")
    if getter is not None:
        answer = getter(value)
        return answer if isinstance(answer, bool) else None
    return None


def set_property(value: object, name: str, new: object) -> bool:
    """`#set($value.name = new)`; False where nothing can be assigned."""
    for setter in ("set" + name, "set" + _flipped(name)):
        method = find_method(value, setter, [new])
        if method is not None:
            method.call(0, value, [new])
            return True
    if isinstance(value, dict):
        put(value, name, new)
        return True
    return False

"""Steps along a reference: properties, methods and indexes of a value, compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from inspector.gateway.java.equality import hash_code
from inspector.gateway.java.errors import (
    JavaError,
    NoSuchMethodError,
    ValueTooLargeError,
)
from inspector.gateway.java.methods import find_method, get_property, set_property
from inspector.gateway.java.overloads import Method
from inspector.gateway.java.text import guard, to_text
from inspector.gateway.java.types import class_name
from inspector.gateway.java.values import (
    ArrayList,
    Entry,
    EntrySet,
    JavaClass,
    KeySet,
    Values,
    View,
    unboxed,
)
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.host import MISSING, Host
from inspector.gateway.velocity.nodes import Node
from inspector.gateway.velocity.runtime import Context, Position, Run, Value

Step: TypeAlias = Callable[[Run, Context, object], object]
Caller: TypeAlias = Callable[[Run, object, list[object]], object]

ENTRY: Final = frozenset({"key", "value"})
_CLASS_NAMES: Final = frozenset({"class", "Class"})
_CONTAINERS: Final = (list, dict, View, Entry)
_SIZED: Final = (list, dict)
_ONE_CLASS: Final = frozenset({str, dict, list, ArrayList, Entry, KeySet, Values, EntrySet})
_INVOCATION: Final = "org.apache.velocity.exception.MethodInvocationException"
_ENGINE: Final = "org.apache.velocity.exception.VelocityException"


def method_failed(name: str, target: object, fault: JavaError, position: Position) -> TemplateError:
    """What Velocity says when a method throws."""
    message = (
        f"Invocation of method '{name}' in  class {class_name(target)} threw exception {fault.text}"
    )
    return TemplateError(message, *position, _INVOCATION)


def read_property(target: object, name: str, position: Position) -> object:
    """`$target.name` of anything; None where there is no such property."""
    if type(target) is Entry and name in ENTRY:  # `#foreach($e in $map.entrySet())` is common
        return unboxed(target.key) if name == "key" else target.value
    if isinstance(target, dict) and name not in _CLASS_NAMES:
        return target.get(name)
    try:
        if isinstance(target, Host):
            value = target.velocity_property(name)
            if value is not MISSING:
                return value
            return JavaClass(target.java_class) if name in _CLASS_NAMES else None
        return get_property(target, name)
    except JavaError as fault:
        raise method_failed(name, target, fault, position) from None


def property_step(node: Node) -> Step:
    """`.name`."""
    name = str(node.data)
    position = node.position
    plain = name not in _CLASS_NAMES

    def step(_: Run, __: Context, target: object) -> object:
        if plain and type(target) is dict:
            return target.get(name)
        return read_property(target, name, position)

    return step


def call(
    run: Run, target: object, name: str, arguments: list[object], position: Position
) -> object:
    """`$target.name(arguments)`; None where there is no such method. Raises `JavaError`."""
    if isinstance(target, Host):
        return _call_host(run, target, name, arguments)
    if isinstance(target, _CONTAINERS):
        guard(target, run.value)
    method = find_method(target, name, arguments)
    if method is None:
        return None
    for argument in arguments:
        if isinstance(argument, _CONTAINERS):
            guard(argument, run.value)
    return method.call(run.value, target, arguments)


def _call_host(run: Run, target: Host, name: str, arguments: list[object]) -> object:
    function = target.velocity_method(name, len(arguments))
    if function is None:
        return _of_any_object(target, name, arguments)
    for argument in arguments:
        if isinstance(argument, _CONTAINERS):
            guard(argument, run.value)
    try:
        return function(*arguments)
    except NoSuchMethodError:
        return None


def _of_any_object(target: Host, name: str, arguments: list[object]) -> object:
    """What every Java object answers."""
    if not arguments and name == "getClass":
        return JavaClass(target.java_class)
    if not arguments and name == "toString":
        return to_text(target)
    if not arguments and name == "hashCode":
        return hash_code(target)
    return arguments[0] is target if name == "equals" and len(arguments) == 1 else None


# Methods of lists and maps that touch no more than their own receiver's top level need no guard.
_LIGHT: Final = frozenset(
    {
        "size", "get", "add", "put", "isEmpty", "keySet", "entrySet", "values", "containsKey",
        "iterator", "set",
    }
)  # fmt: skip


def method_caller(node: Node) -> Caller:
    """`.name(...)` of a target, with arguments that are values already."""
    name = node.children[0].first.image
    position = node.position
    light = name in _LIGHT
    # Where the class decides alone, because all arguments are Strings, a call site keeps what it found.
    known: dict[tuple[type, int], Method] = {}

    def invoke(run: Run, target: object, given: list[object]) -> object:
        if isinstance(target, Host):
            return _call_host(run, target, name, given)
        method = known.get((type(target), len(given)))
        if method is not None and all(type(each) is str for each in given):
            if not light and isinstance(target, _CONTAINERS):
                guard(target, run.value)
            return method.call(run.value, target, given)
        if light:
            method = find_method(target, name, given)
            result = None if method is None else method.call(run.value, target, given)
        else:
            result = call(run, target, name, given, position)
        if type(target) in _ONE_CLASS and all(type(each) is str for each in given):
            method = find_method(target, name, given)
            if method is not None:
                known[type(target), len(given)] = method
        return result

    def caller(run: Run, target: object, given: list[object]) -> object:
        try:
            result = invoke(run, target, given)
        except JavaError as fault:
            raise method_failed(name, target, fault, position) from None
        except ValueTooLargeError:
            raise run.too_large(position) from None
        if type(result) is str:
            if len(result) > run.value:
                raise run.too_large(position)
        elif isinstance(target, _SIZED) and len(target) > run.value:
            raise run.too_large(position)
        return result

    return caller


def text_caller(node: Node) -> Callable[[Run, object, object], object]:
    """`.name(argument)`, mostly of a host or a map and with a String: `$util.urlEncode($x)`."""
    name = node.children[0].first.image
    position = node.position
    other = method_caller(node)
    gets = name == "get"

    def caller(run: Run, target: object, argument: object) -> object:
        if type(argument) is not str:
            return other(run, target, [argument])
        if not isinstance(target, Host):
            if gets and isinstance(target, dict):
                return target.get(argument)
            return other(run, target, [argument])
        function = target.text_functions.get(name)
        method = None if function is not None else target.text_methods.get(name)
        if function is None and method is None:
            function = target.velocity_method(name, 1)
            if function is None:
                return _of_any_object(target, name, [argument])
        try:
            result = function(argument) if function is not None else method(target, argument)  # type: ignore[misc]  # one of the two is there
        except NoSuchMethodError:
            return None
        except JavaError as fault:
            raise method_failed(name, target, fault, position) from None
        if type(result) is str and len(result) > run.value:
            raise run.too_large(position)
        return result

    return caller


def _sized_caller(node: Node) -> Step:
    """`.size()`, and every other method without arguments."""
    name = node.children[0].first.image
    other = method_caller(node)
    quick = _WITHOUT_ARGUMENTS.get(name)
    if quick is None:
        return lambda run, _, target: other(run, target, [])

    def step(run: Run, _: Context, target: object) -> object:
        if type(target) is dict or (name == "size" and type(target) is list):
            return quick(target)
        return other(run, target, [])

    return step


_WITHOUT_ARGUMENTS: Final[dict[str, Callable[[Any], object]]] = {
    "size": len, "keySet": KeySet, "entrySet": EntrySet, "values": Values,
}  # fmt: skip


def method_step(node: Node, arguments: list[Value]) -> Step:
    """`.name(...)`."""
    if len(arguments) == 1:
        single, call_one = arguments[0], text_caller(node)
        return lambda run, context, target: call_one(run, target, single(run, context))
    if not arguments:
        return _sized_caller(node)
    caller = method_caller(node)

    def step(run: Run, context: Context, target: object) -> object:
        return caller(run, target, [argument(run, context) for argument in arguments])

    return step


def adjusted_index(target: object, argument: object, position: Position) -> object:
    """A negative Integer counts from the end; the target must have a size."""
    if type(argument) is int and -(2**31) <= argument < 0:
        size = _size(target)
        if size is None:
            message = (
                f"A 'size()' method required for negative value {argument} does not exist for class"
                f" '{class_name(target)}'"
            )
            raise TemplateError(message, *position, _ENGINE)
        return size + argument
    return argument


def _size(target: object) -> int | None:
    if isinstance(target, Host):
        function = target.velocity_method("size", 0)
        size = function() if function else None
    else:
        method = find_method(target, "size", [])
        size = method.call(0, target, []) if method else None
    return size if isinstance(size, int) else None


def index_step(node: Node, argument: Value) -> Step:
    """`[...]`."""
    position = node.position

    def step(run: Run, context: Context, target: object) -> object:
        index = argument(run, context)
        kind = type(target)
        if type(index) is str and kind is dict:
            return target.get(index)  # type: ignore[attr-defined]  # mypy does not narrow by a type
        index = adjusted_index(target, index, position)
        try:
            return call(run, target, "get", [index], position)
        except JavaError as fault:
            name = "null" if index is None else class_name(index)
            message = f"Error invoking method 'get({name})' in {class_name(target)}: {fault.text}"
            raise TemplateError(message, *position, _ENGINE) from None

    return step


def assign_property(target: object, name: str, value: object, position: Position) -> bool:
    """`#set($target.name = value)`."""
    try:
        if isinstance(target, Host):
            return target.velocity_set(name, value)
        return set_property(target, name, value)
    except JavaError as fault:
        raise method_failed(name, target, fault, position) from None


def assign_index(
    run: Run, target: object, index: object, value: object, position: Position
) -> bool:
    """`#set($target[index] = value)`: `set(index, value)`, else `put(index, value)`."""
    index = adjusted_index(target, index, position)
    for name in ("set", "put"):
        arguments = [index, value]
        try:
            if isinstance(target, Host):
                function = target.velocity_method(name, 2)
                if function is None:
                    continue
                function(*arguments)
                return True
            method = find_method(target, name, arguments)
            if method is not None:
                method.call(run.value, target, arguments)
                return True
        except NoSuchMethodError:
            continue
        except JavaError as fault:
            raise method_failed(name, target, fault, position) from None
    return False


def as_list(items: list[object]) -> ArrayList:
    """A list literal's value."""
    return ArrayList(items)

"""Which of several methods of one name a call means, as Velocity's introspection chooses.

Methods are listed by Java signatures: `substring(int,int)`. Only what is listed exists: there is no
reflection, a template reaches nothing but the functions in the tables of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from inspector.gateway.java.errors import illegal_argument
from inspector.gateway.java.types import OBJECT, ancestors, class_name
from inspector.gateway.java.values import JavaArray

Function = Callable[..., object]

_BOXES: Final = {
    "boolean": "java.lang.Boolean",
    "byte": "java.lang.Byte",
    "char": "java.lang.Character",
    "double": "java.lang.Double",
    "float": "java.lang.Float",
    "int": "java.lang.Integer",
    "long": "java.lang.Long",
    "short": "java.lang.Short",
}
# What may be passed for a primitive parameter: the box itself and those that widen to it.
_WIDENING: Final = {
    "byte": ("byte",),
    "short": ("short", "byte"),
    "int": ("int", "short", "byte"),
    "long": ("long", "int", "short", "byte"),
    "float": ("float", "long", "int", "short", "byte"),
    "double": ("double", "float", "long", "int", "short", "byte"),
    "boolean": ("boolean",),
    "char": ("char",),
}
_NAMES: Final = {
    "Collection": "java.util.Collection",
    "Map": "java.util.Map",
    "Comparator": "java.util.Comparator",
    "BigInteger": "java.math.BigInteger",
    "BigDecimal": "java.math.BigDecimal",
    "Iterable": "java.lang.Iterable",
    "Locale": "java.util.Locale",
    "Consumer": "java.util.function.Consumer",
    "Function": "java.util.function.Function",
    "Charset": "java.nio.charset.Charset",
    "List": "java.util.List",
}
_INTERFACES: Final = {
    "java.lang.CharSequence": frozenset({"java.lang.CharSequence", OBJECT}),
    "java.util.Collection": frozenset({"java.util.Collection", "java.lang.Iterable", OBJECT}),
}


class Method:
    """One method: its parameter types and the function that does it.

    The function takes the receiver and the arguments; one that may make large values is marked by
    `sized` and takes the limit of a value's size first.
    """

    __slots__ = ("function", "name", "parameters", "sized", "variable")

    def __init__(self, signature: str, function: Function) -> None:
        self.name, _, rest = signature.partition("(")
        types = rest.rstrip(")")
        self.parameters = tuple(map(_full_name, types.split(","))) if types else ()
        self.function = function
        self.sized: bool = getattr(function, "sized", False)
        self.variable = bool(self.parameters) and self.parameters[-1].endswith("[]")

    @property
    def key(self) -> str:
        """The name and the boxed parameter types: what a call of exactly these types looks up."""
        return self.name + "".join(_BOXES.get(each, each) for each in self.parameters)

    def call(self, limit: int, target: object, arguments: list[object]) -> object:
        """Call it. Raises `JavaError` where Java throws."""
        if self.variable:
            arguments = self._pack(arguments)
        if len(arguments) != len(self.parameters):
            raise illegal_argument("wrong number of arguments")
        if self.sized:
            return self.function(limit, target, *arguments)
        return self.function(target, *arguments)

    def _pack(self, arguments: list[object]) -> list[object]:
        """The arguments with the surplus ones in an array."""
        index = len(self.parameters) - 1
        component = self.parameters[-1][:-2]
        if len(arguments) == index + 1:
            last = arguments[index]
            if last is None or isinstance(last, JavaArray):
                return arguments
            if not _convertible(component, class_name(last), last):
                return arguments
        array = JavaArray(arguments[index:], f"[L{component};")
        return [*arguments[:index], array]


def sized(function: Function) -> Function:
    """Mark a function that takes the size limit of values as its first argument."""
    function.sized = True  # type: ignore[attr-defined]
    return function


def _full_name(short: str) -> str:
    if short.endswith("[]"):
        return _full_name(short[:-2]) + "[]"
    if short in _BOXES or "." in short:
        return short
    return _NAMES.get(short) or f"java.lang.{short}"


class Overloads:
    """The methods of one class, by name."""

    def __init__(self, *tables: Mapping[str, Function]) -> None:
        self._exact: dict[str, Method] = {}
        self._named: dict[str, list[Method]] = {}
        self._found: dict[tuple[str, tuple[str | None, ...]], Method | None] = {}
        for table in tables:
            for signature, function in table.items():
                method = Method(signature, function)
                if method.key not in self._exact:
                    self._exact[method.key] = method
                    self._named.setdefault(method.name, []).append(method)

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def find(self, name: str, arguments: list[object]) -> Method | None:
        """The method that a call with these arguments means, if there is one and only one."""
        if name not in self._named:
            return None
        types = tuple(None if each is None else class_name(each) for each in arguments)
        key = (name, types)
        try:
            return self._found[key]
        except KeyError:
            found = self._search(name, types, arguments)
            if len(self._found) < 10_000:
                self._found[key] = found
            return found

    def _search(
        self, name: str, types: tuple[str | None, ...], arguments: list[object]
    ) -> Method | None:
        exact = self._exact.get(name + "".join(each or OBJECT for each in types))
        if exact is not None:
            return exact
        fitting = [each for each in self._named[name] if _fits(each.parameters, types, arguments)]
        return _most_specific(fitting)


def _fits(formals: tuple[str, ...], types: tuple[str | None, ...], arguments: list[object]) -> bool:
    """Whether a method is applicable; one without parameters is, to any call (and then fails)."""
    count = len(types)
    if len(formals) > count:
        if len(formals) != count + 1 or not formals[-1].endswith("[]"):
            return False
        return all(map(_convertible, formals, types, arguments))
    if len(formals) == count:
        for index, formal in enumerate(formals):
            actual, value = types[index], arguments[index]
            if not _convertible(formal, actual, value):
                last = index == count - 1 and formal.endswith("[]")
                return last and _convertible(formal[:-2], actual, value)
        return True
    if not formals:
        return True
    if not formals[-1].endswith("[]"):
        return False
    fixed = len(formals) - 1
    return all(map(_convertible, formals[:fixed], types, arguments)) and all(
        _convertible(formals[-1][:-2], types[index], arguments[index])
        for index in range(fixed, count)
    )


def _convertible(formal: str, actual: str | None, value: object) -> bool:
    """Whether a value of class `actual` can be passed as `formal`."""
    widening = _WIDENING.get(formal)
    if widening is not None:
        return actual is not None and any(_BOXES[each] == actual for each in widening)
    if actual is None or formal == OBJECT:
        return True
    if formal.endswith("[]"):
        return _array_fits(formal[:-2], actual)
    return formal in ancestors(actual, value)


def _array_fits(component: str, actual: str) -> bool:
    if actual == "[C":
        return component == "char"
    if actual == "[B":
        return component == "byte"
    return actual.startswith("[L") and component in {OBJECT, actual[2:-1]}


def _most_specific(methods: list[Method]) -> Method | None:
    """Velocity's choice among applicable methods; None where it finds the call ambiguous."""
    best: Method | None = None
    equivalent: list[Method] = []
    for method in methods:
        if best is None:
            best = method
            continue
        verdict = _compare(method.parameters, best.parameters)
        if verdict == "incomparable":
            equivalent.append(method)
        elif verdict == "more":
            if not equivalent:
                best = method
            elif all(_compare(method.parameters, e.parameters) == "more" for e in equivalent):
                best, equivalent = method, []
    return None if equivalent else best


def _compare(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    if len(one) != len(other):
        return "more" if len(one) > len(other) else "less"
    one_more = other_more = False
    for left, right in zip(one, other, strict=True):
        if left != right:
            one_more = one_more or right == OBJECT or _strictly(right, left)
            other_more = other_more or left == OBJECT or _strictly(left, right)
    if one_more and other_more:
        arrays = one[-1].endswith("[]"), other[-1].endswith("[]")
        return {(True, False): "less", (False, True): "more"}.get(arrays, "incomparable")
    if one_more:
        return "more"
    return "less" if other_more else "incomparable"


def _strictly(formal: str, actual: str) -> bool:
    """Whether every value of the formal type `actual` is one of the formal type `formal`."""
    if actual in _BOXES:
        return actual in _WIDENING.get(formal, ())
    if formal.endswith("[]"):
        return _strictly(formal[:-2], actual)
    return formal in _INTERFACES.get(actual, ancestors(actual))

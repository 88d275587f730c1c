"""Operators, literals and string interpolation, compiled."""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from inspector.gateway.java import arithmetic
from inspector.gateway.java.arithmetic import Number, is_number, loosely_equal, order
from inspector.gateway.java.equality import boxed
from inspector.gateway.java.errors import JavaError, ValueTooLargeError
from inspector.gateway.java.numbers import wrap_int
from inspector.gateway.java.text import guard, to_text
from inspector.gateway.java.values import INT_MAX, INT_MIN, ArrayList
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.interpolation import interpolation
from inspector.gateway.velocity.literals import literal
from inspector.gateway.velocity.nodes import Node, NodeKind, StringData
from inspector.gateway.velocity.runtime import FEW, Context, Output, Position, Run, Test, Value
from inspector.gateway.velocity.scopes import BlockReference
from inspector.gateway.velocity.texts import constant_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

Operation: TypeAlias = "Callable[[Number, Number], Number | None]"

Comparison: TypeAlias = Callable[[Run, object, object], bool]
_OPERATIONS: Final[dict[NodeKind, Operation]] = {
    NodeKind.ADD: arithmetic.add,
    NodeKind.SUBTRACT: arithmetic.subtract,
    NodeKind.MULTIPLY: arithmetic.multiply,
    NodeKind.DIVIDE: arithmetic.divide,
    NodeKind.MODULO: arithmetic.modulo,
}
_ORDERS: Final[dict[NodeKind, Callable[[int], bool]]] = {
    NodeKind.LT: lambda sign: sign < 0,
    NodeKind.GT: lambda sign: sign > 0,
    NodeKind.LE: lambda sign: sign <= 0,
    NodeKind.GE: lambda sign: sign >= 0,
}

RELATIONS: Final[dict[NodeKind, Callable[[Any, Any], bool]]] = {
    NodeKind.LT: lt, NodeKind.GT: gt, NodeKind.LE: le, NodeKind.GE: ge, NodeKind.EQ: eq, NodeKind.NE: ne,
}  # fmt: skip
EXACT: Final = 1 << 53
"""Integers below it are exact as Doubles too."""


def math_value(compiler: Compiler, node: Node) -> Value:
    """`+ - * / %`: None where there is no result."""
    left, right = (compiler.value(child) for child in node.children)
    operation = _OPERATIONS[node.kind]
    position = node.position
    adds = node.kind is NodeKind.ADD
    texts = [literal(child) for child in node.children] if adds else []

    def value(run: Run, context: Context) -> object:
        a, b = left(run, context), right(run, context)
        if adds and (isinstance(a, str) or isinstance(b, str)):
            return _concatenated(run, a, b, texts, position)
        if not (is_number(a) and is_number(b)):
            return None
        try:
            return operation(a, b)  # type: ignore[arg-type]  # is_number is no guard to mypy
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None
        except ValueTooLargeError:
            raise run.too_large(position) from None

    return value


def _concatenated(run: Run, a: object, b: object, texts: list[str], position: Position) -> str:
    """One side is a String; a null operand gives its own source text."""
    if a is None:
        a = texts[0]
    elif b is None:
        b = texts[1]
    try:
        guard(a, run.value)
        guard(b, run.value)
        text = to_text(a) + to_text(b)
    except ValueTooLargeError:
        raise run.too_large(position) from None
    if len(text) > run.value:
        raise run.too_large(position)
    return text


def order_of(node: Node) -> Comparison:
    """`< > <= >=` of two values: false for anything but numbers."""
    verdict = _ORDERS[node.kind]
    position = node.position

    def compare(_: Run, a: object, b: object) -> bool:
        if not (is_number(a) and is_number(b)):
            return False
        try:
            return verdict(order(a, b))  # type: ignore[arg-type]  # is_number is no guard to mypy
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None

    return compare


def equality_of(node: Node) -> Comparison:
    """`==` or `!=` of two values."""
    wanted = node.kind is NodeKind.EQ
    position = node.position

    def compare(run: Run, a: object, b: object) -> bool:
        try:
            return _equal(run, a, b) is wanted
        except JavaError as fault:
            raise TemplateError(fault.text, *position, fault.java_class) from None
        except ValueTooLargeError:
            raise run.too_large(position) from None

    return compare


def comparison_test(compiler: Compiler, node: Node) -> Test:
    """A comparison."""
    left, right = (compiler.value(child) for child in node.children)
    compare = (order_of if node.kind in _ORDERS else equality_of)(node)
    constant = node.children[1]
    if compiler.fused and constant.kind is NodeKind.INTEGER:
        given = constant.data
        if isinstance(given, int) and -EXACT < given < EXACT:
            return _against_number(left, RELATIONS[node.kind], given, compare)
    text = constant_text(constant)
    if compiler.fused and text is not None:
        return _against_text(left, RELATIONS[node.kind], text, compare)
    return lambda run, context: compare(run, left(run, context), right(run, context))


def _against_number(
    left: Value, relation: Callable[[object, object], bool], right: int, compare: Comparison
) -> Test:
    """A comparison with an integer that is exact as a Double too."""

    def test(run: Run, context: Context) -> bool:
        found = left(run, context)
        kind = type(found)
        # NaN is neither: Velocity takes it for equal.
        if kind is int or (kind is float and found == found):
            return relation(found, right)
        return compare(run, found, right)

    return test


def _against_text(
    left: Value, relation: Callable[[object, object], bool], right: str, compare: Comparison
) -> Test:
    """A comparison with a text; texts have no order."""
    equality = relation in (eq, ne)

    def test(run: Run, context: Context) -> bool:
        found = left(run, context)
        if equality and type(found) is str:
            return relation(found, right)
        return compare(run, found, right)

    return test


def _equal(run: Run, a: object, b: object) -> bool:
    guard(a, run.value)
    guard(b, run.value)
    if isinstance(a, BlockReference) != isinstance(b, BlockReference):
        # One `toString()` may be null: a `#define` nested in itself too deeply.
        a = a.text() if isinstance(a, BlockReference) else a if a is None else to_text(a)
        b = b.text() if isinstance(b, BlockReference) else b if b is None else to_text(b)
    return loosely_equal(a, b)


def and_test(compiler: Compiler, node: Node) -> Test:
    """`&&`."""
    left, right = (compiler.test(child) for child in node.children)
    return lambda run, context: left(run, context) and right(run, context)


def or_test(compiler: Compiler, node: Node) -> Test:
    """`||`."""
    left, right = (compiler.test(child) for child in node.children)
    return lambda run, context: left(run, context) or right(run, context)


def not_test(compiler: Compiler, node: Node) -> Test:
    """`!`."""
    operand = compiler.test(node.children[0])
    return lambda run, context: not operand(run, context)


def test_value(compiler: Compiler, node: Node) -> Value:
    """A comparison or logical operation as a Boolean."""
    return compiler.test(node)


def list_value(compiler: Compiler, node: Node) -> Value:
    """`[a, b]`."""
    items = [compiler.value(child) for child in node.children]
    return lambda run, context: ArrayList([item(run, context) for item in items])


def map_value(compiler: Compiler, node: Node) -> Value:
    """`{a: b}`."""
    keys = [compiler.value(child) for child in node.children[::2]]
    values = [compiler.value(child) for child in node.children[1::2]]
    position = node.position

    def value(run: Run, context: Context) -> object:
        made: dict[object, object] = {}
        for key, item in zip(keys, values, strict=True):
            given = key(run, context)
            if type(given) is not str:
                try:
                    guard(given, run.value)
                except ValueTooLargeError:
                    raise run.too_large(position) from None
                given = boxed(given)
            made[given] = item(run, context)
        return made

    return value


def range_value(compiler: Compiler, node: Node) -> Value:
    """`[a..b]`, up or down; None where an end is no number."""
    first, last = (compiler.value(child) for child in node.children)
    position = node.position

    def value(run: Run, context: Context) -> object:
        a, b = first(run, context), last(run, context)
        if not (is_number(a) and is_number(b)):
            return None
        start, stop = _as_int(a), _as_int(b)
        size = abs(start - stop) + 1
        if size > run.value:
            raise run.too_large(position)
        if size > INT_MAX:
            message = "a range of more elements than a list can have"
            raise TemplateError(message, *position, "java.lang.IllegalArgumentException")
        return ArrayList(range(start, stop - 1, -1) if start >= stop else range(start, stop + 1))

    return value


def _as_int(value: object) -> int:
    """`Number.intValue()`."""
    if isinstance(value, float):
        if value != value:
            return 0
        return INT_MIN if value <= INT_MIN else INT_MAX if value >= INT_MAX else int(value)
    return wrap_int(int(value))  # type: ignore[call-overload]  # a number


def string_value(compiler: Compiler, node: Node) -> Value:
    """A string literal: its text, or what the template inside it renders."""
    data = node.data
    assert isinstance(data, StringData)
    if data.template is None:
        text = data.text
        return lambda _, __: text
    if compiler.fused:
        interpolated = interpolation(compiler, data, node.position)
        if interpolated is not None:
            return interpolated
    inner = compiler.inner(data.template)
    keeps_end = data.keeps_end
    position = node.position

    def value(run: Run, context: Context) -> object:
        out = Output()
        inner(run, context, out)
        if len(out) > FEW and sum(map(len, out)) > run.value:
            raise run.too_large(position)
        text = "".join(out)
        if len(text) > run.value:
            raise run.too_large(position)
        return text if keeps_end else text[:-1]

    return value

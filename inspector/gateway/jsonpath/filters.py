"""The conditions between `[?(` and `)]`: read from text, compiled to a function.

Jayway 2.0.0 reads them with little grammar: it cuts at `&&` and `||`, takes brackets off both ends
of each piece, and looks for the first operator of a fixed list. What it makes of odd input follows
from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol, TypeAlias

from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern, pattern
from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.comparison import IncomparableError, compare
from inspector.gateway.jsonpath.errors import (
    FilterCastError,
    InvalidPathError,
    JsonPathError,
    PathNotFoundError,
)
from inspector.gateway.jsonpath.javastring import RuntimeFault, char_at, substring, trim
from inspector.gateway.jsonpath.steps import Accept, Run


class FilterPath(Protocol):
    """A path inside a condition."""

    @property
    def from_root(self) -> bool:
        """Whether it starts at the document rather than at the element."""

    @property
    def definite(self) -> bool:
        """Whether it finds one value, not a list."""

    def value(self, document: object, run: Run) -> object:
        """What the path finds in `document`; raises `PathNotFoundError`."""


PathCompiler: TypeAlias = Callable[[str], FilterPath]
_Test: TypeAlias = Callable[[object, object], bool]
_Read: TypeAlias = Callable[[object, Run], object]

_OPERATORS: Final = ("==", ">=", "<=", "!=", "<", ">", "=~")
_JOINED: Final = re.compile(r"(?<=&&|\|\|)|(?=&&|\|\|)")


def compile_filter(text: str, compile_path: PathCompiler) -> Accept:
    """The condition of `[?(...)]`; raises `InvalidPathError` or what Java throws on odd text."""
    text = trim(text)
    for opening, closing in (("[", "]"), ("?", ""), ("(", ")")):
        if not (text.startswith(opening) and text.endswith(closing)):
            raise InvalidPathError(f"Filter must start with '[?(' and end with ')]'. {text}")
        text = trim(substring(text, len(opening), len(text) - len(closing)))
    operators: list[str] = []
    conditions: list[Accept] = []
    for piece in _pieces(text):
        if piece in ("&&", "||"):
            operators.append(piece)
        else:
            conditions.append(_condition(_without_brackets(piece), compile_path))
    return _combined(operators, conditions, text)


def _pieces(text: str) -> list[str]:
    """`text` cut before and after each `&&` and `||`; Java leaves out empty pieces at the end."""
    cuts = [0, *(m.start() for m in _JOINED.finditer(text) if m.start() > 0), len(text)]
    pieces = [text[begin:end] for begin, end in pairwise(cuts)]
    while len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    return [trim(piece) for piece in pieces]


def _without_brackets(piece: str) -> str:
    begin, end = 0, len(piece) - 1
    while char_at(piece, begin) in "[?( ":
        begin += 1
    while char_at(piece, end) in ") ":
        end -= 1
    return substring(piece, begin, end + 1)


def _combined(operators: list[str], conditions: list[Accept], text: str) -> Accept:
    """From the right: `a || b && c` is `(c && b) || a`, and `a && b || c` is `c || (b && a)`."""
    if not conditions:
        raise RuntimeFault("java.util.EmptyStackException")
    alternatives: list[list[Accept]] = [[conditions.pop()]]
    for operator in reversed(operators):
        if not conditions:
            if operator == "&&":
                raise RuntimeFault("java.util.EmptyStackException")
            raise InvalidPathError(f"Invalid operators {text}")
        if operator == "&&":
            alternatives[-1].append(conditions.pop())
        else:
            alternatives.append([conditions.pop()])
    if conditions:
        raise InvalidPathError(f"Invalid operators {text}")
    if len(alternatives) == 1 and len(alternatives[0]) == 1:
        return alternatives[0][0]

    def accept(value: object, run: Run) -> bool:
        return any(all(test(value, run) for test in tests) for tests in alternatives)

    return accept


def _condition(text: str, compile_path: PathCompiler) -> Accept:
    operator = next((sign for sign in _OPERATORS if sign in text), "")
    left, right = trim(text), ""
    if operator:
        at = text.index(operator)
        left, right = trim(text[:at]), trim(text[at + len(operator) :])
    wanted = not left.startswith("!@")
    subject = _operand(left if wanted else left[1:], compile_path)
    if right.startswith("!@"):
        raise InvalidPathError(
            "Invalid negation! Can only be used for existence check e.g [?(!@.foo)]"
        )
    target = _operand(right, compile_path)
    if not operator:
        if not isinstance(subject, _PathOperand):
            text = "java.lang.UnsupportedOperationException"
            raise RuntimeFault(text, f"CriteriaType {operator} can not be parsed")
        return _exists(subject.path, wanted=wanted)
    return _comparison(_TESTS[operator], subject, target)


@dataclass(frozen=True, slots=True)
class _PathOperand:
    path: FilterPath

    def value(self, item: object, run: Run) -> object:
        path = self.path
        if not path.from_root:
            return path.value(item, run)
        key = id(path)
        if key not in run.cached:
            run.cached[key] = path.value(run.root, run)
        return run.cached[key]


def _operand(text: str, compile_path: PathCompiler) -> object:
    """A path, a pattern, or the text that stands for the value, without its quotes."""
    if text.startswith(("$", "@")):
        path = compile_path(text)
        if not path.definite:
            raise InvalidPathError(f"the predicate path: {text} is not definite")
        return _PathOperand(path)
    if text.startswith("'") and text.endswith("'"):
        return substring(text, 1, len(text) - 1)
    if text.startswith("/") and text.endswith(("/", "/i")):
        expression = substring(text, 1, text.rindex("/"))
        return _pattern(f"(?i){expression}" if text.endswith("i") else expression)
    return text


def _pattern(expression: str) -> JavaPattern:
    try:
        return pattern(expression)
    except JavaError as error:
        raise RuntimeFault(error.java_class, error.message or "") from error


def _reader(operand: object) -> _Read:
    if isinstance(operand, _PathOperand):
        return operand.value
    return lambda item, run: operand


def _exists(path: FilterPath, *, wanted: bool) -> Accept:
    """A null counts as absent. Also a path from `$` is read from the item here, as Jayway does."""

    def accept(item: object, run: Run) -> bool:
        try:
            present = path.value(item, run) is not None
        except PathNotFoundError:
            present = False
        return present is wanted

    return accept


def _comparison(test: _Test, left: object, right: object) -> Accept:
    read_left, read_right = _reader(left), _reader(right)

    def accept(item: object, run: Run) -> bool:
        try:
            actual = read_left(item, run)
            return test(read_right(item, run), actual)
        except (PathNotFoundError, IncomparableError):
            return False

    return accept


def _ordered(test: Callable[[int], bool]) -> _Test:
    """An order needs two values or two nulls."""

    def apply(expected: object, actual: object) -> bool:
        if (expected is None) != (actual is None):
            return False
        return test(compare(expected, actual))

    return apply


def _matches(expected: object, actual: object) -> bool:
    regex, target = expected, actual
    if isinstance(actual, JavaPattern):
        regex, target = actual, expected
    if regex is not None and not isinstance(regex, JavaPattern):
        raise FilterCastError(f"{to_text(regex)} is no pattern")
    if target is None:
        return False
    if regex is None:
        raise JsonPathError("=~ has no pattern")
    return regex.matches(target.text if isinstance(target, JavaPattern) else to_text(target))


_TESTS: Final[dict[str, _Test]] = {
    "==": lambda expected, actual: compare(expected, actual) == 0,
    "!=": lambda expected, actual: compare(expected, actual) != 0,
    ">": _ordered(lambda order: order < 0),
    ">=": _ordered(lambda order: order <= 0),
    "<": _ordered(lambda order: order > 0),
    "<=": _ordered(lambda order: order >= 0),
    "=~": _matches,
}

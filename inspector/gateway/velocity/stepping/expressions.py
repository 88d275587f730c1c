"""Expressions of a debugger, evaluated among the variables of a stopped run."""

from __future__ import annotations

from functools import lru_cache

from inspector.gateway.velocity.compiler import Compiler
from inspector.gateway.velocity.errors import TemplateError, TemplateSyntaxError
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.program import parse
from inspector.gateway.velocity.runtime import Context, Run, Test, Value
from inspector.gateway.velocity.stepping.events import Shown
from inspector.gateway.velocity.stepping.shown import shown


class ExpressionError(Exception):
    """What was asked for is no expression of the template language."""


def check(text: str) -> None:
    """Raise `ExpressionError` where `text` cannot be evaluated at all."""
    _value_of(text, amazon=True)


def value(text: str, run: Run, context: Context, *, amazon: bool) -> tuple[Shown | None, str]:
    """An expression's value now, or None and what went wrong."""
    try:
        return shown(_value_of(text, amazon=amazon)(run, context)), ""
    except (ExpressionError, TemplateError) as error:
        return None, str(error)


def truth(text: str, run: Run, context: Context, *, amazon: bool) -> bool:
    """Whether a condition holds now; one that fails to be evaluated does not."""
    try:
        return _test_of(text, amazon=amazon)(run, context)
    except (ExpressionError, TemplateError):
        return False


@lru_cache(maxsize=256)
def _value_of(text: str, *, amazon: bool) -> Value:
    node, compiler = _parsed(f"#set($inspected = {text})", amazon=amazon)
    if node.kind is not NodeKind.SET:
        raise ExpressionError(f"{text!r} is no expression")
    return compiler.value(node.children[1])


@lru_cache(maxsize=256)
def _test_of(text: str, *, amazon: bool) -> Test:
    node, compiler = _parsed(f"#if({text})#end", amazon=amazon)
    if node.kind is not NodeKind.IF:
        raise ExpressionError(f"{text!r} is no condition")
    return compiler.test(node.children[0])


def _parsed(text: str, *, amazon: bool) -> tuple[Node, Compiler]:
    try:
        template = parse(text)
    except TemplateSyntaxError as error:
        raise ExpressionError(f"no expression: {error.message}") from error
    children = template.root.children
    if len(children) != 1:
        raise ExpressionError("one expression is expected, such as $item.price or $x > 3")
    return children[0], Compiler(template.prepared.names, amazon=amazon)

"""Methods with one argument, of a variable, compiled: `$util.urlEncode($x)`, `$input.json('$')`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from inspector.gateway.java.errors import JavaError, NoSuchMethodError
from inspector.gateway.java.values import Entry
from inspector.gateway.velocity.chains import CLASS_NAMES, Show, plain_members, reference_data
from inspector.gateway.velocity.host import Host
from inspector.gateway.velocity.members import ENTRY, text_caller
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.runtime import Context, Output, Render, Run, Value
from inspector.gateway.velocity.texts import constant_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler


_FAILED: Final = object()


def is_call(node: Node) -> bool:
    """Whether it is a method with one argument, of a variable: `$util.urlEncode($x)`."""
    child = node.children[0] if len(node.children) == 1 else node
    return child.kind is NodeKind.METHOD and len(child.children) == 2


def call_value(compiler: Compiler, root: str, method: Node) -> Value:
    """What the call answers; None where there is no such variable or method."""
    call, argument = text_caller(method), compiler.value(method.children[1])
    constant = constant_text(method.children[1])
    if constant is not None:

        def call_with(run: Run, context: Context) -> object:
            target = context.get(root)
            return None if target is None else call(run, target, constant)

        return call_with

    def value(run: Run, context: Context) -> object:
        target = context.get(root)
        return None if target is None else call(run, target, argument(run, context))

    return value


def call_render(compiler: Compiler, root: str, method: Node, show: Show) -> Render:
    """What prints the call's answer; `show` prints what is no String."""
    argument = method.children[1]
    constant = constant_text(argument)
    if constant is not None:
        return _constant_call(root, method, constant, show)
    call, value = text_caller(method), compiler.value(argument)
    name, plain = method.children[0].first.image, _plain_argument(argument)

    def render(run: Run, context: Context, out: Output) -> None:
        target = context.get(root)
        found = None if target is None else call(run, target, value(run, context))
        if type(found) is str:
            out.append(found)
        else:
            show(run, context, out, found)

    if plain is None:
        return render
    variable, member = plain

    # `$util.escapeJavaScript($entry.value)`: what does not go this way goes the way of all others.
    def render_quickly(run: Run, context: Context, out: Output) -> None:
        if not isinstance(context, dict):  # there, looking at a variable may have effects
            render(run, context, out)
            return
        target = context.get(root)
        function = target.text_functions.get(name) if isinstance(target, Host) else None
        given: Any = context.get(variable)
        if member:
            if type(given) is Entry:
                key = given.key
                given = key if member == "key" else given.owner.get(key)
                if member not in ENTRY:
                    given = None
            else:
                given = given.get(member) if type(given) is dict else None
        if function is not None and type(given) is str:
            try:
                found = function(given)
            except (JavaError, NoSuchMethodError):
                found = None
            if type(found) is str and len(found) <= run.value:
                out.append(found)
                return
        render(run, context, out)

    return render_quickly


def _constant_call(root: str, method: Node, constant: str, show: Show) -> Render:
    """`$input.json('$')`."""
    call, name = text_caller(method), method.children[0].first.image

    def render(run: Run, context: Context, out: Output) -> None:
        target = context.get(root)
        if isinstance(target, Host):
            function = target.text_methods.get(name)
            if function is not None:
                try:
                    found = function(target, constant)
                except (JavaError, NoSuchMethodError):
                    found = _FAILED
                if type(found) is str:
                    if len(found) <= run.value:
                        out.append(found)
                        return
                elif found is not _FAILED:
                    show(run, context, out, found)
                    return
        found = None if target is None else call(run, target, constant)
        if type(found) is str:
            out.append(found)
        else:
            show(run, context, out, found)

    return render


def _plain_argument(node: Node) -> tuple[str, str] | None:
    """Variable and property of `$a` and `$a.b`; None for any other argument."""
    if node.kind is not NodeKind.REFERENCE or len(node.children) > 1:
        return None
    data, members = reference_data(node), plain_members(node)
    if members is None or data.runt or not data.computable:
        return None
    name = members[0][0] if members else ""
    return None if name in CLASS_NAMES else (data.root, name)

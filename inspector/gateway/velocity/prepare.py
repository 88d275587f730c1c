"""The second pass over a tree, which Velocity makes before it renders anything.

It works out what references print, parses the string literals that hold templates, registers macros
and refuses directives that cannot work. Its order is that of Velocity, because a macro is known to the
string literals behind it and not to those before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from inspector.gateway.velocity.errors import TemplateError, TemplateSyntaxError
from inspector.gateway.velocity.literals import comment_prefix, images, literal, reference_data
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind, StringData
from inspector.gateway.velocity.parser import DIRECTIVES, MacroNames, parse_source
from inspector.gateway.velocity.source import Source

_PARSE_ERROR: Final = "org.apache.velocity.exception.ParseErrorException"
_ENGINE_ERROR: Final = "org.apache.velocity.exception.VelocityException"
_UNICODE: Final = re.compile(r"\\u")


class Macro:
    """A macro's definition: the names of its parameters and its body."""

    __slots__ = ("body", "name", "node", "parameters")

    def __init__(self, node: Node) -> None:
        arguments = [child.first.image for child in node.children[:-1]]
        self.name = arguments[0]
        self.parameters = tuple(each.removeprefix("$") for each in arguments[1:])
        self.body = node.children[-1]
        self.node = node


class Prepared:
    """A tree ready to be compiled, with the macros it defines, the first definition of each."""

    __slots__ = ("macros", "names", "root", "source")

    def __init__(self, root: Node, source: Source, names: MacroNames) -> None:
        self.root = root
        self.source = source
        self.names = names
        self.macros: dict[str, Macro] = {}


def prepare(source: Source, names: MacroNames) -> Prepared:
    """Parse and prepare a text. Raises `TemplateSyntaxError`."""
    prepared = Prepared(parse_source(source, names), source, names)
    _Preparation(prepared).visit(prepared.root)
    return prepared


class _Preparation:
    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared

    def visit(self, node: Node) -> None:
        """Prepare the children, then the node."""
        for child in node.children:
            self.visit(child)
        work = _WORK.get(node.kind)
        if work is not None:
            work(self, node)

    def text(self, node: Node) -> None:
        node.data = literal(node)

    def textblock(self, node: Node) -> None:
        node.data = node.first.image[3:-3]

    def comment(self, node: Node) -> None:
        node.data = comment_prefix(node)

    def image(self, node: Node) -> None:
        node.data = node.first.image

    def reference(self, node: Node) -> None:
        node.data = reference_data(node)

    def integer(self, node: Node) -> None:
        text = node.first.image
        digits = text.lstrip("-")
        if not digits.isdecimal():
            raise _no_number(node)
        node.data = int(text) if len(digits) < 4000 else int(Decimal(text))

    def floating(self, node: Node) -> None:
        try:
            node.data = float(node.first.image)
        except ValueError:
            raise _no_number(node) from None

    def assignment(self, node: Node) -> None:
        node.data = node.children[0].first.image[1:]

    def string(self, node: Node) -> None:
        image = node.first.image
        quote, text = image[0], image[1:-1]
        if quote == '"':
            text = self._unescape(node, text)
        doubled = tuple(_doubled(text, quote))
        node.data = data = StringData(text.replace(quote * 2, quote))
        if quote == '"' and ("$" in image or "#" in image):
            data.keeps_end = "##" in data.text
            data.template = self._inner(node, data, doubled)

    def _unescape(self, node: Node, text: str) -> str:
        if not _UNICODE.search(text):
            return text
        out, place = [], 0
        while (start := text.find("\\u", place)) >= 0:
            digits = text[start + 2 : start + 6]
            if not re.fullmatch("[0-9a-fA-F]{4}", digits):
                message = f'For input string: "{digits}"'
                raise TemplateError(message, *node.position, "java.lang.NumberFormatException")
            out += [text[place:start], chr(int(digits, 16))]
            place = start + 6
        return "".join([*out, text[place:]])

    def _inner(self, node: Node, data: StringData, doubled: tuple[int, ...]) -> Node:
        line, column = node.position
        text = data.text if data.keeps_end else data.text + " "
        inner = Source(text, line, column, node.source, node.first.start + 1, doubled)
        try:
            root = parse_source(inner, self.prepared.names)
        except TemplateSyntaxError as fault:
            message = f"Failed to parse String literal: {fault.message}"
            raise TemplateSyntaxError(message, line, column, _PARSE_ERROR) from fault
        self.visit(root)
        return root

    def directive(self, node: Node) -> None:
        data = node.data
        assert isinstance(data, DirectiveData)
        check = _CHECKS.get(data.name)
        if check is not None:
            check(self, node)
        elif data.name not in DIRECTIVES:
            data.source_text = images(node)

    def macro(self, node: Node) -> None:
        macro = Macro(node)
        if macro.name not in self.prepared.names.known:
            self.prepared.names.known.add(macro.name)
            self.prepared.macros[macro.name] = macro

    def literal_block(self, node: Node) -> None:
        data = node.data
        assert isinstance(data, DirectiveData)
        self._need_children(node)
        data.literal = literal(node.children[0])

    def foreach(self, node: Node) -> None:
        self._need_children(node)

    def define(self, node: Node) -> None:
        self._need_children(node)
        if len(node.children) != 2:
            raise TemplateError("parameter missing: block name", *node.position, _ENGINE_ERROR)

    def one_at_most(self, node: Node) -> None:
        if len(node.children) > 1:
            message = f"The #{_name(node)} directive only accepts a single parameter"
            raise TemplateError(message, *node.position, _ENGINE_ERROR)

    def evaluate(self, node: Node) -> None:
        count = len(node.children)
        place = node.children[1] if count > 1 else node
        if count != 1:
            message = "#evaluate() requires exactly one argument"
            raise TemplateSyntaxError(message, *place.position, _PARSE_ERROR)
        argument = node.children[0]
        if argument.kind not in {NodeKind.STRING, NodeKind.REFERENCE}:
            message = "#evaluate()  argument must be a string literal or reference"
            raise TemplateSyntaxError(message, *argument.position, _PARSE_ERROR)

    def _need_children(self, node: Node) -> None:
        if not node.children:
            message = f"#{_name(node)} needs arguments in brackets"
            raise TemplateError(message, *node.position, "java.lang.NullPointerException")


def _name(node: Node) -> str:
    assert isinstance(node.data, DirectiveData)
    return node.data.name


def _doubled(text: str, quote: str) -> list[int]:
    """The offsets, in the text with single quotes, of quotes that were doubled."""
    found, place, removed = [], 0, 0
    while (place := text.find(quote * 2, place)) >= 0:
        found.append(place - removed)
        removed += 1
        place += 2
    return found


_WORK: Final[dict[NodeKind, Callable[[_Preparation, Node], None]]] = {
    NodeKind.TEXT: _Preparation.text,
    NodeKind.TEXTBLOCK: _Preparation.textblock,
    NodeKind.COMMENT: _Preparation.comment,
    NodeKind.ESCAPED_DIRECTIVE: _Preparation.image,
    NodeKind.IDENTIFIER: _Preparation.image,
    NodeKind.REFERENCE: _Preparation.reference,
    NodeKind.INTEGER: _Preparation.integer,
    NodeKind.FLOAT: _Preparation.floating,
    NodeKind.STRING: _Preparation.string,
    NodeKind.SET: _Preparation.assignment,
    NodeKind.DIRECTIVE: _Preparation.directive,
}
_CHECKS: Final[dict[str, Callable[[_Preparation, Node], None]]] = {
    "macro": _Preparation.macro,
    "literal": _Preparation.literal_block,
    "foreach": _Preparation.foreach,
    "define": _Preparation.define,
    "break": _Preparation.one_at_most,
    "stop": _Preparation.one_at_most,
    "evaluate": _Preparation.evaluate,
}


def _no_number(node: Node) -> TemplateSyntaxError:
    """A literal with a `#` before it: the engine takes both for one token, and cannot read it."""
    name = "java.lang.NumberFormatException"
    message = f'For input string: "{node.first.image}"'
    return TemplateSyntaxError(message, *node.position, name)

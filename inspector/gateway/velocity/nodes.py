"""The tree of a template."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from inspector.gateway.velocity.source import Source
from inspector.gateway.velocity.tokens import Token


class NodeKind(Enum):
    """What a node is. The value is the name a person reads."""

    __hash__ = object.__hash__  # quicker than Enum's

    TEMPLATE = "template"
    BLOCK = "block"
    TEXT = "text"
    TEXTBLOCK = "#[[...]]#"
    COMMENT = "comment"
    ESCAPE = "backslashes"
    ESCAPED_DIRECTIVE = "escaped directive"
    REFERENCE = "reference"
    IDENTIFIER = "property"
    METHOD = "method"
    INDEX = "index"
    DIRECTIVE = "directive"
    SET = "#set"
    IF = "#if"
    ELSEIF = "#elseif"
    ELSE = "#else"
    WORD = "word"
    EXPRESSION = "expression"
    STRING = "string"
    INTEGER = "integer"
    FLOAT = "floating-point number"
    TRUE = "true"
    FALSE = "false"
    LIST = "list"
    MAP = "map"
    RANGE = "range"
    OR = "||"
    AND = "&&"
    EQ = "=="
    NE = "!="
    LT = "<"
    GT = ">"
    LE = "<="
    GE = ">="
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "%"
    NOT = "!"


class Node:
    """One node: its kind, its children and the tokens it reaches from and to (both inclusive).

    `first` and `last` are those of Velocity's own tree, which are not always what one expects: a binary
    operation begins with its right operand. They decide what a null prints and where an error is.
    `data` is what `prepare` finds out: `ReferenceData`, `StringData`, a directive's name, a text.
    """

    __slots__ = ("children", "data", "first", "kind", "last", "parent")

    def __init__(self, kind: NodeKind, first: Token) -> None:
        self.kind = kind
        self.first = first
        self.last = first
        self.children: list[Node] = []
        self.parent: Node | None = None
        self.data: object = None

    def add(self, child: Node) -> None:
        """Append a child."""
        child.parent = self
        self.children.append(child)

    @property
    def position(self) -> tuple[int, int]:
        """Line and column, as Velocity reports them."""
        return self.first.position

    @property
    def source(self) -> Source:
        """The text the node was parsed from: a string literal's is its own."""
        return self.first.source

    @property
    def span(self) -> tuple[int, int]:
        """Offsets in the whole template from the node's first character to behind its last."""
        start, end = self.extent
        source = self.source
        return source.outermost(start), source.outermost(end - 1) + 1 if end > start else start

    @property
    def extent(self) -> tuple[int, int]:
        """Offsets in the node's own source; operands to the left are counted in."""
        start, end = self.first.start, max(self.last.end, self.first.start)
        for child in self.children:
            if child.source is self.source:
                child_start, child_end = child.extent
                start, end = min(start, child_start), max(end, child_end)
        return start, end

    def tokens(self) -> Iterator[Token]:
        """The tokens from first to last."""
        token: Token | None = self.first
        while token is not None:
            yield token
            if token is self.last:
                return
            token = token.next

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


class ReferenceData:
    """What a reference comes to: its root name and how it prints when it is null.

    `literal` is its text; `null_string` what stands for null; `escaped` whether backslashes before it
    keep it from being evaluated; `runt` marks a bare word that is no reference at all.
    """

    __slots__ = (
        "computable", "esc_prefix", "escaped", "literal", "more_prefix", "null_string", "quiet", "root",
        "runt",
    )  # fmt: skip

    def __init__(self) -> None:
        self.root = ""
        self.literal = ""
        self.null_string = ""
        self.esc_prefix = ""
        self.more_prefix = ""
        self.escaped = False
        self.quiet = False
        self.runt = False
        self.computable = True


class StringData:
    """A string literal: its text, or the template inside it."""

    __slots__ = ("keeps_end", "template", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.template: Node | None = None
        # Velocity appends a blank to what it parses and drops the last character of what it renders,
        # but not where the literal holds a line comment.
        self.keeps_end = False


class DirectiveData:
    """A directive that is not in the grammar: `#foreach`, `#macro`, a macro's call.

    `has_block` is set for directives with a body up to `#end`; `source_text` is what an unknown macro
    prints; `bracketed` tells whether there were brackets at all.
    """

    __slots__ = ("bracketed", "has_block", "literal", "name", "source_text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.has_block = False
        self.bracketed = False
        self.source_text = ""
        self.literal = ""

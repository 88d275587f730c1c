"""The parser of templates: text to a tree, as Velocity 1.7's own grammar reads it."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity.errors import TemplateSyntaxError
from inspector.gateway.velocity.expressions import ExpressionParser
from inspector.gateway.velocity.lexer import Lexer
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.source import Source
from inspector.gateway.velocity.tokens import Kind, State, Token

BLOCK_DIRECTIVES: Final = frozenset({"foreach", "macro", "literal", "define"})
LINE_DIRECTIVES: Final = frozenset({"include", "parse", "evaluate", "break", "stop"})
DIRECTIVES: Final = BLOCK_DIRECTIVES | LINE_DIRECTIVES
_GRAMMAR: Final = frozenset({"if", "end", "set", "else", "elseif"})

_TEXT: Final = frozenset(
    {
        Kind.TEXT, Kind.DOT, Kind.RPAREN, Kind.LPAREN, Kind.INTEGER, Kind.FLOAT, Kind.STRING,
        Kind.ESCAPE, Kind.LCURLY, Kind.RCURLY, Kind.EMPTY_INDEX,
    }
)  # fmt: skip
_COMMENT: Final = frozenset({Kind.LINE_COMMENT_START, Kind.BLOCK_COMMENT, Kind.FORMAL_COMMENT})
_CONTROL: Final = frozenset({Kind.IF, Kind.ELSE, Kind.ELSEIF, Kind.END})
_STATEMENT: Final = frozenset(
    _TEXT
    | _COMMENT
    | {
        Kind.IF, Kind.IDENTIFIER, Kind.TEXTBLOCK, Kind.SET_DIRECTIVE, Kind.ESCAPE_DIRECTIVE,
        Kind.DOUBLE_ESCAPE, Kind.WORD, Kind.BRACKETED_WORD,
    }
)  # fmt: skip


class MacroNames:
    """The macros seen so far, shared by a template, its string literals and what it evaluates.

    `parsed` are those whose definition was read (escapes look at them), `known` those registered,
    which happens only when the template around them is whole.
    """

    __slots__ = ("known", "parsed")

    def __init__(self) -> None:
        self.parsed: set[str] = set()
        self.known: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.parsed or name in self.known


def parse_source(source: Source, macros: MacroNames) -> Node:
    """The tree of a text. Raises `TemplateSyntaxError`."""
    return TemplateParser(Lexer(source), macros).template()


class TemplateParser(ExpressionParser):
    """Parses statements, each method one production of Velocity's grammar."""

    def __init__(self, lexer: Lexer, macros: MacroNames) -> None:
        super().__init__(lexer)
        self.macros = macros

    def template(self) -> Node:
        """The whole text."""
        node = self.open(NodeKind.TEMPLATE)
        self._statements(node)
        self.expect(Kind.EOF)
        return self.close(node)

    def _statements(self, node: Node) -> None:
        while self.peek().kind in _STATEMENT:
            node.add(self._statement())

    def _block(self) -> Node:
        node = self.open(NodeKind.BLOCK)
        self._statements(node)
        return self.close(node)

    def _statement(self) -> Node:
        kind = self.peek().kind
        if kind is Kind.TEXT:
            return self._single(NodeKind.TEXT)
        if kind is Kind.IF:
            return self._if()
        if self.ahead_reference():
            return self.reference()
        if kind in _COMMENT:
            return self._comment()
        if kind is Kind.TEXTBLOCK:
            return self._single(NodeKind.TEXTBLOCK)
        if kind is Kind.SET_DIRECTIVE:
            return self._set()
        if kind is Kind.ESCAPE_DIRECTIVE:
            return self._escaped_directive()
        if kind is Kind.DOUBLE_ESCAPE:
            return self._escape()
        if kind in {Kind.WORD, Kind.BRACKETED_WORD}:
            return self._directive()
        return self._single(NodeKind.TEXT)

    def _single(self, kind: NodeKind) -> Node:
        node = self.open(kind)
        self.advance()
        return self.close(node)

    def _comment(self) -> Node:
        node = self.open(NodeKind.COMMENT)
        if self.advance().kind is Kind.LINE_COMMENT_START and self.peek().kind is Kind.LINE_COMMENT:
            self.advance()
        return self.close(node)

    def _escaped_directive(self) -> Node:
        node = self._single(NodeKind.ESCAPED_DIRECTIVE)
        image = node.first.image
        slash = image.rindex("\\")
        name = image[slash + 2 :]
        if name.startswith("{"):
            name = name[1:-1]
        if name in DIRECTIVES or name in _GRAMMAR or name in self.macros:
            node.first.image = image[: slash // 2] + image[slash + 1 :]
        return node

    def _escape(self) -> Node:
        node = self.open(NodeKind.ESCAPE)
        count = 1
        self.expect(Kind.DOUBLE_ESCAPE)
        while self.peek().kind is Kind.DOUBLE_ESCAPE:
            self.advance()
            count += 1
        following = self.peek()
        name = following.image[1:]
        live = following.kind in _CONTROL or name in DIRECTIVES or name in self.macros
        node.data = ("\\" if live else "\\\\") * count
        return self.close(node)

    def _if(self) -> Node:
        node = self.open(NodeKind.IF)
        self.expect(Kind.IF)
        self._condition(node)
        node.add(self._block())
        while self.peek().kind is Kind.ELSEIF:
            branch = self.open(NodeKind.ELSEIF)
            self.expect(Kind.ELSEIF)
            self._condition(branch)
            branch.add(self._block())
            node.add(self.close(branch))
        if self.peek().kind is Kind.ELSE:
            branch = self.open(NodeKind.ELSE)
            self.expect(Kind.ELSE)
            branch.add(self._block())
            node.add(self.close(branch))
        self.expect(Kind.END)
        return self.close(node)

    def _condition(self, node: Node) -> None:
        self.skip_blank()
        self.expect(Kind.LPAREN)
        node.add(self.expression())
        self.expect(Kind.RPAREN)

    def _set(self) -> Node:
        node = self.open(NodeKind.SET)
        self.expect(Kind.SET_DIRECTIVE)
        self.skip_blank()
        node.add(self.reference())
        self.skip_blank()
        self.expect(Kind.EQUALS)
        node.add(self.expression())
        self.expect(Kind.RPAREN)
        self.lexer.in_set = False
        if self.peek().kind is Kind.NEWLINE:
            self.advance()
        return self.close(node)

    def _directive(self) -> Node:
        node = self.open(NodeKind.DIRECTIVE)
        word = self.advance()
        name = word.image[2:-1] if word.kind is Kind.BRACKETED_WORD else word.image[1:]
        node.data = data = DirectiveData(name)
        data.has_block = name in BLOCK_DIRECTIVES or name.startswith("@")
        self.lexer.state = State.DIRECTIVE
        if not self.lexer.followed_by_bracket():
            if name == "macro":
                raise _macro_error("A macro declaration requires at least a name argument", word)
            self.lexer.pop()
            return self.close(node)
        data.bracketed = True
        self.skip_blank()
        self.expect(Kind.LPAREN)
        self._arguments(node, data, word)
        self.skip_blank()
        self.expect(Kind.RPAREN)
        if data.has_block:
            node.add(self._block())
            self.expect(Kind.END)
            if name == "macro":
                self._macro_name(node, word)
        return self.close(node)

    def _arguments(self, node: Node, data: DirectiveData, word: Token) -> None:
        while self.ahead_argument():
            self.skip_blank()
            if self.peek().kind is Kind.COMMA:
                self.advance()
                self.skip_blank()
            argument = self.value((Kind.WORD,))
            position = len(node.children)
            bare = argument.kind is NodeKind.WORD
            if data.name == "macro" and position == 0:
                if not bare:
                    raise _macro_error(
                        "Invalid first arg in #macro() directive - must be a word", word
                    )
            elif bare and self._refuses_word(data.name, position):
                raise _macro_error(f"Invalid arg #{position} in {word.image}", word)
            node.add(argument)

    def _refuses_word(self, name: str, position: int) -> bool:
        if name in DIRECTIVES:
            return name != "foreach" or position != 1
        return name in self.macros.known

    def _macro_name(self, node: Node, word: Token) -> None:
        if len(node.children) < 2:
            raise _macro_error("First argument to #macro() must be  macro name", word)
        self.macros.parsed.add(node.children[0].first.image)


def _macro_error(message: str, word: Token) -> TemplateSyntaxError:
    """Velocity reports a macro's error at the token behind the directive's name."""
    place = word.next or word
    line, column = place.position
    return TemplateSyntaxError(
        message, line, column, "org.apache.velocity.exception.ParseErrorException"
    )

"""The parser of references, literals and expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inspector.gateway.velocity.lookahead import TokenStream
from inspector.gateway.velocity.nodes import Node, NodeKind
from inspector.gateway.velocity.tokens import Kind

_LITERALS: Final = {
    Kind.STRING: NodeKind.STRING,
    Kind.INTEGER: NodeKind.INTEGER,
    Kind.FLOAT: NodeKind.FLOAT,
    Kind.TRUE: NodeKind.TRUE,
    Kind.FALSE: NodeKind.FALSE,
    Kind.WORD: NodeKind.WORD,
    Kind.IDENTIFIER: NodeKind.IDENTIFIER,
}
_REFERENCES: Final = frozenset({Kind.IDENTIFIER, Kind.LCURLY})
_PARAMETERS: Final = frozenset(
    {
        Kind.WHITESPACE, Kind.STRING, Kind.INTEGER, Kind.LBRACKET, Kind.LEFT_CURLY, Kind.TRUE,
        Kind.FALSE, Kind.IDENTIFIER, Kind.LCURLY, Kind.FLOAT,
    }
)  # fmt: skip
_INDEXES: Final = frozenset({Kind.STRING, Kind.INTEGER, Kind.TRUE, Kind.FALSE})
_EQUALITY: Final = {Kind.EQ: NodeKind.EQ, Kind.NE: NodeKind.NE}
_RELATION: Final = {
    Kind.LT: NodeKind.LT, Kind.GT: NodeKind.GT, Kind.LE: NodeKind.LE, Kind.GE: NodeKind.GE
}  # fmt: skip
_ADDITION: Final = {Kind.PLUS: NodeKind.ADD, Kind.MINUS: NodeKind.SUBTRACT}
_MULTIPLICATION: Final = {
    Kind.MULTIPLY: NodeKind.MULTIPLY, Kind.DIVIDE: NodeKind.DIVIDE, Kind.MODULUS: NodeKind.MODULO
}  # fmt: skip


class ExpressionParser(TokenStream):
    """Parses what can stand in brackets, each method one production of Velocity's grammar."""

    def open(self, kind: NodeKind) -> Node:
        """A node that begins with the next token."""
        return Node(kind, self.peek())

    def close(self, node: Node) -> Node:
        """End the node with the token consumed last."""
        node.last = self.token
        return node

    def leaf(self, kind: Kind) -> Node:
        """A node of one token."""
        node = self.open(_LITERALS[kind])
        self.expect(kind)
        return self.close(node)

    def reference(self) -> Node:
        """`$a`, `${a}`, with members and indexes."""
        node = self.open(NodeKind.REFERENCE)
        braced = self.expect(Kind.IDENTIFIER, Kind.LCURLY).kind is Kind.LCURLY
        if braced:
            self.expect(Kind.IDENTIFIER)
        self._indexes(node)
        while self.ahead_member():
            self.expect(Kind.DOT)
            node.add(self._method() if self.ahead_method() else self.leaf(Kind.IDENTIFIER))
            self._indexes(node)
        if braced:
            self.expect(Kind.RCURLY)
        return self.close(node)

    def _indexes(self, node: Node) -> None:
        while self.peek().kind is Kind.INDEX_LBRACKET:
            node.add(self._index())

    def _index(self) -> Node:
        node = self.open(NodeKind.INDEX)
        self.expect(Kind.INDEX_LBRACKET)
        self.skip_blank()
        kind = self.peek().kind
        if kind in _REFERENCES:
            node.add(self.reference())
        elif kind in _INDEXES:
            node.add(self.leaf(kind))
        else:
            raise self.unexpected()
        self.skip_blank()
        self.expect(Kind.INDEX_RBRACKET)
        return self.close(node)

    def _method(self) -> Node:
        node = self.open(NodeKind.METHOD)
        node.add(self.leaf(Kind.IDENTIFIER))
        self.expect(Kind.LPAREN)
        if self.peek().kind in _PARAMETERS:
            self._parameters(node)
        self.expect(Kind.REFMOD2_RPAREN)
        return self.close(node)

    def _parameters(self, node: Node) -> None:
        node.add(self.parameter())
        while self.peek().kind is Kind.COMMA:
            self.advance()
            node.add(self.parameter())

    def parameter(self) -> Node:
        """An argument of a method or a member of a list or map."""
        self.skip_blank()
        node = self.value(())
        self.skip_blank()
        return node

    def value(self, others: tuple[Kind, ...]) -> Node:
        """A literal, a reference, or a leaf of one of the `others`."""
        kind = self.peek().kind
        if kind in _REFERENCES:
            return self.reference()
        if kind in _INDEXES or kind is Kind.FLOAT or kind in others:
            return self.leaf(kind)
        if kind is Kind.LBRACKET:
            return self._range() if self.ahead_range() else self._list()
        if kind is Kind.LEFT_CURLY:
            return self._map()
        raise self.unexpected()

    def _range(self) -> Node:
        node = self.open(NodeKind.RANGE)
        self.expect(Kind.LBRACKET)
        self._range_end(node)
        self.expect(Kind.DOUBLEDOT)
        self._range_end(node)
        self.expect(Kind.RBRACKET)
        return self.close(node)

    def _range_end(self, node: Node) -> None:
        self.skip_blank()
        if self.peek().kind in _REFERENCES:
            node.add(self.reference())
        else:
            node.add(self.leaf(Kind.INTEGER))
        self.skip_blank()

    def _list(self) -> Node:
        node = self.open(NodeKind.LIST)
        self.expect(Kind.LBRACKET)
        if self.peek().kind in _PARAMETERS:
            self._parameters(node)
        self.expect(Kind.RBRACKET)
        return self.close(node)

    def _map(self) -> Node:
        node = self.open(NodeKind.MAP)
        self.expect(Kind.LEFT_CURLY)
        if self.ahead_map_entry():
            self._entry(node)
            while self.peek().kind is Kind.COMMA:
                self.advance()
                self._entry(node)
        else:
            self.skip_blank()
        self.expect(Kind.RIGHT_CURLY, Kind.RCURLY)
        return self.close(node)

    def _entry(self, node: Node) -> None:
        node.add(self.parameter())
        self.expect(Kind.COLON)
        node.add(self.parameter())

    # --- operators

    def expression(self) -> Node:
        """What `#if(...)` and the right of `#set` hold."""
        node = self.open(NodeKind.EXPRESSION)
        node.add(self._or())
        return self.close(node)

    def _binary(self, operand: Callable[[], Node], operators: dict[Kind, NodeKind]) -> Node:
        left = operand()
        while (kind := operators.get(self.peek().kind)) is not None:
            self.advance()
            # The node is opened behind the operator: it begins with the right operand.
            node = self.open(kind)
            node.add(left)
            node.add(operand())
            left = self.close(node)
        return left

    def _or(self) -> Node:
        return self._binary(self._and, {Kind.OR: NodeKind.OR})

    def _and(self) -> Node:
        return self._binary(self._equality, {Kind.AND: NodeKind.AND})

    def _equality(self) -> Node:
        return self._binary(self._relational, _EQUALITY)

    def _relational(self) -> Node:
        return self._binary(self._additive, _RELATION)

    def _additive(self) -> Node:
        return self._binary(self._multiplicative, _ADDITION)

    def _multiplicative(self) -> Node:
        return self._binary(self._unary, _MULTIPLICATION)

    def _unary(self) -> Node:
        if not self.ahead_not():
            return self._primary()
        self.skip_blank()
        self.expect(Kind.NOT)
        node = self.open(NodeKind.NOT)
        node.add(self._unary())
        return self.close(node)

    def _primary(self) -> Node:
        self.skip_blank()
        if self.peek().kind is Kind.LPAREN:
            self.advance()
            node = self.expression()
            self.expect(Kind.RPAREN)
        else:
            node = self.value(())
        self.skip_blank()
        return node

"""Looking ahead over tokens without consuming them, exactly as far as JavaCC does.

Velocity's parser decides between alternatives by scanning a fixed number of tokens; templates that
are almost well-formed come out as text or as an error depending on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inspector.gateway.velocity.errors import TemplateSyntaxError
from inspector.gateway.velocity.lexer import Lexer
from inspector.gateway.velocity.tokens import Kind, Token

_UNLIMITED: Final = 1 << 30
_MAX_STEPS: Final = 2_000_000

_OPERAND_START: Final = (
    Kind.WHITESPACE, Kind.NOT, Kind.STRING, Kind.IDENTIFIER, Kind.LCURLY, Kind.INTEGER, Kind.FLOAT,
    Kind.LBRACKET, Kind.LEFT_CURLY, Kind.TRUE, Kind.FALSE, Kind.LPAREN,
)  # fmt: skip


class _EnoughError(Exception):
    """The scan matched as many tokens as it was asked for."""


class TokenStream:
    """The tokens, read as late as possible: the parser changes the lexer's state on the way."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.token = Token(Kind.TEXT, "", lexer.source, 0, 0, ())  # the one consumed last
        self._steps = 0
        self._limit = 0
        self._scan = self.token
        self._furthest = self.token
        self._failed: set[tuple[str, int]] = set()

    def peek(self) -> Token:
        """The next token."""
        return self._after(self.token)

    def _after(self, token: Token) -> Token:
        if token.next is None:
            token.next = self.lexer.next_token()
        return token.next

    def advance(self) -> Token:
        """Consume the next token, whatever it is."""
        self.token = self.peek()
        return self.token

    def expect(self, *kinds: Kind) -> Token:
        """Consume a token of one of these kinds, or complain about it."""
        if self.peek().kind not in kinds:
            raise self.unexpected()
        return self.advance()

    def skip_blank(self) -> None:
        """Consume whitespace, if it comes."""
        if self.peek().kind is Kind.WHITESPACE:
            self.advance()

    def unexpected(self) -> TemplateSyntaxError:
        """The complaint that the next token does not fit."""
        token = self.peek()
        image = "<EOF>" if token.kind is Kind.EOF else token.image
        line, column = token.position
        name = "org.apache.velocity.exception.ParseErrorException"
        return TemplateSyntaxError(f'Encountered "{image}"', line, column, name)

    # --- scanning

    def ahead(self, limit: int, scan: Callable[[], bool]) -> bool:
        """Whether `scan` matches from here, as far as `limit` tokens."""
        self._limit = limit
        self._scan = self._furthest = self.token
        try:
            return scan()
        except _EnoughError:
            return True

    def ahead_reference(self) -> bool:
        """A reference comes, judged by two tokens."""
        return self.ahead(2, self._scan_reference)

    def ahead_member(self) -> bool:
        """A dot and a name come."""
        return self.ahead(2, lambda: self._take(Kind.DOT) and self._take(Kind.IDENTIFIER))

    def ahead_method(self) -> bool:
        """A method call comes, judged by three tokens."""
        return self.ahead(3, self._scan_method)

    def ahead_range(self) -> bool:
        """A range comes: scanned up to its two dots."""
        self._failed.clear()
        return self.ahead(_UNLIMITED, self._scan_range_start)

    def ahead_argument(self) -> bool:
        """Another argument of a directive comes."""
        return self.ahead(2, self._scan_directive_argument)

    def ahead_map_entry(self) -> bool:
        """A map's first key and its colon come."""
        return self.ahead(2, lambda: self._scan_parameter() and self._take(Kind.COLON))

    def ahead_not(self) -> bool:
        """A negation comes."""
        return self.ahead(
            2,
            lambda: (
                self._maybe(Kind.WHITESPACE)
                and self._take(Kind.NOT)
                and self._take(*_OPERAND_START)
            ),
        )

    def _take(self, *kinds: Kind) -> bool:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            line, column = self._scan.position
            raise TemplateSyntaxError("nested too deeply to be parsed", line, column)
        if self._scan is self._furthest:
            self._limit -= 1
            self._scan = self._furthest = self._after(self._scan)
        else:
            self._scan = self._after(self._scan)
        if self._scan.kind not in kinds:
            return False
        if self._limit == 0 and self._scan is self._furthest:
            raise _EnoughError
        return True

    def _maybe(self, *kinds: Kind) -> bool:
        before = self._scan
        if not self._take(*kinds):
            self._scan = before
        return True

    def _any(self, *scans: Callable[[], bool]) -> bool:
        before = self._scan
        for scan in scans:
            self._scan = before
            if scan():
                return True
        self._scan = before
        return False

    def _remember(self, name: str, scan: Callable[[], bool]) -> bool:
        """Scan, unless the same failed here before: nested brackets would cost exponential time."""
        key = (name, id(self._scan))
        if key in self._failed:
            return False
        if scan():
            return True
        if self._limit > _UNLIMITED // 2:
            self._failed.add(key)
        return False

    def _many(self, scan: Callable[[], bool]) -> bool:
        while True:
            before = self._scan
            if not scan():
                self._scan = before
                return True

    def _scan_reference(self) -> bool:
        def bare() -> bool:
            return (
                self._take(Kind.IDENTIFIER)
                and self._many(self._scan_index)
                and self._scan_members()
            )

        return self._any(
            bare, lambda: self._take(Kind.LCURLY) and bare() and self._take(Kind.RCURLY)
        )

    def _scan_members(self) -> bool:
        return self._many(
            lambda: (
                self._take(Kind.DOT)
                and self._any(self._scan_method, lambda: self._take(Kind.IDENTIFIER))
                and self._many(self._scan_index)
            )
        )

    def _scan_index(self) -> bool:
        return (
            self._take(Kind.INDEX_LBRACKET)
            and self._maybe(Kind.WHITESPACE)
            and self._any(
                lambda: self._take(Kind.STRING, Kind.INTEGER, Kind.TRUE, Kind.FALSE),
                self._scan_reference,
            )
            and self._maybe(Kind.WHITESPACE)
            and self._take(Kind.INDEX_RBRACKET)
        )

    def _scan_method(self) -> bool:
        return self._remember("method", self._scan_call)

    def _scan_call(self) -> bool:
        if not (self._take(Kind.IDENTIFIER) and self._take(Kind.LPAREN)):
            return False
        self._any(self._scan_parameters)
        return self._take(Kind.REFMOD2_RPAREN)

    def _scan_parameters(self) -> bool:
        return self._scan_parameter() and self._many(
            lambda: self._take(Kind.COMMA) and self._scan_parameter()
        )

    def _scan_parameter(self) -> bool:
        return self._remember("parameter", self._scan_argument)

    def _scan_argument(self) -> bool:
        return (
            self._maybe(Kind.WHITESPACE)
            and self._any(
                lambda: self._take(Kind.STRING, Kind.INTEGER, Kind.TRUE, Kind.FALSE, Kind.FLOAT),
                self._scan_range,
                self._scan_map,
                self._scan_list,
                self._scan_reference,
            )
            and self._maybe(Kind.WHITESPACE)
        )

    def _scan_range_end(self) -> bool:
        return self._any(lambda: self._take(Kind.INTEGER), self._scan_reference)

    def _scan_range_start(self) -> bool:
        return (
            self._take(Kind.LBRACKET)
            and self._maybe(Kind.WHITESPACE)
            and self._scan_range_end()
            and self._maybe(Kind.WHITESPACE)
            and self._take(Kind.DOUBLEDOT)
        )

    def _scan_range(self) -> bool:
        return (
            self._scan_range_start()
            and self._maybe(Kind.WHITESPACE)
            and self._scan_range_end()
            and self._maybe(Kind.WHITESPACE)
            and self._take(Kind.RBRACKET)
        )

    def _scan_map(self) -> bool:
        if not self._take(Kind.LEFT_CURLY):
            return False

        def entry() -> bool:
            return self._scan_parameter() and self._take(Kind.COLON) and self._scan_parameter()

        self._any(
            lambda: entry() and self._many(lambda: self._take(Kind.COMMA) and entry()),
            lambda: self._maybe(Kind.WHITESPACE),
        )
        return self._take(Kind.RIGHT_CURLY, Kind.RCURLY)

    def _scan_list(self) -> bool:
        if not self._take(Kind.LBRACKET):
            return False
        self._any(self._scan_parameters)
        return self._take(Kind.RBRACKET)

    def _scan_directive_argument(self) -> bool:
        self._maybe(Kind.WHITESPACE)
        self._any(lambda: self._take(Kind.COMMA) and self._maybe(Kind.WHITESPACE))
        return self._any(
            self._scan_reference,
            lambda: self._take(
                Kind.WORD, Kind.STRING, Kind.INTEGER, Kind.FLOAT, Kind.TRUE, Kind.FALSE
            ),
            self._scan_range,
            self._scan_map,
            self._scan_list,
        )

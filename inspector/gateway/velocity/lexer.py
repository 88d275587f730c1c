"""Text to tokens, with the state stack of Velocity 1.7's token manager."""

from __future__ import annotations

from inspector.gateway.velocity.errors import TemplateSyntaxError
from inspector.gateway.velocity.source import Source
from inspector.gateway.velocity.tokens import (
    MORE_KINDS,
    PARTIAL,
    RULES,
    SPECIAL_KINDS,
    Kind,
    State,
    Token,
)

_DOTS = ".."


class Lexer:
    """Makes one token after another; the parser switches its state where Velocity's parser does."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.offset = 0
        self.state = State.DEFAULT
        self.in_set = False
        self._stack: list[tuple[int, int, State]] = []
        self._lparen = 0
        self._rparen = 0
        self._in_comment = False

    def next_token(self) -> Token:
        """The next token for the parser; EOF at the end, again and again."""
        special: tuple[str, ...] = ()
        size = len(self.text)
        start = self.offset
        while True:
            if self.offset >= size:
                if start < self.offset:
                    raise self._error(self.offset)
                return Token(Kind.EOF, "", self.source, size, size, special)
            kind = self._match()
            if kind in MORE_KINDS:
                self._more(kind)
                continue
            token = Token(
                kind, self.text[start : self.offset], self.source, start, self.offset, special
            )
            if kind is Kind.SKIP:
                self._skip_comment()
            elif kind in SPECIAL_KINDS:
                special = (*special, token.image)
                self.offset -= 1
                self.pop()
            else:
                self._act(token)
                return token
            start = self.offset

    def followed_by_bracket(self) -> bool:
        """Whether `(` comes next, after blanks and newlines or none."""
        rest = self.offset
        while self.text[rest : rest + 1] and self.text[rest] in " \t\r\n":
            rest += 1
        return self.text.startswith("(", rest)

    def pop(self) -> bool:
        """Back to the state below; False where there is none."""
        if not self._stack:
            self._lparen = 0
            self.state = State.DEFAULT
            return False
        self._lparen, self._rparen, self.state = self._stack.pop()
        return True

    def _push(self, state: State) -> None:
        self._stack.append((self._lparen, self._rparen, self.state))
        self._lparen = 0
        self.state = state

    def _match(self) -> Kind:
        """Move over the longest match of the present state."""
        kinds, pattern = RULES[self.state]
        found = pattern.match(self.text, self.offset)
        assert found is not None, "it is all lookahead"
        ends = [end for _, end in found.regs]
        ends[0] = -1
        end = max(ends)
        if end <= self.offset:
            raise self._error(self._stuck())
        self.offset = end
        return kinds[ends.index(end) - 1]  # of two that reach as far, the first

    def _skip_comment(self) -> None:
        """Run over comment text at once, up to what could end it or count as more of a token."""
        stops = "\r\n#$\\" if self.state is State.LINE_COMMENT else "*#$\\"
        while self.offset < len(self.text) and self.text[self.offset] not in stops:
            self.offset += 1

    def _stuck(self) -> int:
        partial = PARTIAL.get(self.state)
        found = partial.match(self.text, self.offset) if partial else None
        return found.end() if found else self.offset

    def _error(self, offset: int) -> TemplateSyntaxError:
        """A lexical error, at the character that stopped the automaton."""
        if offset >= len(self.text) - 1:
            line, column = self.source.end_position()
            encountered = "<EOF>"
        else:
            line, column = self.source.position(offset)
            encountered = f'"{self.text[offset]}" ({ord(self.text[offset])})'
        message = f"Lexical error, Encountered: {encountered}"
        return TemplateSyntaxError(
            message, line, column, "org.apache.velocity.exception.ParseErrorException"
        )

    def _more(self, kind: Kind) -> None:
        if self._in_comment:
            return
        if kind in {Kind.DOLLAR, Kind.DOLLARBANG}:
            if self.state is State.REFERENCE:
                self.pop()
            self._push(State.REFERENCE)
        elif kind is Kind.HASH:
            if self.state in {State.REFERENCE, State.REFMODIFIER}:
                self.pop()
            self._push(State.PRE_DIRECTIVE)
        elif kind is not Kind.MORE:
            self._in_comment = True
            if kind is Kind.FORMAL_START:
                self.offset -= 1
                self._push(State.FORMAL_COMMENT)
            else:
                block = kind is Kind.COMMENT_START
                self._push(State.BLOCK_COMMENT if block else State.TEXTBLOCK)

    def _act(self, token: Token) -> None:
        """What a token does to the state, beside being one."""
        action = _ACTIONS.get(token.kind)
        if action is not None:
            action(self, token)

    def _index(self, _: Token) -> None:
        self._push(State.REFINDEX)

    def _leave(self, _: Token) -> None:
        self.pop()

    def _open(self, _: Token) -> None:
        self._lparen += 1
        if self.state is State.REFMODIFIER:
            self.state = State.REFMOD2

    def _close(self, _: Token) -> None:
        """Drop to the state below the one that has an open bracket."""
        while True:
            if self._lparen > 0:
                if self._lparen == self._rparen + 1:
                    self.pop()
                else:
                    self._rparen += 1
                return
            if not self.pop():
                return

    def _close_call(self, _: Token) -> None:
        self.state = State.REFERENCE

    def _set(self, _: Token) -> None:
        self._push(State.DIRECTIVE)
        self.in_set = True
        self._lparen += 1

    def _line_comment(self, _: Token) -> None:
        if self.state is State.REFERENCE:
            self.pop()
        self._in_comment = True
        self._push(State.LINE_COMMENT)

    def _uncomment(self, _: Token) -> None:
        self._in_comment = False
        self.pop()

    def _string(self, _: Token) -> None:
        if self.state is State.DIRECTIVE and not self.in_set and self._lparen == 0:
            self.pop()

    def _number(self, token: Token) -> None:
        exempt: tuple[State, ...] = (State.REFMOD2,)
        if token.kind is Kind.INTEGER:
            exempt = (State.REFMOD2, State.REFINDEX)
            if token.image.endswith(_DOTS):
                self.offset -= 2
                token.end -= 2
                token.image = token.image[:-2]
        if self._lparen == 0 and not self.in_set and self.state not in exempt:
            self.pop()

    def _directive(self, _: Token) -> None:
        self.state = State.DIRECTIVE

    def _dot(self, token: Token) -> None:
        self.offset -= 1
        token.end -= 1
        token.image = "."
        self.state = State.REFMODIFIER


_ACTIONS = {
    Kind.INDEX_LBRACKET: Lexer._index,
    Kind.INDEX_RBRACKET: Lexer._leave,
    Kind.LPAREN: Lexer._open,
    Kind.RPAREN: Lexer._close,
    Kind.REFMOD2_RPAREN: Lexer._close_call,
    Kind.SET_DIRECTIVE: Lexer._set,
    Kind.LINE_COMMENT_START: Lexer._line_comment,
    Kind.LINE_COMMENT: Lexer._uncomment,
    Kind.FORMAL_COMMENT: Lexer._uncomment,
    Kind.BLOCK_COMMENT: Lexer._uncomment,
    Kind.TEXTBLOCK: Lexer._uncomment,
    Kind.STRING: Lexer._string,
    Kind.INTEGER: Lexer._number,
    Kind.FLOAT: Lexer._number,
    Kind.END: Lexer._leave,
    Kind.ELSE: Lexer._leave,
    Kind.IF: Lexer._directive,
    Kind.ELSEIF: Lexer._directive,
    Kind.DOT: Lexer._dot,
    Kind.RCURLY: Lexer._leave,
}

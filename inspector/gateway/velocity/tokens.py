"""The tokens of Velocity 1.7 and which of them each lexical state knows.

Velocity's grammar is a JavaCC one: eleven lexical states, in each the longest match wins and of
equal ones the token that is listed first. Templates depend on it down to the last blank, so the
states and the order are kept.
"""

from __future__ import annotations

import re
from enum import Enum, IntEnum
from typing import Final

from inspector.gateway.velocity.source import Source


class State(IntEnum):
    """What the lexer is in the middle of."""

    DEFAULT = 0
    DIRECTIVE = 1
    PRE_DIRECTIVE = 2
    REFERENCE = 3
    REFMODIFIER = 4  # after the dot of a reference
    REFMOD2 = 5  # between the brackets of a method call
    REFINDEX = 6
    LINE_COMMENT = 7
    FORMAL_COMMENT = 8
    BLOCK_COMMENT = 9
    TEXTBLOCK = 10


class Kind(Enum):
    """Kinds of tokens. MORE, SKIP and SPECIAL_* never reach the parser."""

    __hash__ = (
        object.__hash__
    )  # that of Enum is Python's own, and sets of kinds are asked all the time

    EOF = "<EOF>"
    INDEX_LBRACKET = "index ["
    INDEX_RBRACKET = "index ]"
    LBRACKET = "["
    RBRACKET = "]"
    COMMA = ","
    DOUBLEDOT = ".."
    COLON = ":"
    LEFT_CURLY = "map {"
    RIGHT_CURLY = "map }"
    LPAREN = "("
    RPAREN = ")"
    REFMOD2_RPAREN = "call )"
    ESCAPE_DIRECTIVE = "escaped directive"
    SET_DIRECTIVE = "#set("
    DOLLAR = "$"
    DOLLARBANG = "$!"
    TEXTBLOCK_START = "#[["
    FORMAL_START = "#**"
    COMMENT_START = "#*"
    HASH = "#"
    LINE_COMMENT_START = "##"
    DOUBLE_ESCAPE = "\\\\"
    ESCAPE = "\\"
    TEXT = "text"
    LINE_COMMENT = "end of a line comment"
    FORMAL_COMMENT = "end of a formal comment"
    BLOCK_COMMENT = "end of a comment"
    TEXTBLOCK = "]]#"
    SKIP = "skipped"
    MORE = "more"
    WHITESPACE = "whitespace"
    STRING = "string"
    TRUE = "true"
    FALSE = "false"
    NEWLINE = "newline"
    MINUS = "-"
    PLUS = "+"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULUS = "%"
    AND = "&&"
    OR = "||"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    EQ = "=="
    NE = "!="
    NOT = "!"
    EQUALS = "="
    END = "#end"
    IF = "#if"
    ELSEIF = "#elseif"
    ELSE = "#else"
    INTEGER = "integer"
    FLOAT = "floating-point number"
    WORD = "word"
    BRACKETED_WORD = "word in braces"
    IDENTIFIER = "identifier"
    DOT = "."
    LCURLY = "{"
    RCURLY = "}"
    REFERENCE_TERMINATOR = "end of a reference"
    DIRECTIVE_TERMINATOR = "no directive"
    EMPTY_INDEX = "$["


MORE_KINDS: Final = frozenset(
    {
        Kind.DOLLAR, Kind.DOLLARBANG, Kind.TEXTBLOCK_START, Kind.FORMAL_START, Kind.COMMENT_START,
        Kind.HASH, Kind.MORE,
    }
)  # fmt: skip
SPECIAL_KINDS: Final = frozenset({Kind.REFERENCE_TERMINATOR, Kind.DIRECTIVE_TERMINATOR})


class Token:
    """One token: its image (which `prepare` may trim, as Velocity does), its place, the next one.

    `special` holds the images of the terminators skipped just before it: a lone `$` prints from there.
    """

    __slots__ = ("end", "image", "kind", "next", "source", "special", "start")

    def __init__(
        self, kind: Kind, image: str, source: Source, start: int, end: int, special: tuple[str, ...]
    ) -> None:
        self.kind = kind
        self.image = image
        self.source = source
        self.start = start
        self.end = end
        self.special = special
        self.next: Token | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Line and column of the first character."""
        if self.kind is Kind.EOF and self.start == self.end:
            return self.source.eof_position()
        return self.source.position(self.start)


_EOL = r"(?:\r\n|\n|\r)"
_NAME = r"[A-Za-z_@][A-Za-z0-9_@]*"
_BRACED = r"\{[A-Za-z_][A-Za-z0-9_@]*\}"
_EXPONENT = r"[eE][+-]?[0-9]+"

_S = State
_ARGUMENTS = (_S.DIRECTIVE, _S.REFMOD2)
_REFERENCES = (_S.REFERENCE, _S.REFMODIFIER)
_VALUES = (*_ARGUMENTS, _S.REFINDEX)
_COMMENTS = (_S.LINE_COMMENT, _S.FORMAL_COMMENT, _S.BLOCK_COMMENT)

_RULES: Final[tuple[tuple[Kind, str, tuple[State, ...]], ...]] = (
    (Kind.INDEX_LBRACKET, r"\[", _REFERENCES),
    (Kind.INDEX_RBRACKET, r"\]", (_S.REFINDEX,)),
    (Kind.LBRACKET, r"\[", _ARGUMENTS),
    (Kind.RBRACKET, r"\]", _ARGUMENTS),
    (Kind.COMMA, r",", _ARGUMENTS),
    (Kind.DOUBLEDOT, r"\.\.", _ARGUMENTS),
    (Kind.COLON, r":", _ARGUMENTS),
    (Kind.LEFT_CURLY, r"\{", _ARGUMENTS),
    (Kind.RIGHT_CURLY, r"\}", _ARGUMENTS),
    (Kind.LPAREN, r"\(", (_S.DIRECTIVE, _S.REFMODIFIER)),
    (Kind.RPAREN, rf"\)(?:[ \t]*{_EOL})?", (_S.DIRECTIVE,)),
    (Kind.REFMOD2_RPAREN, r"\)", (_S.REFMOD2,)),
    (Kind.ESCAPE_DIRECTIVE, rf"(?:\\\\)*\\#(?:{_NAME}|{_BRACED})", (_S.DEFAULT,)),
    (
        Kind.SET_DIRECTIVE,
        r"[ \t]*(?:#set|#\{set\}) *\(",
        (_S.DEFAULT, _S.REFERENCE, _S.REFMODIFIER, _S.REFMOD2),
    ),
    (Kind.DOLLAR, r"\\*\$", tuple(_S)),
    (Kind.DOLLARBANG, r"\\*\$\\*!", tuple(_S)),
    (Kind.TEXTBLOCK_START, r"#\[\[", tuple(_S)),
    (Kind.FORMAL_START, r"#\*\*[^#]", tuple(_S)),
    (Kind.COMMENT_START, r"#\*", tuple(_S)),
    (Kind.HASH, r"#", tuple(_S)),
    (
        Kind.LINE_COMMENT_START,
        r"##",
        (_S.DEFAULT, _S.PRE_DIRECTIVE, _S.DIRECTIVE, _S.REFERENCE),
    ),
    (Kind.DOUBLE_ESCAPE, r"\\\\", (_S.DEFAULT,)),
    (Kind.ESCAPE, r"\\", (_S.DEFAULT,)),
    (Kind.TEXT, r"[^$#\\]+", (_S.DEFAULT,)),
    (Kind.LINE_COMMENT, _EOL, (_S.LINE_COMMENT,)),
    (Kind.FORMAL_COMMENT, r"\*#", (_S.FORMAL_COMMENT,)),
    (Kind.BLOCK_COMMENT, r"\*#", (_S.BLOCK_COMMENT,)),
    (Kind.TEXTBLOCK, r"\]\]#", (_S.TEXTBLOCK,)),
    (Kind.SKIP, r"[\s\S]", _COMMENTS),
    (Kind.MORE, r"[\s\S]", (_S.TEXTBLOCK,)),
    (Kind.WHITESPACE, r"[ \t\n\r]+", _VALUES),
    (Kind.STRING, r"\"[^\"]*(?:\"\"[^\"]*)*\"|'[^']*(?:''[^']*)*'", _VALUES),
    (Kind.TRUE, r"true", (*_REFERENCES, *_VALUES)),
    (Kind.FALSE, r"false", (*_REFERENCES, *_VALUES)),
    (Kind.NEWLINE, _EOL, (_S.DIRECTIVE,)),
    (Kind.MINUS, r"-", (_S.DIRECTIVE,)),
    (Kind.PLUS, r"\+", (_S.DIRECTIVE,)),
    (Kind.MULTIPLY, r"\*", (_S.DIRECTIVE,)),
    (Kind.DIVIDE, r"/", (_S.DIRECTIVE,)),
    (Kind.MODULUS, r"%", (_S.DIRECTIVE,)),
    (Kind.AND, r"&&|and", (_S.DIRECTIVE,)),
    (Kind.OR, r"\|\||or", (_S.DIRECTIVE,)),
    (Kind.LT, r"<|lt", (_S.DIRECTIVE,)),
    (Kind.LE, r"<=|le", (_S.DIRECTIVE,)),
    (Kind.GT, r">|gt", (_S.DIRECTIVE,)),
    (Kind.GE, r">=|ge", (_S.DIRECTIVE,)),
    (Kind.EQ, r"==|eq", (_S.DIRECTIVE,)),
    (Kind.NE, r"!=|ne", (_S.DIRECTIVE,)),
    (Kind.NOT, r"!|not", (_S.DIRECTIVE,)),
    (Kind.EQUALS, r"=", (_S.DIRECTIVE,)),
    (Kind.END, rf"(?:end|\{{end\}})(?:[ \t]*{_EOL})?", (_S.PRE_DIRECTIVE,)),
    (Kind.IF, r"if|\{if\}", (_S.PRE_DIRECTIVE,)),
    (Kind.ELSEIF, r"elseif|\{elseif\}", (_S.PRE_DIRECTIVE,)),
    (Kind.ELSE, rf"(?:else|\{{else\}})(?:[ \t]*{_EOL})?", (_S.PRE_DIRECTIVE,)),
    (Kind.INTEGER, r"-?[0-9]+(?:\.\.)?", (_S.PRE_DIRECTIVE, *_VALUES)),
    (
        Kind.FLOAT,
        rf"-?[0-9]+\.[0-9]*(?:{_EXPONENT})?|-?\.[0-9]+(?:{_EXPONENT})?|-?[0-9]+{_EXPONENT}",
        (_S.PRE_DIRECTIVE, *_VALUES),
    ),
    (Kind.WORD, _NAME, (_S.PRE_DIRECTIVE, _S.DIRECTIVE)),
    (Kind.BRACKETED_WORD, _BRACED, (_S.PRE_DIRECTIVE, _S.DIRECTIVE)),
    (Kind.IDENTIFIER, r"[A-Za-z_][A-Za-z0-9_-]*", (*_REFERENCES, _S.REFMOD2)),
    (Kind.DOT, r"\.[A-Za-z]", (*_REFERENCES, _S.REFMOD2)),
    (Kind.LCURLY, r"\{", _REFERENCES),
    (Kind.RCURLY, r"\}", _REFERENCES),
    (Kind.REFERENCE_TERMINATOR, r"[\s\S]", _REFERENCES),
    (Kind.DIRECTIVE_TERMINATOR, r"[\s\S]", (_S.PRE_DIRECTIVE,)),
    (Kind.EMPTY_INDEX, r"\$\[|\$!\[|\$\\!\[|\$\.", (_S.DEFAULT, _S.REFERENCE)),
)


def _rules_of(state: State) -> tuple[tuple[Kind, ...], re.Pattern[str]]:
    here = [(kind, pattern) for kind, pattern, states in _RULES if state in states]
    # Every rule looks ahead on its own: one match tells how far each of them reaches.
    together = "".join(f"(?:(?=({pattern}))|)" for _, pattern in here)
    return tuple(kind for kind, _ in here), re.compile(together)


RULES: Final = tuple(map(_rules_of, State))
"""For each state its kinds, and a pattern with a group for each of them."""

# How far the automaton reads before it gives up, where nothing matches at all: JavaCC reports the
# place of the character that stopped it.
_PARTIAL = r"\"[^\"]*(?:\"\"[^\"]*)*|'[^']*(?:''[^']*)*|\\+|"
PARTIAL: Final = {
    State.DIRECTIVE: re.compile(_PARTIAL + r"&|\||-?\."),
    State.REFMOD2: re.compile(_PARTIAL + r"-?\.|-"),
    State.REFINDEX: re.compile(_PARTIAL + r"-?\.|-|t(?:ru?)?|f(?:a(?:ls?)?)?"),
}

"""Patterns with `*` and `?`, in time of their product whatever they are: nothing backtracks.

A pattern is run as a set of places, one bit each. `LITERAL` stands for the wildcards that a policy
means as themselves (`${*}`, and what a variable's value brings in).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

#: A wildcard → the private character that stands for it as itself.
LITERAL = {"*": "\ue02a", "?": "\ue03f"}
_PLAIN = {private: plain for plain, private in LITERAL.items()}


def literal(text: str) -> str:
    """The text in a form in which its wildcards are themselves."""
    if "*" in text or "?" in text:
        return "".join(LITERAL.get(character, character) for character in text)
    return text


def plain(text: str) -> str:
    """The same text, its wildcards written as usual again."""
    if any(private in text for private in _PLAIN):
        return "".join(_PLAIN.get(character, character) for character in text)
    return text


@dataclass(frozen=True, slots=True)
class Token:
    """One place: a star, any one character, or `character` itself. `bound`: never a colon."""

    character: str | None = None
    star: bool = False
    bound: bool = False


class Glob:
    """A pattern, made ready."""

    __slots__ = ("_any", "_bound_stars", "_end", "_same", "_stars", "_unbound")

    def __init__(self, tokens: Iterable[Token]) -> None:
        kept: list[Token] = []
        for token in tokens:
            if token.star and kept and kept[-1].star:
                kept[-1] = Token(star=True, bound=token.bound and kept[-1].bound)
            else:
                kept.append(token)
        self._stars = self._bound_stars = self._any = self._unbound = 0
        self._same: dict[str, int] = {}
        for index, token in enumerate(kept):
            bit = 1 << index
            if token.star:
                self._stars |= bit
                self._bound_stars |= bit if token.bound else 0
            elif token.character is None:
                self._any |= bit
                self._unbound |= 0 if token.bound else bit
            else:
                self._same[token.character] = self._same.get(token.character, 0) | bit
        self._end = 1 << len(kept)

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` fits."""
        stars, free = self._stars, self._stars & ~self._bound_stars
        places = 1 | (1 & stars) << 1
        for character in text:
            colon = character == ":"
            one = self._same.get(character, 0) | (self._unbound if colon else self._any)
            places = (places & one) << 1 | places & (free if colon else stars)
            if not places:
                return False
            places |= (places & stars) << 1
        return bool(places & self._end)


def tokens(pattern: str, *, bound: bool = False) -> list[Token]:
    """The places of a pattern; `bound` wildcards stay between colons."""
    found = []
    for character in pattern:
        if character == "*":
            found.append(Token(star=True, bound=bound))
        elif character == "?":
            found.append(Token(bound=bound))
        else:
            found.append(Token(_PLAIN.get(character, character)))
    return found


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Glob:
    """A pattern whose wildcards stand for anything."""
    return Glob(tokens(pattern))

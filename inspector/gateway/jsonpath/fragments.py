"""One piece of a path, such as `[0:2]` or `['name']`, read into a step.

Jayway 2.0.0 looks for the first character that tells what the brackets hold and ignores the rest of
the piece, so `["a1"]` is the index 1; hence the loops over characters instead of a grammar.
"""

from __future__ import annotations

import re
from typing import Final

from inspector.gateway.jsonpath.errors import InvalidPathError
from inspector.gateway.jsonpath.filters import PathCompiler, compile_filter
from inspector.gateway.jsonpath.indexes import ArrayStep, Kind
from inspector.gateway.jsonpath.javastring import char_at, parse_int
from inspector.gateway.jsonpath.steps import FilterStep, PropertyStep, Step, WildcardStep

_OUTSIDE_FILTER: Final = re.compile(r"\[\s*\?\s*[,\s*?]*?\s*\]")


def read_fragment(text: str, compile_path: PathCompiler) -> Step:
    """The step that `text` (brackets included) stands for."""
    if text == "[*]":
        return WildcardStep()
    if _OUTSIDE_FILTER.fullmatch(text):
        return FilterStep(None)
    for at, char in enumerate(text):
        if char == "?":
            return FilterStep(compile_filter(_filter_text(text, at), compile_path))
        if char == "'":
            return _properties(text, at)
        if char == "@":
            return _from_end(text, at)
        if char.isdecimal() or char in ":-":
            return _Numbers(text, at).step()
    raise InvalidPathError(f"Could not analyze path component: {text}")


def _filter_text(text: str, at: int) -> str:
    """The filter round the question mark, up to the bracket that closes it outside quotes."""
    start = at
    while text[start] != "[":
        start -= 1
    round_open = square_open = 0
    quoted = False
    before = " "
    end = start
    while True:
        char = char_at(text, end)
        end += 1
        if char == "'":
            quoted ^= before != "\\"
        elif not quoted:
            round_open += (char == "(") - (char == ")")
            square_open += (char == "[") - (char == "]")
            if char == "]" and round_open == 0:
                break
        before = char
    if square_open:
        raise InvalidPathError("Filter brackets are not balanced")
    return text[start:end]


def _properties(text: str, at: int) -> PropertyStep:
    """The quoted names up to the first closing bracket, even one between quotes."""
    names: list[str] = []
    name: list[str] | None = None
    while (char := char_at(text, at)) != "]":
        if char != "'":
            if name is not None:
                name.append(char)
        elif name is None:
            name = []
        else:
            names.append("".join(name))
            name = None
        at += 1
    return PropertyStep(tuple(names))


def _from_end(text: str, at: int) -> ArrayStep:
    """`[(@.length - 1)]` or `[(@.size() - 1)]`."""
    at += 2
    function = ""
    char_at(text, at - 1)
    while (char := char_at(text, at)) != "-":
        if char not in " ()":
            function += char
        at += 1
    if function not in ("size", "length"):
        raise InvalidPathError(
            f"Invalid function: @.{function}. "
            "Supported functions are: [(@.length - n)] and [(@.size() - n)]"
        )
    number = ""
    while (char := char_at(text, at)) != ")":
        if char != " ":
            number += char
        at += 1
    return ArrayStep(Kind.FROM_END, (parse_int(number),) if number else ())


class _Numbers:
    """Indexes and slices, character by character, with Jayway's skips in odd places."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.digits = ""
        self.numbers: list[int] = []
        self.kinds: set[Kind] = set()
        self.several = False

    def step(self) -> ArrayStep:
        while self._char().isdecimal() or self._char() in ", :-":
            char = self._char()
            if char == ":":
                self._slice()
            elif char == ",":
                self._take()
                self.several = True
            elif char != " ":
                self.digits += char
            if self._char() == "]":
                break
            self.at += 1
        if self.digits:
            self._take()
        return ArrayStep(self._kind(), tuple(self.numbers))

    def _char(self) -> str:
        return char_at(self.text, self.at)

    def _take(self) -> None:
        self.numbers.append(parse_int(self.digits))
        self.digits = ""

    def _slice(self) -> None:
        tail = not self.digits
        if not tail:
            self._take()
        self.at += 1
        while self._char().isdecimal() or self._char() in " -":
            self.digits += self._char().strip(" ")
            self.at += 1
        if tail:
            self.kinds.add(Kind.TO)
            self._take()
        elif self.digits:
            self.kinds.add(Kind.BETWEEN)
            self._take()
        else:
            self.kinds.add(Kind.FROM)

    def _kind(self) -> Kind:
        single = len(self.numbers) == 1 and not self.kinds & {Kind.TO, Kind.FROM}
        if single or self.several:
            return Kind.GIVEN
        for kind in (Kind.FROM, Kind.TO, Kind.BETWEEN):
            if kind in self.kinds:
                return kind
        return Kind.GIVEN

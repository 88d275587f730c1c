"""Sets of characters, as Java's patterns write them: ranges of code points."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Sorted, apart from one another, both ends included."""

LAST: Final = sys.maxunicode


def union(*sets: Iterable[tuple[int, int]]) -> Ranges:
    """What is in any of them."""
    made: list[tuple[int, int]] = []
    for low, high in sorted(each for ranges in sets for each in ranges):
        if made and low <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(high, made[-1][1]))
        else:
            made.append((low, high))
    return tuple(made)


def complement(ranges: Ranges) -> Ranges:
    """All others."""
    made, start = [], 0
    for low, high in ranges:
        if start < low:
            made.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        made.append((start, LAST))
    return tuple(made)


def intersection(a: Ranges, b: Ranges) -> Ranges:
    """What is in both."""
    return complement(union(complement(a), complement(b)))


def chars(text: str) -> Ranges:
    """The characters of a text."""
    return union((ord(char), ord(char)) for char in text)


def both_cases(ranges: Ranges) -> Ranges:
    """With the other case of every ASCII letter: Java's `(?i)` knows no others."""
    other = [
        (ord(char.swapcase()),) * 2
        for char in map(chr, [*range(65, 91), *range(97, 123)])
        if any(low <= ord(char) <= high for low, high in ranges)
    ]
    return union(ranges, other)


def overlap(a: Ranges, b: Ranges) -> bool:
    """Whether they share a character."""
    return any(low <= top and bottom <= high for low, high in a for bottom, top in b)


def set_text(ranges: Ranges) -> str:
    """A Python pattern for one character of them."""
    if not ranges:
        return "(?!)"
    if ranges == ALL:
        return r"[\s\S]"
    return "[" + "".join(_range_text(*each) for each in ranges) + "]"


def _range_text(low: int, high: int) -> str:
    return f"\\U{low:08x}" if low == high else f"\\U{low:08x}-\\U{high:08x}"


ALL: Final[Ranges] = ((0, LAST),)
DIGITS: Final = ((48, 57),)
LETTERS: Final = ((65, 90), (97, 122))
WORD: Final = union(DIGITS, LETTERS, chars("_"))
SPACE: Final = chars(" \t\n\x0b\f\r")
HORIZONTAL: Final = union(chars(" \t\xa0\u1680\u180e\u202f\u205f\u3000"), ((0x2000, 0x200A),))
VERTICAL: Final = chars("\n\x0b\f\r\x85\u2028\u2029")
LINE_ENDS: Final = chars("\n\r\x85\u2028\u2029")
NEWLINE: Final = chars("\n")
GRAPH: Final = ((33, 126),)

_POSIX: Final[dict[str, Ranges]] = {
    "Lower": ((97, 122),),
    "Upper": ((65, 90),),
    "ASCII": ((0, 127),),
    "Alpha": LETTERS,
    "Digit": DIGITS,
    "Alnum": union(DIGITS, LETTERS),
    "Punct": intersection(GRAPH, complement(union(DIGITS, LETTERS))),
    "Graph": GRAPH,
    "Print": ((32, 126),),
    "Blank": chars(" \t"),
    "Cntrl": ((0, 31), (127, 127)),
    "XDigit": union(DIGITS, ((65, 70), (97, 102))),
    "Space": SPACE,
}
_TESTS: Final[dict[str, Callable[[str], bool]]] = {
    "Alphabetic": str.isalpha,
    "Uppercase": str.isupper,
    "Lowercase": str.islower,
    "Digit": lambda char: unicodedata.category(char) == "Nd",
    "Letter": lambda char: unicodedata.category(char)[0] == "L",
    "LetterOrDigit": lambda char: (
        unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nd"
    ),
    "White_Space": str.isspace,
    "Punctuation": lambda char: unicodedata.category(char)[0] == "P",
}
_JAVA: Final = {
    "javaLowerCase": "Lowercase",
    "javaUpperCase": "Uppercase",
    "javaAlphabetic": "Alphabetic",
    "javaLetter": "Letter",
    "javaDigit": "Digit",
    "javaLetterOrDigit": "LetterOrDigit",
}
_CATEGORIES: Final = frozenset(
    {
        "L", "M", "N", "P", "S", "Z", "C", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl",
        "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Cn",
    }
)  # fmt: skip


@lru_cache(maxsize=64)
def property_set(name: str) -> Ranges | None:
    r"""The characters of `\p{name}`; None for a name that is not known here."""
    if name in _POSIX:
        return _POSIX[name]
    plain = _JAVA.get(name) or name.removeprefix("Is")
    if plain in _TESTS and plain != name:
        return _where(_TESTS[plain])
    category = name.removeprefix("Is").removeprefix("general_category=").removeprefix("gc=")
    if category in _CATEGORIES:
        return _where(lambda char: unicodedata.category(char).startswith(category))
    return None


def _where(test: Callable[[str], bool]) -> Ranges:
    made: list[tuple[int, int]] = []
    for holds, group in groupby(range(LAST + 1), lambda code: test(chr(code))):
        if holds:
            codes = list(group)
            made.append((codes[0], codes[-1]))
    return tuple(made)

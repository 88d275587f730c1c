"""The status that a MOCK integration's request template chooses.

Sources: facts 50, 51 (recorded: CDK's `{statusCode: 200}` works), 62 (claimed: what the tolerant
parser lets through). It is Jackson with its leniencies on: what is JSON is read as JSON, all else
member by member. `statusCode` has to be a whole number, any at all.
"""

from __future__ import annotations

import re

import orjson

_STATUS = re.compile(r"-?\d+(?![\d.eE])")
_CLOSING = {"{": "}", "[": "]"}


def status_of(rendered: str) -> int | None:
    """The number at the key `statusCode`, None where the text has none or is not readable."""
    try:
        document = orjson.loads(rendered)
    except ValueError:
        return _leniently(rendered.strip())
    found = document.get("statusCode") if isinstance(document, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _leniently(text: str) -> int | None:
    if not (text.startswith("{") and text.endswith("}")):
        return None
    return _Members(text[1:-1]).status()


class _Members:
    """The members of an object, read leniently: single quotes, bare words, spare commas."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def status(self) -> int | None:
        found: int | None = None
        for name, value in self._pairs():
            if value is None:
                return None
            if name == "statusCode":
                match = _STATUS.fullmatch(value)
                if match is None:
                    return None
                found = int(value)
        return found

    def _pairs(self) -> list[tuple[str, str | None]]:
        pairs: list[tuple[str, str | None]] = []
        while self._at < len(self._text):
            member = self._until(",")
            if member is None:
                pairs.append(("", None))
                break
            if not member.strip():
                continue
            name, _, value = _split_member(member)
            pairs.append((_unquoted(name), value.strip()))
        return pairs

    def _until(self, stop: str) -> str | None:
        """The text up to the next `stop` outside quotes; None where quotes or braces mismatch."""
        start, text = self._at, self._text
        quote, before, word = "", "", False
        while self._at < len(text):
            character = text[self._at]
            if quote:
                if character == "\\":
                    self._at += 1
                elif character == quote:
                    quote = ""
            elif character in "\"'" and (not word or before == ":"):
                # Inside of a bare word a quote is a letter like any other.
                quote = character
            elif character in _CLOSING and before == ":":
                if not self._nested():
                    return None
            elif character == "{" and not before:
                return None
            elif character == stop:
                member = text[start : self._at]
                self._at += 1
                return member
            if not character.isspace():
                before = character
                word = word or character not in ":[{"
            self._at += 1
        return None if quote else text[start:]

    def _nested(self) -> bool:
        """Go to the end of an object or list; False where it has none, or more follows it."""
        text, quote = self._text, ""
        wanted: list[str] = []
        for at in range(self._at, len(text)):
            character = text[at]
            if quote:
                quote = "" if character == quote and text[at - 1] != "\\" else quote
            elif character in "\"'":
                quote = character
            elif character in _CLOSING:
                wanted.append(_CLOSING[character])
            elif character == wanted[-1]:
                wanted.pop()
            if not wanted:
                self._at = at
                end = text.find(",", at)
                return not text[at + 1 : len(text) if end < 0 else end].strip()
        return False


def _split_member(member: str) -> tuple[str, str, str]:
    text = member.strip()
    if text[:1] in ("'", '"'):
        end = text.find(text[0], 1)
        name, rest = text[: end + 1], text[end + 1 :]
        return name, ":", rest.partition(":")[2]
    return text.partition(":")


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1] if name[:1] in ("'", '"') else name

"""The status that a MOCK integration's request template chooses.

Sources: facts 50, 51 (recorded: CDK's `{statusCode: 200}` works), 62 (claimed: what the tolerant
parser lets through). It is Jackson with its leniencies on, read as a stream up to the value of
`statusCode`, which has to be a number.
"""

from __future__ import annotations

import re

_STATUS = re.compile(r"-?\d+(?![\d.eE])")


def status_of(rendered: str) -> int | None:
    """The number at the key `statusCode`, None where the text has none or is not readable."""
    text = rendered.strip()
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
        quote = ""
        while self._at < len(text):
            character = text[self._at]
            if quote:
                if character == "\\":
                    self._at += 1
                elif character == quote:
                    quote = ""
            elif character in "\"'" and _may_open_quote(text[start : self._at]):
                quote = character
            elif character == "{" and not text[start : self._at].strip():
                return None
            elif character == stop:
                member = text[start : self._at]
                self._at += 1
                return member
            self._at += 1
        return None if quote else text[start:]


def _may_open_quote(before: str) -> bool:
    """A quote opens a name or a value; inside of a bare word it is a letter like any other."""
    return not before.strip(" \t\r\n:[{") or before.rstrip().endswith(":")


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

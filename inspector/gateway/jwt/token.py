"""A JWT taken apart, as the Go library behind Amazon's HTTP APIs does it.

Sources: access-control facts, section 6: `token contains an invalid number of segments` is that
library's sentence (recorded), and so is `signing method ES256 is invalid` (three users), so its
other sentences for a token that does not decode are expected too (not recorded). Numbers keep their
text, because events show them so.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, Self

#: Bytes of a token; an HTTP API takes no more than so much of request line and headers together.
LONGEST = 10_240
_NO_BASE64URL = re.compile(r"[^A-Za-z0-9_-]")
_PREFIX = "bearer "


class RawFloat(float):
    """A number that is no integer, with its text as the token has it."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number


@dataclass(frozen=True, slots=True)
class Token:
    """A decoded token. Neither mapping may be changed: tokens seen before are shared."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @property
    def algorithm(self) -> str | None:
        """`alg` of the header, None where it is no text."""
        found = self.header.get("alg")
        return found if isinstance(found, str) else None

    @property
    def key_id(self) -> str | None:
        """`kid` of the header, None where it is no text."""
        found = self.header.get("kid")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Malformed:
    """What is given as a token is none. `code` for the trace, `sentence` as the client gets it."""

    code: str
    sentence: str
    segment: str = ""


def bare(value: str) -> str:
    """The token without the word Bearer before it."""
    return value[len(_PREFIX) :] if value[: len(_PREFIX)].lower() == _PREFIX else value


@lru_cache(maxsize=512)
def decode(text: str) -> Token | Malformed:
    """Header and claims; nothing is verified."""
    if len(text) > LONGEST:
        return Malformed("too-long", "token is too long")
    segments = text.split(".")
    if len(segments) != 3:
        return Malformed("segments", "token contains an invalid number of segments")
    parts = []
    for name, segment in zip(("header", "payload", "signature"), segments, strict=True):
        content = _base64url(segment)
        if isinstance(content, int):
            if name == "header" and text[: len(_PREFIX)].lower() == _PREFIX:
                return Malformed("base64", "tokenstring should not contain 'bearer '", name)
            return Malformed("base64", f"illegal base64 data at input byte {content}", name)
        if name == "signature":
            break
        try:
            parts.append(_json(content))
        except (ValueError, RecursionError) as error:
            said = _fault(content) or f"invalid JSON in the token's {name}"
            return Malformed("json", said, f"{name}: {error}")
    return Token(*parts)


def _base64url(segment: str) -> bytes | int:
    """The content, or the place of the first byte that cannot be."""
    strange = _NO_BASE64URL.search(segment)
    if strange is not None:
        return strange.start()
    if len(segment) % 4 == 1:
        return len(segment)
    return b64decode(segment + "=" * (-len(segment) % 4), altchars=b"-_")


def _json(content: bytes) -> dict[str, Any]:
    text = content.decode("utf-8")
    value = json.loads(text, parse_float=RawFloat, parse_constant=_no_constant)
    if not isinstance(value, dict):
        raise ValueError("an object is expected")  # noqa: TRY004  as all that is no JSON for us
    if "\\ud" in text.lower():
        # Half a surrogate pair is no character: UnicodeEncodeError is a ValueError.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _fault(content: bytes) -> str | None:
    """Go's sentence for what does not even begin as JSON does, None for all else."""
    found = content.lstrip(b" \t\r\n")[:1]
    if not found:
        return "unexpected end of JSON input"
    if found in b'{["-0123456789tfn':
        return None
    shown = (
        "\\'" if found == b"'" else found.decode() if 32 < found[0] < 127 else f"\\x{found[0]:02x}"
    )
    return f"invalid character '{shown}' looking for beginning of value"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")

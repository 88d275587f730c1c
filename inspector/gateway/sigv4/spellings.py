"""Other ways in which clients spell a text before they sign it.

`*` and umlauts are what callers stumble over (pains, item 30): JavaScript's encodeURIComponent
leaves `!'()*`, older libraries encode Latin-1, forms write a blank as a plus.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.gateway.sigv4.query import encoded

_JAVASCRIPT = "!'()*"
_URI = ";,/?:@&=+$#" + _JAVASCRIPT
_ESCAPE = re.compile("%[0-9A-F]{2}")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling of a text: `name` of the mistake (behind `path-` or `query-`), what was done."""

    name: str
    detail: str
    text: str


def spellings(plain: bytes, safe: str) -> Iterator[Spelling]:
    """Spellings of decoded bytes, once; `safe` is what is never encoded (the path's slashes)."""
    yield Spelling("reserved-left", "as encodeURIComponent", encoded(plain, safe + _JAVASCRIPT))
    yield Spelling("reserved-left", "as encodeURI", encoded(plain, safe + _URI))
    yield Spelling("reserved-left", "~ encoded", encoded(plain, safe).replace("~", "%7E"))
    yield Spelling("lower-hex", "", lower_hex(encoded(plain, safe)))
    yield Spelling("plus", "a blank as +", encoded(plain, safe).replace("%20", "+"))
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.isascii():
        return
    for form in ("NFC", "NFD"):
        changed = unicodedata.normalize(form, text)
        yield Spelling("normal-form", form, encoded(changed.encode(), safe))
    for charset in ("latin-1", "cp1252"):
        try:
            yield Spelling("latin-1", charset, encoded(text.encode(charset), safe))
        except UnicodeEncodeError:
            continue


def lower_hex(text: str) -> str:
    """Percent escapes in lower case."""
    return _ESCAPE.sub(lambda found: found[0].lower(), text)


def as_message_text(plain: bytes) -> str:
    """Bytes as the text of a message."""
    return plain.decode("latin-1")
